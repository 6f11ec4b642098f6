package io.egressgateway.k8s.monitor;

import io.egressgateway.core.monitor.Metrics;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;

/** Counts what the controller asks of the Kubernetes API. */
record ApiRequests(Metrics metrics) implements Interceptor {
  private static final String NO_CONNECTION = "0";

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    metrics.count(ControllerMetrics.API_REQUESTS, method(request), String.valueOf(response.code()));
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    metrics.count(ControllerMetrics.API_REQUESTS, method(request), NO_CONNECTION);
  }

  private static String method(HttpRequest request) {
    String query = request.uri().getQuery();
    return query != null && query.contains("watch=true") ? "WATCH" : request.method();
  }
}
