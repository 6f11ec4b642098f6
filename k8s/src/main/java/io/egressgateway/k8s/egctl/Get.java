package io.egressgateway.k8s.egctl;

import io.egressgateway.k8s.crd.EgressClusterPolicy;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what there is. */
@Command(
    name = "get",
    description = {
      "Shows gateways, policies, egress IPs or nodes, and how they are.",
      "As json and yaml these are objects of the API: gateways for gateways and eips, policies for"
          + " policies, tunnels for nodes."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Get implements Callable<Integer> {

  /** What can be shown. */
  enum Subject {
    GATEWAYS,
    POLICIES,
    EIPS,
    NODES;

    /** As it is written, and as a shell offers it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "WHAT", description = "gateways, policies, eips or nodes.")
  private Subject subject = Subject.GATEWAYS;

  @Mixin private Output output = new Output();
  @Mixin private Watch watch = new Watch();

  @Override
  public Integer call() throws EgctlException {
    watch.show(
        EgctlMain.parent(main), EgctlMain.parent(spec).commandLine(), output.format(), this::read);
    return CommandLine.ExitCode.OK;
  }

  private Shown.States read(Cluster cluster) {
    return switch (subject) {
      case GATEWAYS -> {
        List<EgressGateway> gateways = cluster.gateways();
        yield new Shown.States(Listings.gateways(gateways), list(gateways.stream()));
      }
      case POLICIES -> {
        List<EgressPolicy> policies = cluster.policies();
        List<EgressClusterPolicy> wide = cluster.clusterPolicies();
        yield new Shown.States(
            Listings.policies(policies, wide),
            list(Stream.concat(wide.stream(), policies.stream())));
      }
      case EIPS -> {
        List<EgressGateway> gateways = cluster.gateways();
        yield new Shown.States(Listings.eips(gateways), list(gateways.stream()));
      }
      case NODES -> {
        List<EgressTunnel> tunnels = cluster.tunnels();
        yield new Shown.States(
            Listings.nodes(tunnels, cluster.gateways(), cluster.unfitNodes()),
            list(tunnels.stream()));
      }
    };
  }

  private static Map<String, Object> list(Stream<? extends HasMetadata> items) {
    return Map.of("apiVersion", "v1", "kind", "List", "items", items.toList());
  }
}
