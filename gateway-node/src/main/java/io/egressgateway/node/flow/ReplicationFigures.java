package io.egressgateway.node.flow;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How the replication of connections is doing, since the agent started. For any thread. */
public final class ReplicationFigures {
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicLong lagNanos = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /** A round is over: what another node knows of, and what it could not be told. */
  void round(ReplicaFeed.Progress progress) {
    told.set(progress.told());
    leftOut.set(progress.leftOut());
    lagNanos.set(progress.lagNanos());
  }

  void sentBytes(int count) {
    bytes.addAndGet(count);
  }

  void kept(long now) {
    kept.set(now);
  }

  void dropped(long count) {
    dropped.addAndGet(count);
  }

  /** Connections of this node's egress IPs that another node was told of. */
  public long told() {
    return told.get();
  }

  /** Connections of this node's egress IPs that are beyond what it may tell another node of. */
  public long leftOut() {
    return leftOut.get();
  }

  /** For how long the connection that has waited longest waits to be told of; 0 if none does. */
  public Duration lag() {
    return Duration.ofNanos(lagNanos.get());
  }

  /** Bytes of connections sent. */
  public long bytes() {
    return bytes.get();
  }

  /** Connections of other nodes' egress IPs that this one could go on with. */
  public long kept() {
    return kept.get();
  }

  /** Connections of other nodes' egress IPs that there was no room for. */
  public long dropped() {
    return dropped.get();
  }
}
