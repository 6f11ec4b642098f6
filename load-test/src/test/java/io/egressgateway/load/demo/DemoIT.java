package io.egressgateway.load.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.api.KubeApi;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code egressgateway demo}, from the launcher to the exit code. */
final class DemoIT {
  @Test
  void thePacketsProveTheGuideOnTheEmbeddedApi() throws Exception {
    DemoRun.of(Optional.empty()).expectProof();
  }

  @Test
  void thePacketsProveTheGuideOnARealApiServer() throws Exception {
    assertThat(KubeApi.assets())
        .as("KUBEBUILDER_ASSETS must name a folder with kube-apiserver and etcd")
        .isPresent();
    DemoRun.of(KubeApi.assets(), "--real-api").expectProof();
  }

  @Test
  void theHolderDiesAndAnotherNodeTakesOver() throws Exception {
    DemoRun.of(Optional.empty(), "failover").expectTakeover();
  }

  @Test
  void wrongUsageIsRefusedBeforeAnythingIsBuilt() throws Exception {
    for (List<String> options : List.of(List.of("--controllers", "0"), List.of("--real-api"))) {
      DemoRun run = DemoRun.of(Optional.empty(), options.toArray(String[]::new));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.lines()).isEmpty();
    }
  }
}
