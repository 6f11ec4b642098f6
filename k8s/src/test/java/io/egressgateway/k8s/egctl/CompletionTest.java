package io.egressgateway.k8s.egctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** Runs a shell; what it said, which has to be nothing wrong. */
  private static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder(command).redirectErrorStream(true);
    shell.environment().put("ZDOTDIR", folder.toString());
    Process process = shell.start();
    process.getOutputStream().close();
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(answer).isZero();
    return answer;
  }

  /** A shell without a user's settings that runs what follows. */
  private static final List<String> BASH = List.of("bash", "--norc", "-c");

  private static final List<String> ZSH = List.of("zsh", "-f", "-c");

  /** What a shell offers for the last of the words, by what it calls when Tab is pressed. */
  private static List<String> offered(
      List<String> shell, String call, Path folder, List<String> words)
      throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("egctl"), script(shell.getFirst()));
    String line = "egctl " + String.join(" ", words);
    List<String> command = new ArrayList<>(shell);
    command.add(
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=%d; %s"
            .formatted(
                script,
                line.replaceFirst(" $", " ''"),
                words.size(),
                line,
                line.length(),
                call.formatted(words.getLast())));
    return run(folder, command.toArray(String[]::new))
        .lines()
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .toList();
  }

  private static List<String> bash(Path folder, String... words)
      throws IOException, InterruptedException {
    String call = "compopt() { :; }; _complete_egctl; printf '%%s\\n' \"${COMPREPLY[@]}\"; : '%s'";
    return offered(BASH, call, folder, List.of(words));
  }

  /** It leaves out itself what does not begin as the word does. */
  private static List<String> zsh(Path folder, String... words)
      throws IOException, InterruptedException {
    List<String> asked = List.of(words);
    return offered(ZSH, "compgen -F _complete_egctl -- '%s'", folder, asked).stream()
        .filter(each -> each.startsWith(asked.getLast()))
        .toList();
  }

  private static boolean isThere(String shell) {
    return Stream.of("/bin", "/usr/bin", "/usr/local/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
  }

  /** bash is on every machine that builds this; zsh and fish look at theirs where they are. */
  @ParameterizedTest
  @CsvSource({"bash, bash", "zsh, bash", "zsh, zsh", "fish, fish"})
  void theShellTakesTheScript(String script, String shell, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("egctl"), script(script));
    if (shell.equals("bash") || isThere(shell)) {
      assertThat(run(folder, shell, "-n", file.toString())).isEmpty();
    }
  }

  @Test
  void bashOffersCommandsOptionsAndValues(@TempDir Path folder)
      throws IOException, InterruptedException {
    assertThat(bash(folder, "dr")).containsExactly("drain");
    assertThat(bash(folder, "vip", "m")).containsExactly("move");
    assertThat(bash(folder, "get", "--w")).containsExactly("--watch");
    assertThat(bash(folder, "get", "-o", "")).containsExactly("table", "wide", "json", "yaml");
    assertThat(bash(folder, "get", "")).contains("gateways", "policies", "eips", "nodes");
    assertThat(bash(folder, "completion", "f")).containsExactly("fish");
  }

  @Test
  void zshRunsTheScriptOfBash(@TempDir Path folder) throws IOException, InterruptedException {
    assertThat(script("zsh")).isEqualTo(script("bash")).contains("bashcompinit");
    if (isThere("zsh")) {
      assertThat(zsh(folder, "dr")).containsExactly("drain");
      assertThat(zsh(folder, "vip", "m")).containsExactly("move");
      assertThat(zsh(folder, "get", "--w")).containsExactly("--watch");
      assertThat(zsh(folder, "get", "-o", "")).containsExactly("table", "wide", "json", "yaml");
      assertThat(zsh(folder, "completion", "f")).containsExactly("fish");
    }
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
