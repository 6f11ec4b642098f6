package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.FenceOrder;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Takes an operator's word that a machine is off. */
@Command(
    name = "fence",
    description = {
      "Vouches that a node's machine is off, and gives its egress IPs to other nodes at once.",
      "A node that dies needs no such word while two of three witnesses run. If the machine is not"
          + " off, two nodes answer for the same egress IPs."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class FenceCommand implements Callable<Integer> {
  @ParentCommand private @Nullable EgctlMain main;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "NODE", description = "Name of the node.")
  private @Nullable NodeName node;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "What was done to be sure; it is journalled with every move.")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "WHO",
      description = "Who vouches; journalled, too (default: the user of this process).")
  private String by = System.getProperty("user.name", "unknown");

  @Option(
      names = "--machine-is-off",
      required = true,
      description = "Confirms that the machine has no power, or no network, and will not get it.")
  private boolean confirmed;

  @Override
  public Integer call() throws EgctlException {
    EgctlMain parent = EgctlMain.parent(main);
    requireSaid("--reason", reason);
    requireSaid("--by", by);
    if (!confirmed) {
      throw new EgctlException(
          "nothing was done: --machine-is-off=false says that the machine may be on");
    }
    Orders orders = new Orders(parent.ids(), EgctlMain.out(spec));
    String name = EgctlMain.parent(node).value();
    return parent.in(cluster -> orders.fence(cluster, name, by, reason));
  }

  private void requireSaid(String option, String text) {
    if (!FenceOrder.isSaid(text)) {
      throw new ParameterException(
          EgctlMain.parent(spec).commandLine(),
          option + " is for the audit: write 1 to " + FenceOrder.SAID_MAX + " characters");
    }
  }
}
