package io.egressgateway.k8s.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionReviewsPropertyTest {
  private static final long SEED = 20_261_129;
  private static final int ROUNDS = 3_000;

  private final AdmissionHandler handler =
      new AdmissionHandler(new Reviews().admission, () -> true, Runnable::run, List.of());

  private AdmissionHandler.Reply answer(byte[] body) {
    return answer(AdmissionHandler.Question.MUTATE, body);
  }

  private AdmissionHandler.Reply answer(AdmissionHandler.Question question, byte[] body) {
    try {
      return handler.answer(question, body).toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        "{}{}",
        "{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}",
        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
        "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":[]}"
      })
  void whatNoApiServerSendsIsABadRequest(String body) {
    AdmissionHandler.Reply reply = answer(body.getBytes(UTF_8));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).isNotBlank();
  }

  @Test
  void deepNestingIsABadRequest() {
    String deep = "[".repeat(100_000);
    assertThat(answer(deep.getBytes(UTF_8)).status()).isEqualTo(400);
  }

  @Test
  void theAnswerRepeatsTheUidAndCarriesAPatchOfBase64() {
    AdmissionRequest request =
        Reviews.create(AdmissionRequest.GATEWAYS, "metadata: {name: mine}\nspec: {}");
    JsonNode response = Reviews.parse(answer(Reviews.bytes(request)).body()).path("response");
    assertThat(response.path("uid").asText()).isEqualTo(request.uid());
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    byte[] patch = java.util.Base64.getDecoder().decode(response.path("patch").asText());
    assertThat(Reviews.parse(new String(patch, UTF_8)).path(0).path("path").asText())
        .isEqualTo("/metadata/finalizers");
  }

  /** A policy may be applied together with its gateway, which is reflected a moment later. */
  @Test
  void aRefusalIsThoughtOverWhileFactsMayBeLate() {
    Reviews reviews = new Reviews();
    AtomicInteger turns = new AtomicInteger();
    Executor hearsOfTheGateway =
        task -> {
          if (turns.incrementAndGet() == 3) {
            reviews.gateway(
                "gw",
                "{ippools: {ipv4: [10.0.0.1]}, nodeSelector: {selector: {matchLabels: {a: b}}}}");
          }
          task.run();
        };
    AdmissionHandler patient =
        new AdmissionHandler(
            reviews.admission,
            () -> true,
            hearsOfTheGateway,
            List.of(Duration.ofMillis(1), Duration.ofMillis(1)));
    byte[] body =
        Reviews.bytes(
            Reviews.create(
                AdmissionRequest.POLICIES,
                "metadata: {name: a, namespace: b}\nspec: {egressGatewayName: gw, appliedTo:"
                    + " {podSelector: {matchLabels: {a: b}}}}"));
    AdmissionHandler.Reply reply =
        patient.answer(AdmissionHandler.Question.VALIDATE, body).toCompletableFuture().join();
    assertThat(Reviews.parse(reply.body()).path("response").path("allowed").asBoolean()).isTrue();
    assertThat(turns).hasValue(3);
  }

  @Test
  void nothingIsJudgedBeforeFactsAreKnown() {
    AdmissionHandler early =
        new AdmissionHandler(new Reviews().admission, () -> false, Runnable::run, List.of());
    assertThat(
            early
                .answer(AdmissionHandler.Question.VALIDATE, new byte[0])
                .toCompletableFuture()
                .join()
                .status())
        .isEqualTo(503);
  }

  /** Whatever comes is answered: with a verdict or a bad request. */
  @Test
  void spoiledReviewsAreAnswered() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<byte[]> good =
        List.of(
            Reviews.bytes(
                Reviews.update(
                    AdmissionRequest.GATEWAYS,
                    "metadata: {name: a}\nspec: {ippools: {ipv4: [10.0.0.1]}}",
                    "metadata: {name: a}\nspec: {ippools: {ipv4: [10.0.0.0/8], ipv6: []},"
                        + " nodeSelector: {selector: {matchLabels: {a: b}}}}")),
            Reviews.bytes(
                Reviews.create(
                    AdmissionRequest.POLICIES,
                    "metadata: {name: a, namespace: b}\nspec: {egressIP: {ipv4: 10.0.0.1},"
                        + " appliedTo: {podSelector: {matchExpressions: [{key: a, operator: In,"
                        + " values: [b]}]}}}")));
    for (int round = 0; round < ROUNDS; round++) {
      byte[] body = good.get(random.nextInt(good.size())).clone();
      int wounds = 1 + random.nextInt(4);
      for (int i = 0; i < wounds; i++) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      AdmissionHandler.Reply reply = answer(body);
      assertThat(reply.status())
          .as("seed %d round %d body %s", SEED, round, new String(body, UTF_8))
          .isIn(200, 400);
    }
  }

  /** Any shape where another is expected. */
  @Test
  void misshapenFieldsAreAnswered() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> shapes = List.of("null", "[]", "{}", "7", "true", "'x'", "[[1]]", "{a: {b: []}}");
    List<String> fields =
        List.of(
            "metadata: {name: a}\nspec: %s",
            "metadata: {name: a, finalizers: %s}\nspec: {}",
            "metadata: {name: a}\nspec: {ippools: %s}",
            "metadata: {name: a}\nspec: {ippools: {ipv4: %s}}",
            "metadata: {name: a}\nspec: {nodeSelector: {selector: {matchLabels: %s}}}",
            "metadata: {name: a}\nspec: {egressIP: %s}",
            "metadata: {name: a}\nspec: {appliedTo: {podSelector: %s}}",
            "metadata: {name: a}\nspec: {destSubnet: %s}\nstatus: %s");
    for (String field : fields) {
      for (String shape : shapes) {
        for (String resource : AdmissionRequest.resources()) {
          String yaml = field.replace("%s", shape);
          AdmissionRequest request =
              random.nextBoolean()
                  ? Reviews.create(resource, yaml)
                  : Reviews.update(resource, yaml + "\n", "metadata: {name: a}\nspec: {z: 1}");
          for (AdmissionHandler.Question question : AdmissionHandler.Question.values()) {
            assertThat(answer(question, Reviews.bytes(request)).status())
                .as("%s %s", resource, yaml)
                .isEqualTo(200);
          }
        }
      }
    }
  }
}
