package io.egressgateway.policy.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.policy.member.LifeLine.Sign;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that listens, ends and comes back. */
class LifeLineTest {
  private final BlockingQueue<Sign> signs = new LinkedBlockingQueue<>();

  private final List<LifeLine> lines = new ArrayList<>();

  @AfterEach
  void stop() {
    lines.forEach(LifeLine::close);
  }

  @Test
  void aListenerThatCloses() throws Exception {
    ServerSocket server = listen(0);
    InetSocketAddress peer = (InetSocketAddress) server.getLocalSocketAddress();
    watch(peer);
    Socket accepted = server.accept();
    expect(Sign.LISTENING);

    accepted.close();
    server.accept().close();
    expect(Sign.LISTENING);

    server.close();
    skipTo(Sign.ENDED);

    try (ServerSocket successor = listen(peer.getPort())) {
      assertThat(successor.accept().isConnected()).isTrue();
      skipTo(Sign.LISTENING);
    }
  }

  @Test
  void whoeverCannotBeAskedHasNotEnded() throws Exception {
    watch(InetSocketAddress.createUnresolved("no-such-host.invalid", 1));

    assertThat(signs.poll(1, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void aClosedLineSaysNothing() throws Exception {
    ServerSocket server = listen(0);
    LifeLine line = watch((InetSocketAddress) server.getLocalSocketAddress());
    Socket accepted = server.accept();
    expect(Sign.LISTENING);

    line.close();
    assertThat(accepted.getInputStream().read()).as("it hung up").isNegative();
    server.close();

    assertThat(signs.poll(1, TimeUnit.SECONDS)).isNull();
  }

  private LifeLine watch(InetSocketAddress peer) {
    LifeLine line = LifeLine.to(peer, signs::add);
    lines.add(line);
    return line;
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return server;
  }

  private void expect(Sign wanted) throws InterruptedException {
    assertThat(signs.poll(10, TimeUnit.SECONDS)).isEqualTo(wanted);
  }

  private void skipTo(Sign wanted) throws InterruptedException {
    Sign sign;
    do {
      sign = signs.poll(10, TimeUnit.SECONDS);
      assertThat(sign).as("a sign within 10 s").isNotNull();
    } while (sign != wanted);
  }
}
