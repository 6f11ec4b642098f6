package io.egressgateway.node.netlink.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NetworkNamespaceIT {
  private static final Path OF_THREAD = Path.of("/proc/thread-self/ns/net");

  private final NetworkNamespace namespace =
      NetworkNamespace.create("egw-test-ns-" + ProcessHandle.current().pid());

  @AfterEach
  void delete() {
    if (namespace.exists()) {
      namespace.delete();
    }
  }

  @Test
  void runsTasksInsideAndLeavesTheCallerWhereItIs() throws IOException {
    String outside = Files.readSymbolicLink(OF_THREAD).toString();
    String inside = namespace.run(() -> Files.readSymbolicLink(OF_THREAD).toString());
    assertThat(inside).isNotEqualTo(outside);
    assertThat(namespace.run(() -> Files.readSymbolicLink(OF_THREAD).toString())).isEqualTo(inside);
    assertThat(Files.readSymbolicLink(OF_THREAD)).hasToString(outside);
  }

  @Test
  void isWhatIpNetnsSees() throws Exception {
    Process process =
        new ProcessBuilder("ip", "netns", "exec", namespace.name(), "readlink", "/proc/self/ns/net")
            .redirectErrorStream(true)
            .start();
    String seen = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).as(seen).isZero();
    assertThat(seen).isEqualTo(namespace.run(() -> Files.readSymbolicLink(OF_THREAD).toString()));
  }

  @Test
  void anExceptionOfATaskArrives() {
    assertThatThrownBy(
            () ->
                namespace.run(
                    () -> {
                      throw new IOException("no");
                    }))
        .isInstanceOf(NamespaceTaskFailed.class)
        .hasRootCauseInstanceOf(IOException.class);
    assertThatThrownBy(
            () ->
                namespace.run(
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aNameIsTakenOnceAndFreedByDeletion() {
    assertThatThrownBy(() -> NetworkNamespace.create(namespace.name()))
        .isInstanceOf(UncheckedIOException.class);
    namespace.delete();
    assertThat(namespace.exists()).isFalse();
    assertThatThrownBy(namespace::open)
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("ENOENT");
    NetworkNamespace.create(namespace.name());
  }

  @Test
  void aVirtualThreadIsRefused() throws InterruptedException {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () ->
                    assertThatThrownBy(
                            () -> NetlinkSocket.open(NetlinkProtocol.ROUTE, SocketLimits.REQUESTS))
                        .isInstanceOf(IllegalStateException.class));
    thread.join();
  }
}
