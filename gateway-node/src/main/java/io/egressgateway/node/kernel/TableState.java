package io.egressgateway.node.kernel;

import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.TableFlag;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Our nf_tables table as far as it is compared.
 *
 * @param fingerprint of its chains and rules
 * @param elements of all its sets and maps
 */
public record TableState(Fingerprint fingerprint, Elements elements) {

  /**
   * What of a table no plan changes.
   *
   * @param digest of the sets, chains and rules, in the table's own comment
   * @param flags of the table; a dormant one sees no packets
   * @param chains by name
   */
  public record Fingerprint(
      String digest, SortedSet<TableFlag> flags, SortedMap<String, Chain> chains) {
    public Fingerprint {
      flags = Collections.unmodifiableSortedSet(new TreeSet<>(flags));
      chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
    }
  }

  /**
   * A chain.
   *
   * @param base its hook, priority and policy; empty if it is only jumped to
   * @param rules in order; what counters have counted is left out
   */
  public record Chain(Optional<BaseChain> base, List<NftRule> rules) {
    public Chain {
      rules = List.copyOf(rules);
    }
  }

  /** A table with these elements. */
  public static TableState of(Fingerprint fingerprint, Collection<Element> elements) {
    return new TableState(fingerprint, Elements.of(elements));
  }

  /** The same with more elements. */
  public TableState plus(Collection<Element> added) {
    return with(List.of(), added);
  }

  TableState with(Collection<Element> removed, Collection<Element> added) {
    return new TableState(fingerprint, elements.with(removed, added));
  }
}
