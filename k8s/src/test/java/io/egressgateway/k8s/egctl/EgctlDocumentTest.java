package io.egressgateway.k8s.egctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help in {@code docs/egctl.md} is egctl's own. {@code UPDATE_GOLDEN=1} writes it anew. */
class EgctlDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "egctl.md");
  private static final String MARK =
      "<!-- Below: egctl's own help, written by EgctlDocumentTest. -->\n";

  @Test
  void theDocumentHasTheHelpOfEveryCommand() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).contains(MARK);
    String expected =
        document.substring(0, document.indexOf(MARK) + MARK.length())
            + help(
                EgctlMain.commandLine(
                    new EgctlMain(() -> "id", Duration.ZERO, Duration.ZERO, () -> false)));
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(DOCUMENT, expected);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  private static String help(CommandLine command) {
    StringBuilder text = new StringBuilder();
    append(command, text);
    return text.toString();
  }

  private static void append(CommandLine command, StringBuilder text) {
    command.setUsageHelpWidth(100);
    text.append("\n### ")
        .append(command.getCommandSpec().qualifiedName())
        .append("\n\n```\n")
        .append(command.getUsageMessage(CommandLine.Help.Ansi.OFF).stripTrailing())
        .append("\n```\n");
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      append(each.getValue(), text);
    }
  }
}
