package io.egressgateway.k8s.egctl;

import io.egressgateway.k8s.inspect.HistoryDocument;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what the journal has of an egress IP or a policy. */
@Command(
    name = "history",
    description = {
      "Shows who held an egress IP when, and what proved each time that nobody else did; or what"
          + " became of a policy, and of its egress IPs while it had them.",
      "The journal keeps the order's id of a move by hand; whose order it was is in the audit log of"
          + " the Kubernetes API."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class HistoryCommand implements Callable<Integer> {

  /** Whose history can be shown. */
  enum Subject {
    EIP,
    POLICY;

    /** As it is written, and as a shell offers it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "KIND", description = "eip or policy.")
  private Subject subject = Subject.EIP;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description =
          "The egress IP; or the policy, as namespace/name, or as name for an"
              + " EgressClusterPolicy.")
  private String name = "";

  @Mixin private Output output = new Output();
  @Mixin private Watch watch = new Watch();

  @Mixin private ControllerLine controller = new ControllerLine();

  @Override
  public Integer call() throws EgctlException {
    CommandLine command = EgctlMain.parent(spec).commandLine();
    Format format = output.format();
    HistoryDocument history =
        watch.show(EgctlMain.parent(main), command, format, this::facts).document();
    if (!history.complete() && (format == Format.TABLE || format == Format.WIDE)) {
      Output.complain(command, "there are older facts, which are not shown");
    }
    return CommandLine.ExitCode.OK;
  }

  private Shown.Facts<HistoryDocument> facts(Cluster cluster) throws EgctlException {
    HistoryDocument history = read(cluster);
    return new Shown.Facts<>(table(history), history);
  }

  private HistoryDocument read(Cluster cluster) throws EgctlException {
    NameArgument named = new NameArgument(name, spec);
    return switch (subject) {
      case EIP -> controller.history(cluster, named.address());
      case POLICY -> controller.history(cluster, named.policy());
    };
  }

  /** The wide form has the sessions that proofs are about. */
  static TextTable table(HistoryDocument history) {
    return new TextTable(
        List.of("WHEN", "ABOUT", "EVENT", "EPOCH", "FROM", "TO", "PROOF", "WHY", "SESSION"),
        9,
        8,
        history.entries().stream().map(HistoryCommand::row).toList());
  }

  private static List<String> row(HistoryDocument.Entry entry) {
    Optional<HistoryDocument.Proof> proof = Optional.ofNullable(entry.proof());
    return List.of(
        entry.at(),
        entry.subject(),
        entry.event(),
        text(entry.epoch()),
        text(entry.from()),
        text(entry.to()),
        text(proof.map(HistoryDocument.Proof::text).orElse(null)),
        text(entry.why()),
        text(proof.map(HistoryDocument.Proof::session).orElse(null)));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }
}
