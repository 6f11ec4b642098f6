package io.egressgateway.k8s.egctl;

import io.egressgateway.k8s.crd.EgressGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what there is. */
@Command(
    name = "get",
    description = "Shows gateways, policies, egress IPs or nodes, and how they are.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Get implements Callable<Integer> {

  /** What can be shown. */
  enum Subject {
    GATEWAYS,
    POLICIES,
    EIPS,
    NODES
  }

  /** How it is shown. */
  enum Format {
    TABLE,
    WIDE,
    JSON,
    YAML
  }

  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "WHAT", description = "gateways, policies, eips or nodes.")
  private Subject subject = Subject.GATEWAYS;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "table, wide, json or yaml (default: ${DEFAULT-VALUE}). json and yaml are objects of the"
              + " API: gateways for gateways and eips, policies for policies, tunnels for nodes.")
  private Format format = Format.TABLE;

  @Override
  public Integer call() throws EgctlException {
    PrintWriter out = EgctlMain.out(spec);
    return EgctlMain.parent(main)
        .in(
            cluster -> {
              switch (format) {
                case TABLE -> table(cluster).lines().forEach(out::println);
                case WIDE -> table(cluster).wideLines().forEach(out::println);
                case JSON -> out.println(Serialization.asJson(list(cluster)));
                case YAML -> out.println(Serialization.asYaml(list(cluster)).strip());
              }
              out.flush();
              return 0;
            });
  }

  private TextTable table(Cluster cluster) {
    return switch (subject) {
      case GATEWAYS -> Listings.gateways(cluster.gateways());
      case POLICIES -> Listings.policies(cluster.policies(), cluster.clusterPolicies());
      case EIPS -> Listings.eips(cluster.gateways());
      case NODES -> Listings.nodes(cluster.tunnels(), cluster.gateways(), cluster.unfitNodes());
    };
  }

  private Map<String, Object> list(Cluster cluster) {
    List<HasMetadata> items = new ArrayList<>();
    switch (subject) {
      case GATEWAYS, EIPS -> {
        List<EgressGateway> gateways = cluster.gateways();
        items.addAll(gateways);
      }
      case POLICIES -> {
        items.addAll(cluster.clusterPolicies());
        items.addAll(cluster.policies());
      }
      case NODES -> items.addAll(cluster.tunnels());
    }
    return Map.of("apiVersion", "v1", "kind", "List", "items", items);
  }
}
