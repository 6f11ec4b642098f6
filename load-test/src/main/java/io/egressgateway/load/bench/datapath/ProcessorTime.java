package io.egressgateway.load.bench.datapath;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time of this process, whose system calls carry its packets through all namespaces, and
 * of the kernel's threads that go on with them when they are too many (proc(5), schedstat). In
 * nanoseconds.
 */
final class ProcessorTime {
  private static final Path PROC = Path.of("/proc");
  private static final String KERNEL_THREAD = "ksoftirqd/";

  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final List<Path> kernelThreads;

  ProcessorTime() throws IOException {
    try (Stream<Path> all = Files.list(PROC)) {
      kernelThreads =
          all.filter(ProcessorTime::isKernelThread).map(path -> path.resolve("schedstat")).toList();
    }
  }

  private static boolean isKernelThread(Path path) {
    try {
      return Files.readString(path.resolve("comm"), US_ASCII).startsWith(KERNEL_THREAD);
    } catch (IOException notAProcessOrGone) {
      return false;
    }
  }

  /** So far. */
  long nanos() throws IOException {
    long sum = process.getProcessCpuTime();
    for (Path thread : kernelThreads) {
      sum += Long.parseLong(Files.readString(thread, US_ASCII).split(" ", 2)[0]);
    }
    return sum;
  }
}
