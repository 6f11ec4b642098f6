package io.egressgateway.load.bench.api;

import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.load.admission.WebhookStage;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.api.RealKubeApi;
import io.egressgateway.load.bench.report.Bar;
import io.egressgateway.load.bench.report.Bench;
import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Findings;
import io.egressgateway.load.bench.report.Machine;
import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Policies created per second through a real API server, with the webhooks and without, by turns.
 */
public final class AdmissionBench implements Bench {
  /** The name by which it is started. */
  public static final String NAME = "admission";

  private static final Bar RATE_BAR = new Bar.AtLeast(200, Unit.COUNT);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Duration REGISTERED_WITHIN = Duration.ofSeconds(30);
  private static final Duration PROBE_EVERY = Duration.ofMillis(100);
  private static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'true'}}}";

  private final int policies;
  private final int rounds;

  /**
   * @param policies created in each turn, at least 1
   * @param rounds turns of each side, at least 1
   */
  public AdmissionBench(int policies, int rounds) {
    this.policies = policies;
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return KubeApi.missingAssets();
  }

  @Override
  public Findings run(Consumer<String> progress) throws Exception {
    Path directory = Files.createTempDirectory("egressgateway-bench");
    try (KubeApi api = RealKubeApi.start(KubeApi.assets().orElseThrow(), directory, progress);
        WebhookStage stage = WebhookStage.start(api)) {
      return measure(stage, progress);
    } finally {
      Files.deleteIfExists(directory);
    }
  }

  private Findings measure(WebhookStage stage, Consumer<String> progress) throws Exception {
    stage.client().resource(gateway("bench", "10.6.0.1-10.6.255.254")).create();
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    // Code is warm, and connections are there, on both sides.
    turn(stage.client());
    for (int round = 0; round < rounds; round++) {
      without.add(turn(stage.client()));
      stage.register();
      awaitAsked(stage.client());
      with.add(turn(stage.client()));
      stage.unregister();
      progress.accept(
          "%d of %d: %.0f per second without webhooks, %.0f with"
              .formatted(round + 1, rounds, without.getLast(), with.getLast()));
    }
    return findings(Samples.of(without), Samples.of(with));
  }

  private Findings findings(Samples without, Samples with) {
    return new Findings(
        NAME,
        List.of(
            Row.of("policies created per second")
                .with(new Cell("with webhooks", with.median(), Unit.COUNT), RATE_BAR)
                .with(new Cell("without", without.median(), Unit.COUNT))
                .with(new Cell("with / without", with.median() / without.median(), Unit.RATIO))),
        List.of(
            "%d policies by %d clients at once, %d turns of each side, medians."
                .formatted(policies, Clients.NUMBER, rounds),
            "kube-apiserver, etcd, webhooks and clients share this machine.",
            Machine.describe()));
  }

  /** Creates the policies and deletes them; how many were created per second. */
  private double turn(KubernetesClient client) throws Exception {
    long start = System.nanoTime();
    Clients.each(policies, i -> client.resource(policy("p" + i)).create());
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    Clients.each(policies, i -> client.resource(policy("p" + i)).delete());
    return policies / seconds;
  }

  /** The API server takes up a configuration a moment after it was created. */
  private static void awaitAsked(KubernetesClient client) throws InterruptedException {
    long deadline = System.nanoTime() + REGISTERED_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        client.resource(gateway("probe", "nonsense")).dryRun().create();
      } catch (KubernetesClientException refused) {
        return;
      }
      Thread.sleep(PROBE_EVERY);
    }
    throw new IllegalStateException(
        "the API server does not ask the webhooks after " + REGISTERED_WITHIN.toSeconds() + " s");
  }

  private static EgressGateway gateway(String name, String pool) {
    return Serialization.unmarshal(
        "apiVersion: %s\nkind: EgressGateway\nmetadata: {name: %s}\nspec: {ippools: {ipv4: [%s]}, %s}"
            .formatted(ApiGroup.API_VERSION, name, pool, NODES),
        EgressGateway.class);
  }

  private static EgressPolicy policy(String name) {
    return Serialization.unmarshal(
        """
        apiVersion: %s
        kind: EgressPolicy
        metadata: {name: %s, namespace: default}
        spec:
          egressGatewayName: bench
          appliedTo: {podSelector: {matchLabels: {app: %s}}}
        """
            .formatted(ApiGroup.API_VERSION, name, name),
        EgressPolicy.class);
  }
}
