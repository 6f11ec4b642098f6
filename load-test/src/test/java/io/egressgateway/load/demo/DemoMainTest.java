package io.egressgateway.load.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.lab.LabSettings.ApiChoice;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the demo makes of its options; nothing is built. */
final class DemoMainTest {
  private static final String MISSING = "set KUBEBUILDER_ASSETS to a folder with kube-apiserver";

  private static ApiChoice api(String... arguments) {
    DemoMain main = new DemoMain(() -> Optional.of(MISSING));
    DemoMain.commandLine(main).parseArgs(arguments);
    return main.options().stage().api();
  }

  @Test
  void theEnvironmentDecidesUnlessTheRealApiIsAskedFor() {
    assertThat(api()).isEqualTo(ApiChoice.FROM_ENVIRONMENT);
    assertThat(api("failover", "--controllers", "3")).isEqualTo(ApiChoice.FROM_ENVIRONMENT);
    assertThat(api("--real-api")).isEqualTo(ApiChoice.REAL);
  }

  @Test
  void aRealApiThatIsNotThereIsWrongUsage() {
    StringWriter err = new StringWriter();

    int exitCode =
        DemoMain.commandLine(new DemoMain(() -> Optional.of(MISSING)))
            .setErr(new PrintWriter(err, true))
            .execute("--real-api");

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("egressgateway demo --real-api: " + MISSING)
        .contains("sudo KUBEBUILDER_ASSETS=$(load-test/kube-apiserver/build)");
  }
}
