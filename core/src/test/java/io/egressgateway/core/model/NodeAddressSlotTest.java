package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NodeAddressSlotTest {
  private static final IpAddress SLOT = NodeAddressSlot.of(new GatewayName("egress"));

  @Test
  void aGatewayHasTheSameSlotForEver() {
    // Journals hold it: another value here is another ledger.
    assertThat(SLOT).hasToString("100::1:a308:3687:ee11:1912");
  }

  @Test
  void eachGatewayHasItsOwn() {
    assertThat(NodeAddressSlot.of(new GatewayName("egress-2"))).isNotEqualTo(SLOT);
  }

  @Test
  void onlySlotsAreSlots() {
    assertThat(NodeAddressSlot.is(SLOT)).isTrue();
    assertThat(NodeAddressSlot.is(IpAddress.of("10.6.168.201"))).isFalse();
    assertThat(NodeAddressSlot.is(IpAddress.of("100:0:0:2::1"))).isFalse();
    assertThat(NodeAddressSlot.is(IpAddress.of("fd00::201"))).isFalse();
  }

  @Test
  void aSlotIsDescribedInWords() {
    assertThat(NodeAddressSlot.describe(SLOT)).isEqualTo("the gateway node's own address");
    assertThat(NodeAddressSlot.describe(IpAddress.of("10.6.168.201"))).isEqualTo("10.6.168.201");
  }
}
