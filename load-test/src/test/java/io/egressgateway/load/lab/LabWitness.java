package io.egressgateway.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.load.lab.net.NetNamespace;
import io.egressgateway.load.lab.process.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What a test does with any lab: hear it, and see that nothing is left of it. */
final class LabWitness {
  private static final int LOG_LINES = 60;

  private LabWitness() {}

  /** Where a lab tells what happens by itself: the test's output. */
  static void event(String line) {
    System.out.println(line);
  }

  /** A story told in a lab. */
  interface Story {
    void tell() throws Exception;
  }

  /** Tells a story; if it goes wrong, the processes' logs are printed while they are there. */
  static void explaining(Lab lab, Story story) throws Exception {
    try {
      story.tell();
    } catch (Exception | AssertionError e) {
      explain(lab);
      throw e;
    }
  }

  /** Prints the processes' logs while they are there. */
  static void explain(Lab lab) {
    System.out.println(lab.supervisor().logTails(LOG_LINES));
  }

  static void expectNone(Collection<Long> processes) throws IOException {
    assertThat(names(NetNamespace.DIRECTORY, NetNamespace.PREFIX)).as("namespaces").isEmpty();
    assertThat(names(Path.of("/run"), RunState.DIRECTORY.getFileName().toString()))
        .as("files in /run")
        .isEmpty();
    assertThat(processes.stream().filter(pid -> ProcessHandle.of(pid).isPresent()))
        .as("processes")
        .isEmpty();
  }

  private static List<String> names(Path directory, String prefix) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(prefix)).toList();
    }
  }
}
