package io.egressgateway.load.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a process as the kernel counts it (proc(5)), in MiB.
 *
 * @param resident VmRSS: all its pages in memory, those that it shares with others included
 * @param proportional Pss: pages shared by n processes count 1/n
 * @param peak VmHWM: the most that was resident
 */
record ProcessMemory(double resident, double proportional, double peak) {
  private static final double KIB_PER_MIB = 1024;

  /** Of a living process of ours. */
  static ProcessMemory of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    List<String> status = Files.readAllLines(process.resolve("status"), UTF_8);
    List<String> rollup = Files.readAllLines(process.resolve("smaps_rollup"), UTF_8);
    return new ProcessMemory(
        mebibytes(status, "VmRSS:"), mebibytes(rollup, "Pss:"), mebibytes(status, "VmHWM:"));
  }

  private static double mebibytes(List<String> lines, String field) throws IOException {
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
        .findFirst()
        .orElseThrow(() -> new IOException("no " + field + " in /proc"));
  }
}
