package io.egressgateway.load.bench.report;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Locale;

/** What measured values depend on. */
public final class Machine {
  private Machine() {}

  /** One sentence: processors, how busy they were in the last minute, kernel, Java. */
  public static String describe() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "Machine: %d processors, load average %.1f, Linux %s, Java %s.",
        system.getAvailableProcessors(),
        system.getSystemLoadAverage(),
        system.getVersion(),
        Runtime.version().feature());
  }
}
