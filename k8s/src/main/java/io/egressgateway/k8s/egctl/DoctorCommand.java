package io.egressgateway.k8s.egctl;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists everything that is not as it should be. */
@Command(
    name = "doctor",
    description = {
      "Lists everything that is not as it should be, and what to do: gateways, policies and nodes"
          + " whose status says so, or that nobody has reported on. Exit code 1 if there is"
          + " anything.",
      "Whether a node's kernel has what it needs is for 'egressgateway agent --check' to say, there."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json or yaml (default: ${DEFAULT-VALUE}).")
  private ExplainCommand.Format format = ExplainCommand.Format.TABLE;

  @Override
  public Integer call() throws EgctlException {
    PrintWriter out = EgctlMain.out(spec);
    List<Complaint> complaints =
        EgctlMain.parent(main)
            .ask(
                cluster ->
                    Complaint.all(
                        cluster.gateways(), Explainer.PolicyView.all(cluster), cluster.tunnels()));
    switch (format) {
      case TABLE -> {
        if (complaints.isEmpty()) {
          out.println("nothing is wrong, as far as statuses say");
        } else {
          Complaint.table(complaints).wideLines().forEach(out::println);
        }
      }
      case JSON -> out.println(Serialization.asJson(complaints));
      case YAML -> out.println(Serialization.asYaml(complaints).strip());
    }
    out.flush();
    return complaints.isEmpty() ? 0 : 1;
  }
}
