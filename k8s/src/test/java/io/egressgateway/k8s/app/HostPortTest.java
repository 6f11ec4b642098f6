package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:25520, 10.0.0.1, 25520",
    "controller-0.egressgateway:1, controller-0.egressgateway, 1",
    "[fd00::1]:65535, fd00::1, 65535",
  })
  void readsHostAndPort(String text, String host, int port) {
    assertThat(HostPort.parse(text)).contains(new HostPort(host, port));
    assertThat(new HostPort(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "host", "host:", ":1", "host:0", "host:65536", "host:x", "fd00::1:80", "[]:1"})
  void anythingElseIsRefused(String text) {
    assertThat(HostPort.parse(text)).isEmpty();
  }
}
