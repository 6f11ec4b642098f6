package io.egressgateway.node.netlink;

import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.NetlinkProtocol;
import io.egressgateway.node.netlink.socket.NetlinkSubscription;
import io.egressgateway.node.netlink.socket.NetlinkSubscription.Reception;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.MalformedNetlinkMessage;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Listens to the kernel's notifications, each protocol on a daemon thread of its own, and hands
 * them on decoded. It listens to the namespace of the thread that started it, from when {@link
 * #start} returns.
 */
public final class NetlinkMonitor implements AutoCloseable {
  private final List<Listener> listeners;

  private NetlinkMonitor(List<Listener> listeners) {
    this.listeners = listeners;
  }

  /**
   * Starts listening.
   *
   * @param isOwnPort whether a port id is of one of the caller's own clients; called on the
   *     listening threads
   * @param receiver called on the listening threads, one notice at a time per protocol; while it
   *     runs, news pile up in the kernel's buffer. It must not throw
   */
  public static NetlinkMonitor start(
      Collection<MonitorTopic> topics,
      IntPredicate isOwnPort,
      SocketLimits limits,
      Consumer<KernelNotice> receiver) {
    NoticeDecoder decoder = new NoticeDecoder(isOwnPort);
    NetlinkMonitor monitor = new NetlinkMonitor(new ArrayList<>());
    try {
      for (NetlinkProtocol protocol : NetlinkProtocol.values()) {
        List<Integer> groups =
            topics.stream()
                .filter(topic -> topic.protocol() == protocol)
                .flatMap(topic -> topic.groups().stream())
                .distinct()
                .toList();
        if (!groups.isEmpty()) {
          NetlinkSubscription subscription = NetlinkSubscription.open(protocol, groups, limits);
          Listener listener = new Listener(protocol, subscription, decoder.of(protocol), receiver);
          monitor.listeners.add(listener);
          listener.start();
        }
      }
      return monitor;
    } catch (RuntimeException e) {
      monitor.close();
      throw e;
    }
  }

  /** Stops listening; returns when no more notice can come. Not from within the receiver. */
  @Override
  public void close() {
    listeners.forEach(Listener::stop);
    listeners.forEach(Listener::join);
  }

  private static final class Listener {
    private final NetlinkProtocol protocol;
    private final NetlinkSubscription subscription;
    private final Function<NetlinkMessage, Optional<KernelNotice>> decode;
    private final Consumer<KernelNotice> receiver;
    private final Thread thread;
    private volatile boolean stopped;

    Listener(
        NetlinkProtocol protocol,
        NetlinkSubscription subscription,
        Function<NetlinkMessage, Optional<KernelNotice>> decode,
        Consumer<KernelNotice> receiver) {
      this.protocol = protocol;
      this.subscription = subscription;
      this.decode = decode;
      this.receiver = receiver;
      this.thread =
          Thread.ofPlatform()
              .name("netlink-monitor-" + protocol)
              .daemon(true)
              .unstarted(this::listen);
    }

    void start() {
      thread.start();
    }

    void stop() {
      stopped = true;
    }

    void join() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void listen() {
      try (subscription) {
        while (!stopped) {
          receiveOnce();
        }
      } catch (NetlinkException e) {
        receiver.accept(new KernelNotice.Ended(protocol, String.valueOf(e.getMessage())));
      }
    }

    private void receiveOnce() {
      try {
        switch (subscription.receive()) {
          case Reception.Messages(List<NetlinkMessage> messages) ->
              messages.forEach(message -> decode.apply(message).ifPresent(receiver));
          case Reception.Idle ignored -> {
            // Time to see whether to stop.
          }
          case Reception.Overrun ignored ->
              receiver.accept(new KernelNotice.Resync(protocol, "notifications were dropped"));
        }
      } catch (MalformedNetlinkMessage e) {
        receiver.accept(new KernelNotice.Resync(protocol, String.valueOf(e.getMessage())));
      }
    }
  }
}
