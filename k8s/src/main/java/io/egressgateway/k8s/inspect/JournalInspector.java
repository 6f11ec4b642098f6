package io.egressgateway.k8s.inspect;

import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipMoveDecided;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.PolicyEvent;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeAddressSlot;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.JournalReader;
import io.egressgateway.policy.entity.EipEntity;
import io.egressgateway.policy.entity.GatewayEntity;
import io.egressgateway.policy.entity.PolicyEntity;
import io.egressgateway.policy.history.EipHistory;
import io.egressgateway.policy.history.HistoryFact;
import io.egressgateway.policy.history.PolicyHistory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes documents of what the journal has. Thread-safe; every method blocks. */
final class JournalInspector {
  /** Of one egress IP or policy; older ones are left out, and the document says so. */
  static final int EVENTS_MAX = 1000;

  /** Of a gateway, where the reasons of moves are; older moves have none. */
  private static final int GATEWAY_EVENTS_MAX = 20_000;

  /** Addresses that one policy had; those beyond show no holders, and the document says so. */
  private static final int ADDRESSES_MAX = 32;

  private final JournalReader journal;

  JournalInspector(JournalReader journal) {
    this.journal = journal;
  }

  /** Facts, and whether these are all. */
  private record Facts(List<HistoryFact> facts, JournalReader.Extent extent) {}

  /** Nothing if there never was such an egress IP. */
  Optional<HistoryDocument> ofEip(IpAddress address) throws DatabaseException {
    Facts read = facts(address);
    return read.facts().isEmpty()
        ? Optional.empty()
        : Optional.of(
            document(
                NodeAddressSlot.describe(address),
                read.facts(),
                read.extent() == JournalReader.Extent.WHOLE));
  }

  /** Nothing if there never was such a policy, or none that was accepted. */
  Optional<HistoryDocument> ofPolicy(PolicyKey policy) throws DatabaseException {
    JournalReader.Page page = journal.newest(id(PolicyEntity.TYPE, policy), EVENTS_MAX);
    List<PolicyEvent> events = of(PolicyEvent.class, page);
    if (events.isEmpty()) {
      return Optional.empty();
    }
    SortedSet<IpAddress> addresses = PolicyHistory.addresses(events);
    boolean complete =
        page.extent() == JournalReader.Extent.WHOLE && addresses.size() <= ADDRESSES_MAX;
    Map<IpAddress, List<HistoryFact>> holders = new TreeMap<>();
    for (IpAddress address : addresses.stream().limit(ADDRESSES_MAX).toList()) {
      Facts read = facts(address);
      holders.put(address, read.facts());
      complete &= read.extent() == JournalReader.Extent.WHOLE;
    }
    return Optional.of(
        document(policy.toString(), PolicyHistory.of(policy, events, holders), complete));
  }

  private Facts facts(IpAddress address) throws DatabaseException {
    JournalReader.Page page = journal.newest(id(EipEntity.TYPE, address), EVENTS_MAX);
    List<EipEvent> ledger = of(EipEvent.class, page);
    SortedSet<GatewayName> names = new TreeSet<>();
    for (EipEvent event : ledger) {
      if (event instanceof EipAssigned assigned) {
        names.add(assigned.gateway());
      } else if (event instanceof EipMoveDecided decided) {
        names.add(decided.gateway());
      }
    }
    Map<GatewayName, List<GatewayEvent>> gateways = new TreeMap<>();
    for (GatewayName name : names) {
      gateways.put(
          name,
          of(GatewayEvent.class, journal.newest(id(GatewayEntity.TYPE, name), GATEWAY_EVENTS_MAX)));
    }
    return new Facts(EipHistory.of(address, ledger, gateways), page.extent());
  }

  private static String id(EntityTypeKey<?> type, Object entity) {
    return PersistenceId.of(type.name(), entity.toString()).id();
  }

  private static <E> List<E> of(Class<E> family, JournalReader.Page page) {
    return page.events().stream().map(family::cast).toList();
  }

  private static HistoryDocument document(
      String subject, List<HistoryFact> facts, boolean complete) {
    return new HistoryDocument(
        subject, complete, facts.stream().map(HistoryDocument.Entry::of).toList());
  }
}
