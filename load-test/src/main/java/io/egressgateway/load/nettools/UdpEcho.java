package io.egressgateway.load.nettools;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Answers every datagram with its source address and port. */
final class UdpEcho implements EchoServer.Listener {
  private static final int DATAGRAM_BYTES_MAX = 65_535;
  private static final long PAUSE_NANOS = 10_000_000;

  private final DatagramSocket socket;
  private final ServerLog log;

  private UdpEcho(DatagramSocket socket, ServerLog log) {
    this.socket = socket;
    this.log = log;
  }

  static UdpEcho listen(InetSocketAddress address, ServerLog log) throws IOException {
    UdpEcho echo = new UdpEcho(new DatagramSocket(address), log);
    Thread.ofPlatform().daemon().name("udp-echo").start(echo::answerAll);
    return echo;
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  private void answerAll() {
    DatagramPacket question = new DatagramPacket(new byte[DATAGRAM_BYTES_MAX], DATAGRAM_BYTES_MAX);
    while (!socket.isClosed()) {
      try {
        question.setLength(DATAGRAM_BYTES_MAX);
        socket.receive(question);
        InetSocketAddress remote = (InetSocketAddress) question.getSocketAddress();
        log.request(Protocol.UDP, remote);
        byte[] answer = Answer.withPort(remote).getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(answer, answer.length, remote));
      } catch (IOException closedOrUnreachable) {
        // Closed: the loop ends. Unreachable: this client's loss, the next one is served.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
