package io.egressgateway.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.NodeNumber;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class KernelNumbersTest {
  private static final EipNumber EIP = new EipNumber(0xffff);
  private static final NodeNumber NODE = new NodeNumber(0xfffe);

  @Test
  void theUsualOnesAreThoseThatNodesHaveHadSinceTheFirstVersion() {
    KernelNumbers usual = KernelNumbers.USUAL;
    assertThat(usual.egress(new EipNumber(1))).isEqualTo(0x26000001);
    assertThat(usual.toGateway(new NodeNumber(12))).isEqualTo(0x2601000c);
    assertThat(usual.replyTo(new NodeNumber(11))).isEqualTo(0x2702000b);
    assertThat(usual.table(0x2702000b)).isEqualTo(0x2702000b);
    assertThat(usual.kindMask()).isEqualTo(0xff000000);
    assertThat(usual.tunnelledKind()).isEqualTo(0x27000000);
    assertThat(usual.marks()).isEqualTo("0x26000000/0xfe000000");
  }

  static IntStream masks() {
    return IntStream.rangeClosed(1, 14);
  }

  @ParameterizedTest
  @MethodSource("masks")
  void rolesOfMarksAreToldApartUnderEveryMask(int bits) {
    int mask = -1 << (Integer.SIZE - bits);
    KernelNumbers numbers = new KernelNumbers(mask, mask, 0, 98);
    int egress = numbers.egress(EIP);
    int forward = numbers.toGateway(NODE);
    int back = numbers.replyTo(NODE);
    assertThat(List.of(egress, forward, back)).allMatch(numbers::isMark);
    assertThat(egress & KernelNumbers.ROLE_MASK).isEqualTo(numbers.mark());
    assertThat(forward & KernelNumbers.ROLE_MASK).isEqualTo(numbers.towardsGateways());
    assertThat(back & KernelNumbers.ROLE_MASK).isEqualTo(numbers.towardsNodes());
    assertThat(numbers.mark()).isNotEqualTo(numbers.towardsGateways());
    assertThat(egress & numbers.kindMask()).isEqualTo(numbers.mark());
    assertThat(forward & numbers.kindMask()).isEqualTo(numbers.mark());
    assertThat(back & numbers.kindMask()).isEqualTo(numbers.tunnelledKind());
    assertThat(numbers.tunnelledKind()).isNotEqualTo(numbers.mark());
    for (KernelNumbers next :
        new KernelNumbers[] {KernelNumbers.USUAL, new KernelNumbers(0x40000, 0xfffc0000, 0, 1)}) {
      assertThat(numbers.translate(egress, next)).isEqualTo(next.egress(EIP));
      assertThat(numbers.translate(back, next)).isEqualTo(next.replyTo(NODE));
    }
  }

  @Test
  void tablesOfARangeAreDisjointAndWithinIt() {
    KernelNumbers numbers = new KernelNumbers(0x26000000, 0xfe000000, 1000, 98);
    assertThat(numbers.table(numbers.toGateway(new NodeNumber(1)))).isEqualTo(1001);
    assertThat(numbers.table(numbers.toGateway(new NodeNumber(0xffff)))).isEqualTo(66_535);
    assertThat(numbers.table(numbers.replyTo(new NodeNumber(1)))).isEqualTo(66_537);
    assertThat(numbers.table(numbers.replyTo(new NodeNumber(0xffff)))).isEqualTo(132_071);
    assertThat(numbers.isTable(1000)).isFalse();
    assertThat(numbers.isTable(1001)).isTrue();
    assertThat(numbers.isTable(132_071)).isTrue();
    assertThat(numbers.isTable(132_072)).isFalse();
    KernelNumbers highest = new KernelNumbers(0x26000000, 0xfe000000, 4_294_836_224L, 98);
    assertThat(highest.table(highest.replyTo(new NodeNumber(0xffff)))).isEqualTo(-1);
    assertThat(highest.isTable(-1)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0x26000000, 0xff00ff00, 0,             98,    mark mask 0xff00ff00",
    "0x26000000, 0x7e000000, 0,             98,    mark mask 0x7e000000",
    "0x26000000, 0xfffe0000, 0,             98,    mark mask 0xfffe0000",
    "0x26000000, 0,          0,             98,    mark mask 0x00000000",
    "0x27000000, 0xfe000000, 0,             98,    mark 0x27000000 must be",
    "0,          0xfe000000, 0,             98,    mark 0x00000000 must be",
    "0x26000000, 0xfe000000, 255,           98,    routing tables from 255 on",
    "0x26000000, 0xfe000000, 4294836225,    98,    routing tables from 4294836225 on",
    "0x26000000, 0xfe000000, 0,             0,     routing rule priority 0",
    "0x26000000, 0xfe000000, 0,             32765, routing rule priority 32765",
  })
  void whatCannotBeIsNamed(String mark, String mask, long tables, int priority, String named) {
    assertThatThrownBy(
            () ->
                new KernelNumbers(
                    Long.decode(mark).intValue(), Long.decode(mask).intValue(), tables, priority))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
