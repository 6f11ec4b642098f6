package io.egressgateway.node.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IncarnationTest {
  private final Path bootId;
  private final Path state;

  IncarnationTest(@TempDir Path directory) {
    bootId = directory.resolve("boot_id");
    state = directory.resolve("state");
  }

  private Incarnation next(String boot) throws IOException {
    Files.writeString(bootId, boot + "\n");
    return Incarnation.next(bootId, state);
  }

  @Test
  void startsAreCountedWithinABoot() throws IOException {
    assertThat(next("a")).isEqualTo(new Incarnation("a", 1));
    assertThat(next("a")).isEqualTo(new Incarnation("a", 2));
    assertThat(next("b")).isEqualTo(new Incarnation("b", 1));
  }

  @Test
  void aDamagedCounterIsNamedWithTheRemedy() throws IOException {
    assertThat(next("a").number()).isEqualTo(1);
    Files.writeString(state.resolve("incarnation"), "a many");
    assertThatThrownBy(() -> next("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'many'")
        .hasMessageContaining("delete it");
  }
}
