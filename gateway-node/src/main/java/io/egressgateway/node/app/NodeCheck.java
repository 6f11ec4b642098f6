package io.egressgateway.node.app;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.doctor.Doctor;
import io.egressgateway.node.doctor.Finding;
import io.egressgateway.node.doctor.Finding.Standing;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code --check}: one line for each thing that was looked at. */
final class NodeCheck {
  /** What the tunnel is unless the chart says otherwise. */
  private static final String DEVICE = "egress.vxlan";

  private static final Tunnel.Header TUNNEL =
      new Tunnel.Header(100, 7789, Tunnel.Extension.GROUP_POLICY);

  private NodeCheck() {}

  /** The exit code: 0 if the agent can work. */
  static int run(KernelNumbers numbers, Path settings, PrintStream out) {
    List<Finding> findings = new Doctor(DEVICE, TUNNEL, numbers, settings).examine();
    out.println("kernel " + System.getProperty("os.version") + ", the least is 5.10");
    for (Finding finding : findings) {
      out.printf(
          "%-8s %s%s%n",
          finding.standing().name().toLowerCase(Locale.ROOT),
          finding.feature(),
          finding.remark().isEmpty() ? "" : ": " + finding.remark());
    }
    return findings.stream().anyMatch(finding -> finding.standing() == Standing.MISSING) ? 1 : 0;
  }
}
