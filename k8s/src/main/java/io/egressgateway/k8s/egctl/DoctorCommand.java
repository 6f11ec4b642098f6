package io.egressgateway.k8s.egctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists everything that is not as it should be. */
@Command(
    name = "doctor",
    description = {
      "Lists everything that is not as it should be, and what to do: gateways, policies, nodes and"
          + " the EgressClusterInfo whose status says so, or that nobody has reported on. Exit code"
          + " 1 if there is anything.",
      "Whether a node's kernel has what it needs is for 'egressgateway agent --check' to say,"
          + " there."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Mixin private Output output = new Output();
  @Mixin private Watch watch = new Watch();

  @Override
  public Integer call() throws EgctlException {
    Shown.States found =
        watch.show(
            EgctlMain.parent(main),
            EgctlMain.parent(spec).commandLine(),
            output.format(),
            DoctorCommand::complaints);
    return found.table().rows().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static Shown.States complaints(Cluster cluster) {
    List<Complaint> complaints =
        Complaint.all(
            cluster.gateways(),
            Explainer.PolicyView.all(cluster),
            cluster.tunnels(),
            cluster.clusterInfos());
    return new Shown.States(
        Complaint.table(complaints),
        List.of("nothing is wrong, as far as statuses say"),
        complaints);
  }
}
