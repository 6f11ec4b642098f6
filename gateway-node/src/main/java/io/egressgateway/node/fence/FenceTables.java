package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.wire.nft.ElementLifetime;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.nft.TableFlag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Writes down transactions for the fence's tables. Pure. */
record FenceTables(FenceAbilities abilities) {

  /** The tables that there are to be in a state. */
  List<FenceTable> of(FenceState state) {
    return !state.devices().isEmpty()
        ? List.of(FenceTable.INET, FenceTable.ARP, FenceTable.EGRESS)
        : List.of(FenceTable.INET, FenceTable.ARP);
  }

  FenceRules rules(FenceTable table, FenceState state) {
    return switch (table) {
      case INET -> FenceRules.inet(state);
      case ARP -> FenceRules.arp();
      case EGRESS -> FenceRules.egress(state.devices());
    };
  }

  /**
   * Everything anew, whatever is there; no packet passes a gate meanwhile.
   *
   * @param existing the kernel's tables; those of ours go
   */
  NftBatch build(Collection<TableEntry> existing, FenceState state) {
    NftBatch batch = remove(existing);
    for (FenceTable table : of(state)) {
      batch.addTable(table.table(abilities));
      table.sets().forEach(batch::addSet);
      for (IpFamily family : table.families()) {
        add(batch, table.gated(family), FenceTable.elements(family, state.gated()));
        add(batch, table.open(family), FenceTable.elements(family, state.open()));
        add(batch, table.held(family), FenceTable.elements(family, state.held()));
      }
      if (table.isPlacing()) {
        add(batch, table.placed(), table.placedElements(state.placed()));
      }
      FenceRules rules = rules(table, state);
      rules.chains().forEach(batch::addChain);
      rules.rules().forEach(batch::appendRule);
    }
    return batch;
  }

  /** Takes our tables away. */
  NftBatch remove(Collection<TableEntry> existing) {
    NftBatch batch = new NftBatch();
    for (FenceTable table : FenceTable.values()) {
      existing.stream()
          .map(TableEntry::table)
          .filter(found -> found.id().equals(table.id()))
          .forEach(found -> remove(batch, found));
    }
    return batch;
  }

  /** A table that its owner left behind must be adopted before it can be deleted. */
  private void remove(NftBatch batch, NftTable found) {
    if (found.flags().contains(TableFlag.PERSIST)) {
      batch.addTable(FenceTable.adoption(found.id()));
    }
    batch.deleteTable(found.id());
  }

  /** Lets the next {@link #renew} pass for that long. */
  NftBatch ticket(Duration valid) {
    return new NftBatch()
        .flushSet(FenceTable.ticket())
        .addElements(
            FenceTable.ticket(),
            List.of(FenceTable.ticketElement().withLifetime(ElementLifetime.of(valid))));
  }

  /** {@link #change}, refused with ENOENT unless the ticket is there still. */
  NftBatch renew(FenceState before, FenceState after, Duration lease) {
    return change(
        new NftBatch().deleteElements(FenceTable.ticket(), List.of(FenceTable.ticketElement())),
        before,
        after,
        lease);
  }

  /** What closes all gates that need a lease: it may come late. */
  NftBatch close(FenceState before, FenceState after) {
    return change(new NftBatch(), before, after, Duration.ZERO);
  }

  /** From one state to the next with a new lease: what closes, then the lease, then what opens. */
  private NftBatch change(NftBatch batch, FenceState before, FenceState after, Duration lease) {
    List<FenceTable> tables = of(after);
    for (FenceTable table : tables) {
      for (IpFamily family : table.families()) {
        remove(batch, table.open(family), family, without(before.open(), after.open()));
        remove(batch, table.held(family), family, without(before.held(), after.held()));
      }
    }
    for (FenceTable table : tables) {
      batch.flushSet(table.lease());
      addLease(batch, table, lease);
    }
    for (FenceTable table : tables) {
      for (IpFamily family : table.families()) {
        add(
            batch,
            table.gated(family),
            FenceTable.elements(family, without(after.gated(), before.gated())));
        add(
            batch,
            table.open(family),
            FenceTable.elements(family, without(after.open(), before.open())));
        add(
            batch,
            table.held(family),
            FenceTable.elements(family, without(after.held(), before.held())));
      }
    }
    return batch;
  }

  /** More gates, and where they are; nothing opens. */
  NftBatch gate(FenceState before, FenceState after) {
    NftBatch batch = new NftBatch();
    for (FenceTable table : of(after)) {
      for (IpFamily family : table.families()) {
        add(
            batch,
            table.gated(family),
            FenceTable.elements(family, without(after.gated(), before.gated())));
      }
      if (table.isPlacing()) {
        List<SetElement> left = table.placedElements(without(before.placed(), after.placed()));
        if (!left.isEmpty()) {
          batch.deleteElements(table.placed(), left);
        }
        List<SetElement> come = table.placedElements(without(after.placed(), before.placed()));
        add(batch, table.placed(), come);
      }
    }
    return batch;
  }

  private static void addLease(NftBatch batch, FenceTable table, Duration lease) {
    if (lease.isPositive()) {
      batch.addElements(
          table.lease(),
          table.leaseElements().stream()
              .map(element -> element.withLifetime(ElementLifetime.of(lease)))
              .toList());
    }
  }

  private static void add(NftBatch batch, SetId set, List<SetElement> elements) {
    if (!elements.isEmpty()) {
      batch.addElements(set, elements);
    }
  }

  private static void remove(
      NftBatch batch, SetId set, IpFamily family, Collection<IpAddress> addresses) {
    List<SetElement> elements = FenceTable.elements(family, addresses);
    if (!elements.isEmpty()) {
      batch.deleteElements(set, elements);
    }
  }

  private static SortedMap<IpAddress, String> without(
      SortedMap<IpAddress, String> minuend, SortedMap<IpAddress, String> subtrahend) {
    SortedMap<IpAddress, String> difference = new TreeMap<>(minuend);
    difference.entrySet().removeAll(subtrahend.entrySet());
    return difference;
  }

  private static Collection<IpAddress> without(
      SortedSet<IpAddress> minuend, SortedSet<IpAddress> subtrahend) {
    if (minuend.equals(subtrahend)) {
      return List.of();
    }
    List<IpAddress> difference = new ArrayList<>(minuend);
    difference.removeIf(subtrahend::contains);
    return difference;
  }
}
