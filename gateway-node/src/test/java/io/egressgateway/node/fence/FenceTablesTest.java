package io.egressgateway.node.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.NftBatch;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FenceTablesTest {
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final FenceAbilities ALL =
      new FenceAbilities(new TreeSet<>(EnumSet.allOf(FenceMechanism.class)));
  private static final FenceTables TABLES = new FenceTables(ALL);
  private static final FenceState EMPTY =
      FenceState.EMPTY.withDevices(new TreeSet<>(List.of("eth0")));

  private static SortedSet<IpAddress> addresses(int count) {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    IntStream.range(0, count)
        .forEach(i -> addresses.add(IpAddress.of("10.0.%d.%d".formatted(i / 256, i % 256))));
    return addresses;
  }

  @Test
  void aRenewalWritesTheSameForAnyNumberOfAddresses() {
    FenceState one = EMPTY.withOpen(addresses(1), new TreeSet<>());
    FenceState thousand = EMPTY.withOpen(addresses(1000), new TreeSet<>());
    int ticketThenFlushAndAddForEachTable = 1 + 2 * FenceTable.values().length;
    assertThat(TABLES.renew(one, one, LEASE).size()).isEqualTo(ticketThenFlushAndAddForEachTable);
    assertThat(TABLES.renew(thousand, thousand, LEASE).size())
        .isEqualTo(ticketThenFlushAndAddForEachTable);
  }

  @Test
  void withoutALeaseNothingIsPutInItsPlace() {
    FenceState open = EMPTY.withOpen(addresses(3), new TreeSet<>());
    assertThat(TABLES.close(open, open).size()).isEqualTo(FenceTable.values().length);
  }

  @Test
  void whatIsOpenHasAGate() {
    assertThat(EMPTY.withOpen(addresses(3), new TreeSet<>()).gated()).isEqualTo(addresses(3));
    assertThat(
            EMPTY
                .withOpen(addresses(3), new TreeSet<>())
                .withOpen(addresses(1), new TreeSet<>())
                .gated())
        .as("a gate is never taken down")
        .isEqualTo(addresses(3));
  }

  @Test
  void whereAnAddressIsTakesTheChangesOfThatAddressAlone() {
    FenceState before = EMPTY.withPlaced(Places.on("eth0", addresses(1000)).links());
    SortedMap<IpAddress, String> links = new TreeMap<>(before.placed());
    links.put(addresses(1).first(), "eth1");
    NftBatch batch = TABLES.gate(before, before.withPlaced(links));
    assertThat(batch.size()).as("one taken out, one put in, of family arp").isEqualTo(2);
    assertThat(TABLES.gate(before, before).size()).isZero();
  }

  @Test
  void everyLinkThatAnswersHasAChainForItsFrames() {
    FenceState two = EMPTY.withDevices(new TreeSet<>(List.of("eth0", "eth0.100")));
    FenceRules rules = TABLES.rules(FenceTable.EGRESS, two);
    assertThat(rules.chains())
        .extracting(chain -> chain.base().orElseThrow().device().orElseThrow())
        .containsExactly("eth0", "eth0.100");
    assertThat(rules.rules()).hasSize(2 * TABLES.rules(FenceTable.EGRESS, EMPTY).rules().size());
  }

  @Test
  void withoutAnUplinkThereIsNoTableForIt() {
    assertThat(TABLES.of(EMPTY)).containsExactly(FenceTable.values());
    assertThat(TABLES.of(EMPTY.withDevices(new TreeSet<>()))).doesNotContain(FenceTable.EGRESS);
  }

  @Test
  void tablesHaveAnOwnerOnlyIfTheyOutliveIt() {
    EnumSet<FenceMechanism> noPersistence = EnumSet.allOf(FenceMechanism.class);
    noPersistence.remove(FenceMechanism.TABLE_PERSIST);
    FenceAbilities old = new FenceAbilities(new TreeSet<>(noPersistence));
    assertThat(FenceTable.INET.table(ALL).flags()).hasSize(2);
    assertThat(FenceTable.INET.table(old).flags()).isEmpty();
    assertThat(old.shortcomings()).singleElement().asString().contains("TABLE_PERSIST", "6.9");
    assertThat(ALL.shortcomings()).isEmpty();
  }

  @Test
  void everyRuleSaysWhatItIsFor() {
    Stream<NftRule> rules =
        Arrays.stream(FenceTable.values())
            .flatMap(table -> TABLES.rules(table, EMPTY).rules().stream());
    assertThat(rules)
        .allSatisfy(rule -> assertThat(rule.comment()).get().asString().hasSizeBetween(10, 127));
  }
}
