package io.egressgateway.node.fence;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Sees whether the fence still stands. Tables without an owner can be changed by anybody: they are
 * read whenever the ruleset is not at the generation where our own changes have brought it. A chain
 * at a device goes with the device on some kernels, whoever owns the table: it is looked for once a
 * second.
 */
final class FenceCheck {
  private static final long CHAIN_PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

  private final NftNetlink nft;
  private final FenceTables tables;
  private final LongSupplier clock;
  private Optional<Integer> inOrder = Optional.empty();
  private long chainSeenNanos;

  FenceCheck(NftNetlink nft, FenceTables tables, LongSupplier clock) {
    this.nft = nft;
    this.tables = tables;
    this.clock = clock;
    this.chainSeenNanos = clock.getAsLong();
  }

  /** Must be told of each transaction of our own. */
  void committed() {
    inOrder = inOrder.map(generation -> generation + 1);
  }

  /** What is wrong with it, in words. */
  Optional<String> damage(FenceState state) {
    Optional<String> ofDevice = damageOfChain(state);
    if (ofDevice.isPresent() || tables.abilities().isOwned()) {
      return ofDevice;
    }
    int generation = nft.generation().id();
    if (inOrder.equals(Optional.of(generation))) {
      return Optional.empty();
    }
    Optional<String> damage = find(state);
    inOrder = damage.isEmpty() ? Optional.of(generation) : Optional.empty();
    return damage;
  }

  private Optional<String> damageOfChain(FenceState state) {
    long now = clock.getAsLong();
    if (state.devices().isEmpty() || now - chainSeenNanos < CHAIN_PERIOD_NANOS) {
      return Optional.empty();
    }
    chainSeenNanos = now;
    return chainsOf(FenceTable.EGRESS, tables.rules(FenceTable.EGRESS, state));
  }

  private Optional<String> find(FenceState state) {
    try {
      List<TableEntry> present = nft.tables();
      for (FenceTable table : tables.of(state)) {
        if (present.stream().noneMatch(e -> e.table().equals(table.table(tables.abilities())))) {
          return Optional.of("table " + table.id() + " is missing");
        }
        Optional<String> damage = find(table, state);
        if (damage.isPresent()) {
          return damage;
        }
      }
      return Optional.empty();
    } catch (NetlinkException gone) {
      if (gone.errno() == Errno.ENOENT) {
        return Optional.of(String.valueOf(gone.getMessage()));
      }
      throw gone;
    }
  }

  private Optional<String> find(FenceTable table, FenceState state) {
    FenceRules rules = tables.rules(table, state);
    Optional<String> chains = chainsOf(table, rules);
    if (chains.isPresent()) {
      return chains;
    }
    if (!nft.rules(table.id()).stream().map(FenceCheck::uncounted).toList().equals(rules.rules())) {
      return Optional.of("the rules of table " + table.id() + " are others");
    }
    for (IpFamily family : table.families()) {
      if (!elements(table.gated(family)).equals(of(family, state.gated()))
          || !elements(table.open(family)).equals(of(family, state.open()))
          || !elements(table.held(family)).equals(of(family, state.held()))) {
        return Optional.of("the gates of table " + table.id() + " are others");
      }
    }
    if (table.isPlacing() && !places(table).equals(keys(table.placedElements(state.placed())))) {
      return Optional.of("the links of table " + table.id() + " are others");
    }
    return Optional.empty();
  }

  /** As it was written: counters have counted since. */
  private static NftRule uncounted(RuleEntry entry) {
    NftRule rule = entry.rule();
    List<NftExpression> expressions =
        rule.expressions().stream()
            .map(expression -> expression instanceof Counter ? Counter.ZERO : expression)
            .toList();
    return new NftRule(rule.chain(), expressions, rule.comment());
  }

  private Optional<String> chainsOf(FenceTable table, FenceRules rules) {
    List<NftChain> present = nft.chains(table.id()).stream().map(ChainEntry::chain).toList();
    return present.containsAll(rules.chains())
        ? Optional.empty()
        : Optional.of("a chain of table " + table.id() + " is missing");
  }

  private Set<Bytes> places(FenceTable table) {
    return keys(nft.elements(table.placed()));
  }

  private static Set<Bytes> keys(List<SetElement> elements) {
    return elements.stream().map(SetElement::key).collect(Collectors.toUnmodifiableSet());
  }

  private SortedSet<IpAddress> elements(SetId set) {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    nft.elements(set)
        .forEach(element -> addresses.add(IpAddress.fromBytes(element.key().toArray())));
    return addresses;
  }

  private static SortedSet<IpAddress> of(IpFamily family, SortedSet<IpAddress> addresses) {
    SortedSet<IpAddress> ofFamily = new TreeSet<>(addresses);
    ofFamily.removeIf(address -> address.family() != family);
    return ofFamily;
  }
}
