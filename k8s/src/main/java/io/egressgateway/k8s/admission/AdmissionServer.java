package io.egressgateway.k8s.admission;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.EntityStreamSizeException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The webhooks over HTTPS: {@code POST /validate} and {@code POST /mutate}. */
final class AdmissionServer {

  /** An object and what it was, each as large as etcd takes. */
  static final long BODY_MAX_BYTES = 4L << 20;

  /** The API server sends at once or not at all. */
  private static final long BODY_TIMEOUT_MILLIS = 5_000;

  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int CONTENT_TOO_LARGE = 413;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private final ActorSystem<?> system;
  private final AdmissionHandler handler;

  private AdmissionServer(ActorSystem<?> system, AdmissionHandler handler) {
    this.system = system;
    this.handler = handler;
  }

  /** Listens; the stage fails if it cannot. */
  static CompletionStage<ServerBinding> bind(
      ActorSystem<?> system, Listening listening, AdmissionHandler handler) {
    AdmissionServer server = new AdmissionServer(system, handler);
    return Http.get(system)
        .newServerAt(listening.host(), listening.port())
        .enableHttps(ConnectionContext.httpsServer(() -> engine(listening.tls())))
        .bind(server::handle);
  }

  /**
   * Where and how.
   *
   * @param port 0 for any that is free
   * @param tls asked for each connection, so that a renewed certificate is shown at once
   */
  record Listening(String host, int port, Supplier<Optional<SSLContext>> tls) {}

  private static SSLEngine engine(Supplier<Optional<SSLContext>> tls) {
    SSLEngine engine = tls.get().orElseGet(AdmissionServer::withoutCertificate).createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }

  /** Refuses every handshake: who comes too early is not left waiting. */
  private static SSLContext withoutCertificate() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private CompletionStage<HttpResponse> handle(HttpRequest request) {
    Optional<AdmissionHandler.Question> question = question(request.getUri().path());
    if (question.isEmpty()) {
      return refused(request, NOT_FOUND, "only /validate and /mutate are served");
    }
    if (!request.method().equals(HttpMethods.POST)) {
      return refused(request, METHOD_NOT_ALLOWED, "send an AdmissionReview by POST");
    }
    if (!request
        .entity()
        .getContentType()
        .mediaType()
        .equals(ContentTypes.APPLICATION_JSON.mediaType())) {
      return refused(request, UNSUPPORTED_MEDIA_TYPE, "send application/json");
    }
    return request
        .entity()
        .withSizeLimit(BODY_MAX_BYTES)
        .toStrict(BODY_TIMEOUT_MILLIS, BODY_MAX_BYTES, system)
        .thenCompose(body -> handler.answer(question.get(), body.getData().toArray()))
        .thenApply(AdmissionServer::response)
        .exceptionallyCompose(failure -> unreadable(failure));
  }

  private static Optional<AdmissionHandler.Question> question(String path) {
    return switch (path) {
      case "/validate" -> Optional.of(AdmissionHandler.Question.VALIDATE);
      case "/mutate" -> Optional.of(AdmissionHandler.Question.MUTATE);
      default -> Optional.empty();
    };
  }

  private CompletionStage<HttpResponse> refused(HttpRequest request, int status, String line) {
    request.discardEntityBytes(system);
    return CompletableFuture.completedFuture(response(AdmissionHandler.Reply.text(status, line)));
  }

  private static CompletionStage<HttpResponse> unreadable(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case EntityStreamSizeException tooLarge ->
          CompletableFuture.completedFuture(
              response(
                  AdmissionHandler.Reply.text(
                      CONTENT_TOO_LARGE, "more than " + BODY_MAX_BYTES + " bytes")));
      case java.util.concurrent.TimeoutException late ->
          CompletableFuture.completedFuture(
              response(AdmissionHandler.Reply.text(REQUEST_TIMEOUT, "the body did not come")));
      case null, default -> CompletableFuture.failedFuture(failure);
    };
  }

  private static HttpResponse response(AdmissionHandler.Reply reply) {
    boolean json = reply.status() == AdmissionHandler.Reply.OK;
    return HttpResponse.create()
        .withStatus(reply.status())
        .withEntity(
            json ? ContentTypes.APPLICATION_JSON : ContentTypes.TEXT_PLAIN_UTF8, reply.body());
  }
}
