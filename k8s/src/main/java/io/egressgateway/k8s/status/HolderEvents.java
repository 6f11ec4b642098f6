package io.egressgateway.k8s.status;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.policy.entity.EngineWatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes events about who holds which egress IP, from the controller where that is
 * decided, and passes on what it is told. It gathers for a moment and writes one event for all that
 * moved in the same way. What cannot be written, or comes too fast, is lost: the journal has it.
 * Thread-safe; nothing waits for it.
 */
public final class HolderEvents implements EngineWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HolderEvents.class);

  /** How long is gathered: the egress IPs of a dead node move within less. */
  static final Duration GATHER = Duration.ofSeconds(1);

  /** News that wait; as many as one gateway has egress IPs in practice. */
  static final int WAITING_MAX = 10_000;

  private final EngineWatch next;
  private final KubernetesClient client;
  private final EventRecorder recorder;
  private final Later later;
  private List<HolderNews> waiting = new ArrayList<>();
  private int lost;

  /** Runs something that may block after a time, on another thread. */
  @FunctionalInterface
  public interface Later {
    void run(Duration delay, Runnable task);
  }

  /**
   * @param next is told everything, too
   * @param client is not closed
   * @param clock dates the events
   */
  public HolderEvents(EngineWatch next, KubernetesClient client, Clock clock, Later later) {
    this.next = next;
    this.client = client;
    this.recorder = new EventRecorder(client, clock);
    this.later = later;
  }

  @Override
  public void journalled(Duration took) {
    next.journalled(took);
  }

  @Override
  public void takenOver(Duration took) {
    next.takenOver(took);
  }

  @Override
  public void denied(NodeName node) {
    next.denied(node);
  }

  @Override
  public void assigned(IpAddress eip, EipAssigned assigned) {
    next.assigned(eip, assigned);
    add(HolderNews.of(eip, assigned));
  }

  @Override
  public void released(IpAddress eip, GatewayName gateway, EipReleased released) {
    next.released(eip, gateway, released);
    add(HolderNews.of(eip, gateway, released));
  }

  private synchronized void add(HolderNews news) {
    if (waiting.size() >= WAITING_MAX) {
      lost++;
      return;
    }
    waiting.add(news);
    if (waiting.size() == 1) {
      later.run(GATHER, this::write);
    }
  }

  private synchronized List<HolderNews> take() {
    List<HolderNews> taken = waiting;
    waiting = new ArrayList<>();
    if (lost > 0) {
      LOG.warn("events lost because too many came at once count={}", lost);
      lost = 0;
    }
    return taken;
  }

  private void write() {
    Map<GatewayName, List<HolderNews>> byGateway =
        take().stream()
            .collect(Collectors.groupingBy(HolderNews::gateway, TreeMap::new, Collectors.toList()));
    byGateway.forEach(this::write);
  }

  private void write(GatewayName name, List<HolderNews> news) {
    try {
      EgressGateway gateway = client.resources(EgressGateway.class).withName(name.toString()).get();
      if (gateway != null) {
        recorder.record(gateway, HolderNews.notices(news));
      }
    } catch (KubernetesClientException away) {
      LOG.warn("events lost gateway={} cause=\"{}\"", name, away.getMessage());
    }
  }
}
