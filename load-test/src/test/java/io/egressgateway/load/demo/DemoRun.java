package io.egressgateway.load.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.egressgateway.load.api.KubeApi;
import io.egressgateway.load.lab.process.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run of {@code egressgateway demo --json}.
 *
 * @param exitCode of the process
 * @param lines what it printed, one object per line
 */
record DemoRun(int exitCode, List<JsonNode> lines) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Runs it; the folder with the real API is the only thing that the environment decides. */
  static DemoRun of(Optional<Path> kubernetesAssets, String... options)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Distribution.ofThisProcess().launcher().toString());
    line.addAll(List.of("demo", "--json"));
    line.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove(KubeApi.ASSETS_VARIABLE);
    kubernetesAssets.ifPresent(
        folder -> builder.environment().put(KubeApi.ASSETS_VARIABLE, folder.toString()));
    Process process = builder.start();
    List<JsonNode> lines = new ArrayList<>();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    for (String text : output.lines().toList()) {
      System.out.println(text);
      lines.add(MAPPER.readTree(text));
    }
    return new DemoRun(process.waitFor(), lines);
  }

  /** The node that held the egress IP died, another one has it, and never had both. */
  void expectTakeover() {
    assertThat(exitCode).isZero();
    JsonNode result = lines.getLast();
    assertThat(result.path("ok").asBoolean()).isTrue();
    assertThat(result.path("gapMs").isIntegralNumber()).isTrue();
    assertThat(result.path("from").asText()).startsWith("worker-node-");
    assertThat(result.path("to").asText()).startsWith("worker-node-");
    assertThat(result.path("from")).isNotEqualTo(result.path("to"));
    assertThat(result.path("doubleAnswers").asInt(-1)).isZero();
  }

  void expectProof() {
    assertThat(exitCode).isZero();
    List<JsonNode> steps = lines.subList(0, lines.size() - 1);
    assertThat(steps)
        .isNotEmpty()
        .allSatisfy(
            step -> {
              assertThat(step.path("ok").asBoolean()).isTrue();
              assertThat(step.path("step").asText()).isNotBlank();
              assertThat(step.path("ms").isIntegralNumber()).isTrue();
            });
    JsonNode result = lines.getLast();
    assertThat(result.path("ok").asBoolean()).isTrue();
    assertThat(result.path("eip").asText()).startsWith("10.6.168.20");
    assertThat(result.path("remoteIp")).isEqualTo(result.path("eip"));
    assertThat(result.path("unmatchedIp").asText()).startsWith("10.6.168.1");
    assertThat(result.path("holder").asText()).startsWith("worker-node-");
    assertThat(result.path("policyToPacketMs").isIntegralNumber()).isTrue();
  }
}
