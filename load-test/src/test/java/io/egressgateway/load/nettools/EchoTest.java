package io.egressgateway.load.nettools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EchoTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private EchoServer serve(String address) throws Exception {
    return EchoServer.start(
        ServerOptions.parse(
            List.of(
                "-addr",
                address,
                "-protocol=all",
                "-tcpPort=0",
                "--udpPort",
                "0",
                "-webPort",
                "0")),
        new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private record Result(int code, String out, String err) {}

  private static Result nettools(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        NettoolsMain.run(
            List.of(args),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Result client(EchoServer server, String address, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "client",
                "-addr=" + address,
                "-protocol=all",
                "-tcpPort=" + server.port(Protocol.TCP),
                "-udpPort=" + server.port(Protocol.UDP),
                "-webPort=" + server.port(Protocol.WEB)));
    Collections.addAll(args, more);
    return nettools(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::, ::1", "::, 127.0.0.1"})
  void everyProtocolTellsTheSource(String listen, String address) throws Exception {
    try (EchoServer server = serve(listen)) {
      Result result = client(server, address, "-batch", "-eip", address);
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out().lines())
          .containsExactly(answer("tcp", address), answer("udp", address), answer("web", address));
    }
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("\"event\":\"request\""))
        .hasSize(3)
        .allMatch(line -> line.contains("\"address\":\"" + address + "\""));
  }

  private static String answer(String protocol, String address) {
    return "{\"protocol\":\"%s\",\"ok\":true,\"remote\":\"%s\"}".formatted(protocol, address);
  }

  @Test
  void theWebAnswerIsTheGuides() throws Exception {
    try (EchoServer server = serve("127.0.0.1");
        HttpClient http = HttpClient.newHttpClient()) {
      URI url = URI.create("http://127.0.0.1:" + server.port(Protocol.WEB) + "/");
      HttpResponse<String> root = get(http, url);
      assertThat(root.body()).isEqualTo("Remote IP: 127.0.0.1\n");
      assertThat(root.headers().firstValue("X-Remote-Port")).hasValueSatisfying(this::isPort);
      assertThat(get(http, url.resolve("/addr")).body()).matches("127\\.0\\.0\\.1:\\d+\n");
      assertThat(get(http, url.resolve("/nothing")).statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(HttpClient http, URI url)
      throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void isPort(String text) {
    assertThat(Integer.parseInt(text)).isPositive();
  }

  @Test
  void aWrongAddressIsAFailure() throws Exception {
    try (EchoServer server = serve("127.0.0.1")) {
      Result result = client(server, "127.0.0.1", "-eip=10.6.168.201,10.6.168.202");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .contains("the server sees 127.0.0.1, expected one of [10.6.168.201, 10.6.168.202]");
    }
  }

  @Test
  void anUnwantedAddressIsAFailure() throws Exception {
    try (EchoServer server = serve("127.0.0.1")) {
      assertThat(client(server, "127.0.0.1", "-contain=false", "-eip=127.0.0.1").code())
          .isEqualTo(1);
      assertThat(client(server, "127.0.0.1", "-contain=false", "-eip=10.0.0.1").code()).isZero();
    }
  }

  @Test
  void noAnswerIsAFailure() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      String port = Integer.toString(silent.getLocalPort());
      Result result = nettools("client", "-tcpPort", port, "-timeout=50ms");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("tcp 127.0.0.1:" + port + ": Read timed out");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-webport 1 | flag provided but not defined: -webport",
        "-webPort | flag needs a value: -webPort",
        "-webPort 65536 | invalid value \"65536\" for flag -webPort",
        "-protocol http | expected tcp, udp, web or all",
        "-timeout soon | expected a duration",
        "-eip 10.0.0 .1 | expected IP addresses",
        "-contain=false | -contain=false needs -eip",
        "-contain=maybe | expected true or false",
        "extra | not a flag: extra",
      })
  void aWrongCommandLineIsExplained(String line, String message) {
    String[] words = ("client " + line.strip()).split(" ", 3);
    Result result = nettools(words);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(message.strip());
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-help", "-h"})
  void helpGoesToTheOutput(String flag) {
    assertThat(nettools("server", flag).out()).contains("-webPort", "default 8082");
    assertThat(nettools("client", flag).code()).isZero();
    assertThat(nettools(flag).out()).contains("nettools server");
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      ServerOptions options = ServerOptions.parse(List.of("-tcpPort=" + port));
      assertThatThrownBy(() -> EchoServer.start(options, System.out))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on tcp 0.0.0.0:" + port);
    }
  }
}
