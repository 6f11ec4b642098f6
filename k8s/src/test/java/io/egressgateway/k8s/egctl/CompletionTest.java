package io.egressgateway.k8s.egctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {

  private static String script(String shell) {
    StringWriter out = new StringWriter();
    int exitCode =
        EgctlMain.commandLine(new EgctlMain(() -> "id", Duration.ZERO, Duration.ZERO, () -> false))
            .setOut(new PrintWriter(out, true))
            .execute("completion", shell);
    assertThat(exitCode).isZero();
    return out.toString();
  }

  /** What bash offers for the last of the words. */
  private static List<String> offered(Path folder, String... words)
      throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("egctl.bash"), script("bash"));
    String line = "egctl " + String.join(" ", words);
    Process bash =
        new ProcessBuilder(
                "bash",
                "--norc",
                "-c",
                "source "
                    + script
                    + "; compopt() { :; }; COMP_WORDS=("
                    + line.replaceFirst(" $", " ''")
                    + "); COMP_CWORD="
                    + words.length
                    + "; COMP_LINE='"
                    + line
                    + "'; COMP_POINT="
                    + line.length()
                    + "; _complete_egctl; printf '%s\\n' \"${COMPREPLY[@]}\"")
            .redirectErrorStream(true)
            .start();
    bash.getOutputStream().close();
    String answer = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(answer).isZero();
    return answer.lines().map(String::strip).filter(each -> !each.isEmpty()).toList();
  }

  @Test
  void bashOffersCommandsOptionsAndValues(@TempDir Path folder)
      throws IOException, InterruptedException {
    assertThat(offered(folder, "dr")).containsExactly("drain");
    assertThat(offered(folder, "vip", "m")).containsExactly("move");
    assertThat(offered(folder, "get", "--w")).containsExactly("--watch");
    assertThat(offered(folder, "get", "-o", "")).containsExactly("table", "wide", "json", "yaml");
    assertThat(offered(folder, "get", "")).contains("gateways", "policies", "eips", "nodes");
    assertThat(offered(folder, "completion", "f")).containsExactly("fish");
  }

  @Test
  void zshRunsTheScriptOfBash() {
    assertThat(script("zsh")).isEqualTo(script("bash")).contains("bashcompinit");
  }

  @Test
  void fishOffersThemByWhereTheLineIs() {
    assertThat(script("fish").lines())
        .contains(
            "complete -c egctl -n '__fish_seen_subcommand_from vip; and not"
                + " __fish_seen_subcommand_from move' -a move -d 'Moves an egress IP to another node"
                + " of its gateway.'",
            "complete -c egctl -n '__fish_seen_subcommand_from get' -a 'gateways policies eips"
                + " nodes'",
            "complete -c egctl -n '__fish_seen_subcommand_from get' -s o -l output -xa 'table wide"
                + " json yaml' -d 'table, wide (with all columns that there are), json or yaml"
                + " (default: table).'");
  }
}
