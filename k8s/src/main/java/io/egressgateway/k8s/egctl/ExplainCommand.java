package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.IpAddress;
import java.util.Locale;
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

/** Says why things are as they are. */
@Command(
    name = "explain",
    description = {
      "Says why a policy has its egress IPs, why an egress IP is on its node and where it would go"
          + " if that died, or which policies take a pod's packets.",
      "About pods it asks the Kubernetes API alone; otherwise a controller, too."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {

  /** What can be explained. */
  enum Subject {
    POLICY,
    EIP,
    POD;

    /** As it is written, and as a shell offers it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "KIND", description = "policy, eip or pod.")
  private Subject subject = Subject.POLICY;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description =
          "The policy, as namespace/name, or as name for an EgressClusterPolicy; the egress IP; or"
              + " the pod, as namespace/name.")
  private String name = "";

  @Option(
      names = "--to",
      paramLabel = "IP",
      description = "Of a pod: which policy takes packets to this destination.")
  private @Nullable IpAddress destination;

  @Mixin private Output output = new Output();
  @Mixin private Watch watch = new Watch();

  @Mixin private ControllerLine controller = new ControllerLine();

  @Override
  public Integer call() throws EgctlException {
    watch.show(
        EgctlMain.parent(main),
        EgctlMain.parent(spec).commandLine(),
        output.format(),
        cluster -> {
          Explanation explanation = explain(new Explainer(cluster, controller));
          return new Shown.Text(explanation.lines(), explanation);
        });
    return CommandLine.ExitCode.OK;
  }

  private Explanation explain(Explainer explainer) throws EgctlException {
    NameArgument named = new NameArgument(name, spec);
    if (destination != null && subject != Subject.POD) {
      throw named.wrong("--to goes with a pod");
    }
    return switch (subject) {
      case POLICY -> explainer.policy(named.policy());
      case EIP -> explainer.eip(named.address());
      case POD -> explainer.pod(named.pod(), destination);
    };
  }
}
