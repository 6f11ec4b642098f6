package io.egressgateway.k8s.admission;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Answers questions of the API server. Thread-safe.
 *
 * <p>Facts are reflected and a moment late: a policy that is applied together with its gateway must
 * not be refused because the gateway has not been heard of yet. So a refusal that rests on other
 * objects is given only after it has been the same for a while.
 */
final class AdmissionHandler {

  /** Waits before a refusal that rests on other objects; together far below the API's timeout. */
  static final List<Duration> SECOND_THOUGHTS =
      List.of(Duration.ofMillis(50), Duration.ofMillis(150), Duration.ofMillis(300));

  private final Admission admission;
  private final BooleanSupplier ready;
  private final Executor executor;
  private final List<Duration> secondThoughts;

  /**
   * @param ready whether facts are known at all
   * @param executor judges; never blocked
   * @param secondThoughts waits before a refusal that rests on other objects
   */
  AdmissionHandler(
      Admission admission,
      BooleanSupplier ready,
      Executor executor,
      List<Duration> secondThoughts) {
    this.admission = admission;
    this.ready = ready;
    this.executor = executor;
    this.secondThoughts = List.copyOf(secondThoughts);
  }

  /** What is asked, by the path of the request. */
  enum Question {
    VALIDATE,
    MUTATE
  }

  /**
   * What to send back.
   *
   * @param status of HTTP
   * @param body JSON where the status is 200, else a line of text
   */
  record Reply(int status, String body) {
    static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    static Reply text(int status, String line) {
      return new Reply(status, line + "\n");
    }
  }

  /** Reads and answers; completes exceptionally only for a bug. */
  CompletionStage<Reply> answer(Question question, byte[] body) {
    if (!ready.getAsBoolean()) {
      return CompletableFuture.completedFuture(
          Reply.text(
              Reply.UNAVAILABLE, "gateways and namespaces are not listed yet; try again soon"));
    }
    return CompletableFuture.supplyAsync(() -> AdmissionReviews.read(body), executor)
        .thenCompose(
            reading ->
                switch (reading) {
                  case AdmissionReviews.Malformed(String reason) ->
                      CompletableFuture.completedFuture(Reply.text(Reply.BAD_REQUEST, reason));
                  case AdmissionReviews.Question(AdmissionRequest request) ->
                      answer(question, request);
                });
  }

  private CompletionStage<Reply> answer(Question question, AdmissionRequest request) {
    return switch (question) {
      case MUTATE ->
          CompletableFuture.completedFuture(
              new Reply(
                  Reply.OK, AdmissionReviews.answer(request.uid(), admission.complete(request))));
      case VALIDATE ->
          validate(request, 0)
              .thenApply(
                  verdict -> new Reply(Reply.OK, AdmissionReviews.answer(request.uid(), verdict)));
    };
  }

  private CompletionStage<Verdict> validate(AdmissionRequest request, int thought) {
    Verdict verdict = admission.validate(request);
    boolean perhapsLate =
        verdict instanceof Verdict.Denied denied && denied.basis() == Verdict.Basis.CLUSTER;
    if (!perhapsLate || thought == secondThoughts.size()) {
      return CompletableFuture.completedFuture(verdict);
    }
    return CompletableFuture.supplyAsync(
            () -> validate(request, thought + 1),
            CompletableFuture.delayedExecutor(
                secondThoughts.get(thought).toMillis(), TimeUnit.MILLISECONDS, executor))
        .thenCompose(later -> later);
  }
}
