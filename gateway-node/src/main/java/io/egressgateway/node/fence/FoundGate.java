package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.WayFact;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a table of the fence has of the gate of an address.
 *
 * @param table for people
 * @param parts the sets that have the address; none also if there is no such table
 * @param lease what is left of it; absent if it is over
 */
public record FoundGate(String table, SortedSet<Part> parts, Optional<Duration> lease) {
  /** A set that may have an address. */
  public enum Part {
    /** The address needs its gate to be open. */
    GATED,
    /** The gate is open while there is a lease. */
    OPEN,
    /** The gate is open without a lease. */
    HELD
  }

  public FoundGate {
    parts = Collections.unmodifiableSortedSet(new TreeSet<>(parts));
  }

  /**
   * Reads the gates of an address: one of each table that is there, and of each that has to be. For
   * the client's thread.
   */
  public static List<FoundGate> read(NftNetlink nft, IpAddress address) {
    Set<TableId> present =
        nft.tables().stream()
            .map(TableEntry::table)
            .map(NftTable::id)
            .collect(Collectors.toUnmodifiableSet());
    List<FoundGate> gates = new ArrayList<>();
    for (FenceTable table : FenceTable.values()) {
      if (table.families().contains(address.family())) {
        if (present.contains(table.id())) {
          gates.add(read(nft, table, address));
        } else if (table != FenceTable.EGRESS) {
          // Not every kernel can have the third.
          gates.add(new FoundGate(table.id().toString(), new TreeSet<>(), Optional.empty()));
        }
      }
    }
    return List.copyOf(gates);
  }

  private static FoundGate read(NftNetlink nft, FenceTable table, IpAddress address) {
    IpFamily family = address.family();
    SortedSet<Part> parts = new TreeSet<>();
    for (Part part : Part.values()) {
      SetId set =
          switch (part) {
            case GATED -> table.gated(family);
            case OPEN -> table.open(family);
            case HELD -> table.held(family);
          };
      Bytes key = Bytes.of(address.toBytes());
      if (nft.elements(set).stream().anyMatch(element -> element.key().equals(key))) {
        parts.add(part);
      }
    }
    Optional<Duration> lease =
        nft.elements(table.lease()).stream()
            .map(SetElement::lifetime)
            .flatMap(lifetime -> lifetime.expiration().stream())
            .min(Duration::compareTo);
    return new FoundGate(table.id().toString(), parts, lease);
  }

  /** The gate should let packets out. */
  public WayFact shouldBeOpen() {
    boolean isOpen =
        parts.contains(Part.GATED)
            && parts.contains(Part.OPEN)
            && (parts.contains(Part.HELD) || lease.isPresent());
    return new WayFact("gate in table " + table, "open", describe(), WayFact.agreement(isOpen));
  }

  private String describe() {
    if (!parts.contains(Part.GATED)) {
      return "none";
    }
    if (!parts.contains(Part.OPEN)) {
      return "closed, " + describeLease();
    }
    return parts.contains(Part.HELD) ? "open, also without a lease" : "open, " + describeLease();
  }

  private String describeLease() {
    return lease
        .map(left -> "lease for " + left.toMillis() + " ms more")
        .orElse("and the lease is over");
  }
}
