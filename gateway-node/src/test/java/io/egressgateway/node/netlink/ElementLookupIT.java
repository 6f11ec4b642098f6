package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Elements that a real kernel is asked for one by one. */
final class ElementLookupIT {
  private static final TableId TABLE = new TableId(NftFamily.INET, "t");
  private static final SetId PODS = TABLE.set("pods");

  private final TestNamespace namespace = new TestNamespace();
  private final NftNetlink nft = namespace.nft();

  @AfterEach
  void close() {
    nft.close();
    namespace.close();
  }

  @Test
  void findsWhatIsThereAndNothingElse() {
    // More than are asked for at once, and more than a dump reliably brings just now.
    List<SetElement> there = pods(0, 20_000);
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(TABLE))
            .addSet(NftSet.of(PODS, NftDataType.IPV4_ADDR).to(NftDataType.MARK))
            .addElements(PODS, there));
    assertThat(nft.elements(PODS, keys(pods(19_000, 25_000))))
        .containsExactlyElementsOf(there.subList(19_000, 20_000));
    assertThat(nft.elements(PODS, keys(pods(0, 20_000)))).isEqualTo(there);
    assertThat(nft.elements(PODS, List.of())).isEmpty();
    // Answers to what was missing are not taken for answers to what comes next.
    assertThat(nft.sets(TABLE)).hasSize(1);
  }

  @Test
  void findsNothingInASetThatIsNotThere() {
    nft.commit(new NftBatch().addTable(NftTable.of(TABLE)));
    assertThat(nft.elements(PODS, keys(pods(0, 3)))).isEmpty();
  }

  @Test
  void findsRangesOfConcatenations() {
    SetId rules = TABLE.set("rules");
    SetElement wide = range(1, "10.0.0.0/8", 7);
    SetElement narrow = range(2, "10.1.2.0/24", 8);
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(TABLE))
            .addSet(
                NftSet.of(rules, NftDataType.MARK, NftDataType.IPV4_ADDR)
                    .to(NftDataType.MARK)
                    .with(SetFlag.INTERVAL))
            .addElements(rules, List.of(wide, narrow)));
    assertThat(nft.elements(rules, keys(List.of(narrow, range(3, "10.0.0.0/8", 7), wide))))
        .containsExactly(narrow, wide);
  }

  private static List<SetElement> pods(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                SetElement.of(
                    NftValue.address(new Ipv4Address(0x0a000000 + i)), NftValue.mark(i & 0xff)))
        .toList();
  }

  private static SetElement range(int mark, String network, int value) {
    Cidr destination = Cidr.of(network);
    // In keys of ranges marks are in network order.
    var key = NftValue.mark(Integer.reverseBytes(mark));
    return SetElement.of(
            NftValue.concat(key, NftValue.address(destination.first())), NftValue.mark(value))
        .through(NftValue.concat(key, NftValue.address(destination.last())));
  }

  private static List<SetElement> keys(List<SetElement> elements) {
    return elements.stream()
        .map(
            element ->
                element
                    .keyEnd()
                    .map(SetElement.of(element.key())::through)
                    .orElseGet(() -> SetElement.of(element.key())))
        .toList();
  }
}
