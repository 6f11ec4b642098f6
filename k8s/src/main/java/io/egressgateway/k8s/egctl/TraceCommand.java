package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.egctl.NameArgument.PodName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Follows a pod's packets. */
@Command(
    name = "trace",
    description = {
      "Says what becomes of a pod's new connections to a destination: which policy takes them, with"
          + " which egress IP they leave, and from which node, since when.",
      "The agents of the pod's node and of the gateway node read what their kernels have of it. Exit"
          + " code 1 if that is not as planned, or if one of them does not answer."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TraceCommand implements Callable<Integer> {

  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "The pod, as namespace/name, or as name in the kubeconfig's namespace.")
  private String pod = "";

  @Parameters(index = "1", paramLabel = "DESTINATION", description = "An IP address.")
  private @Nullable IpAddress destination;

  @Mixin private Output output = new Output();

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  @Mixin private ControllerLine controller = new ControllerLine();

  @Override
  public Integer call() throws EgctlException {
    CommandLine command = EgctlMain.parent(spec).commandLine();
    Trace trace =
        EgctlMain.parent(main)
            .ask(
                cluster ->
                    new Tracing(cluster, controller)
                        .trace(name(cluster), EgctlMain.parent(destination)));
    Format format = json ? Format.JSON : output.format();
    Output.print(command, format.lines(new Shown.Text(trace.lines(), trace)));
    List<String> complaints = trace.complaints();
    complaints.forEach(complaint -> Output.complain(command, complaint));
    return complaints.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private PodName name(Cluster cluster) {
    return new NameArgument(
            pod.contains("/")
                ? pod
                : Optional.ofNullable(cluster.client().getNamespace()).orElse("default")
                    + "/"
                    + pod,
            spec)
        .pod();
  }
}
