package io.egressgateway.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitorServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<List<String>> faults = new AtomicReference<>(List.of());
  private final AtomicReference<List<String>> obstacles = new AtomicReference<>(List.of());
  private final Health health = new Health(faults::get, obstacles::get);
  private MonitorServer server;

  @BeforeEach
  void start() throws IOException {
    server = MonitorServer.start(ANY_PORT, new Metrics(List.of(SampleMetrics.STARTS)), health);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void metricsAreServedAsText() throws Exception {
    HttpResponse<String> answer = ask("GET", "/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("version=0.0.4");
    assertThat(answer.body()).contains("egressgateway_starts_total 0.0");
  }

  @Test
  void healthSaysWhatIsWrong() throws Exception {
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);
    obstacles.set(List.of("kernel: plan 3 is refused", "lease: none"));
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> answer = ask("GET", "/readyz");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("kernel: plan 3 is refused\nlease: none\n");
    faults.set(List.of("dead"));
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(503);
  }

  @Test
  void aLogLevelIsChangedWhileTheProcessRuns() throws Exception {
    HttpResponse<String> answer =
        ask("PUT", "/loglevel?logger=io.egressgateway.sample&level=trace");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/loglevel").body()).contains("io.egressgateway.sample trace");
  }

  @Test
  void aLevelThatIsNoneIsRefused() throws Exception {
    HttpResponse<String> answer = ask("PUT", "/loglevel?level=loud");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("'loud'").contains("debug");
    assertThat(ask("DELETE", "/loglevel").statusCode()).isEqualTo(405);
  }

  @Test
  void otherPathsAreNotServed() throws Exception {
    assertThat(ask("GET", "/metrics/more").statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/").body()).contains("/readyz");
    assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(ask("HEAD", "/metrics").statusCode()).isEqualTo(200);
  }

  @Test
  void aMetricWithoutASourceIsFoundAtOnce() {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> MonitorServer.start(ANY_PORT, new Metrics(List.of(SampleMetrics.HELD)), health))
        .withMessageContaining("egressgateway_held");
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
