package io.egressgateway.node.flow;

import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.model.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the connections of egress IPs whose holder has crashed: keeps what it told of them,
 * and makes them known to the kernel when this node is granted the egress IP, before its gate is
 * open. For one thread, but for {@link #mayHave}.
 */
final class Standby {
  private static final Logger LOG = LoggerFactory.getLogger(Standby.class);

  /** Of all egress IPs together. */
  static final int FLOWS_MAX = 100_000;

  private final ReplicaStore store = new ReplicaStore(FLOWS_MAX);
  private final Set<IpAddress> kept = ConcurrentHashMap.newKeySet();
  private final ReplicationFigures figures;
  private final LongSupplier nanos;

  Standby(ReplicationFigures figures, LongSupplier nanos) {
    this.figures = figures;
    this.nanos = nanos;
  }

  /** Whether connections of the egress IP are kept, or are just being made known. Any thread. */
  boolean mayHave(IpAddress address) {
    return kept.contains(address);
  }

  /** Takes up what a holder tells. */
  void take(FlowReplica part) throws MalformedLinkMessage {
    FlowChanges changes = FlowCodec.decodeChanges(part.flows());
    kept.add(part.eip().address());
    figures.dropped(store.take(part, changes, nanos.getAsLong()));
    settle();
  }

  /** Whoever holds the egress IP does not crash, or its connections came another way. */
  void forget(IpAddress address) {
    if (kept.contains(address)) {
      var unused = store.remove(address, nanos.getAsLong());
      settle();
    }
  }

  /** Makes the connections of these egress IPs known to the kernel of this node. */
  void install(Collection<IpAddress> addresses, FlowTable table, FlowTranslation here) {
    List<ReplicaStore.Taken> taken = new ArrayList<>();
    for (IpAddress address : addresses) {
      store.remove(address, nanos.getAsLong()).ifPresent(taken::add);
    }
    try {
      table.forget(taken.stream().map(ReplicaStore.Taken::eip).toList(), here);
      taken.forEach(each -> install(each, table, here));
    } finally {
      settle();
    }
  }

  private static void install(ReplicaStore.Taken taken, FlowTable table, FlowTranslation here) {
    List<HandedFlow> ofOthers =
        taken.flows().stream().filter(flow -> !here.isOfOwnPod(flow)).toList();
    List<HandedFlow> ofOwnPods = taken.flows().stream().filter(here::isOfOwnPod).toList();
    int refused =
        table.install(ofOthers.stream().map(flow -> here.translated(flow, taken.eip())).toList());
    refused +=
        table.replace(ofOwnPods.stream().map(flow -> here.translated(flow, taken.eip())).toList());
    LOG.info(
        "connections of a crashed holder taken over eip={} flows={} refused={}",
        taken.eip().address(),
        taken.flows().size(),
        refused);
  }

  private void settle() {
    kept.removeIf(address -> !store.has(address));
    figures.kept(store.size());
  }
}
