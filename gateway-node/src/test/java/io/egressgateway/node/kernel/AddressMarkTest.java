package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressFlag;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import io.egressgateway.node.netlink.wire.route.Scope;
import org.junit.jupiter.api.Test;

final class AddressMarkTest {
  private static final Address EIP =
      Address.of(2, IpAddress.of("10.6.168.201"), 32)
          .with(AddressFlag.NOPREFIXROUTE)
          .withLifetime(AddressLifetime.secondsNotPreferred(3));
  private static final Address EIP6 =
      Address.of(2, IpAddress.of("fd06::201"), 128)
          .with(AddressFlag.NOPREFIXROUTE)
          .with(AddressFlag.NODAD)
          .withLifetime(AddressLifetime.secondsNotPreferred(3));

  @Test
  void theProtocolAloneCountsWhereTheKernelKeepsIt() {
    assertThat(AddressMark.PROTOCOL.isEgressIp(EIP)).isFalse();
    assertThat(AddressMark.PROTOCOL.isEgressIp(EIP.withProtocol(Marks.PROTOCOL))).isTrue();
    Address plain = Address.of(2, IpAddress.of("172.31.0.12"), 16);
    assertThat(AddressMark.PROTOCOL.isOfTunnel(plain)).isFalse();
    assertThat(AddressMark.PROTOCOL.isOfTunnel(plain.withProtocol(Marks.PROTOCOL))).isTrue();
  }

  @Test
  void elsewhereAnEgressIpIsKnownByItsForm() {
    for (Address eip : new Address[] {EIP, EIP6}) {
      assertThat(AddressMark.FORM.isEgressIp(eip)).isTrue();
      assertThat(
              AddressMark.FORM.isEgressIp(eip.withLifetime(AddressLifetime.foreverNotPreferred())))
          .as("held without a lease")
          .isTrue();
    }
  }

  @Test
  void addressesOfOthersHaveAnotherForm() {
    assertThat(AddressMark.FORM.isEgressIp(Address.of(2, EIP.ip(), 24))).as("network").isFalse();
    assertThat(AddressMark.FORM.isEgressIp(EIP.withLifetime(AddressLifetime.FOREVER)))
        .as("preferred for ever")
        .isFalse();
    assertThat(AddressMark.FORM.isEgressIp(EIP.withLifetime(AddressLifetime.seconds(60))))
        .as("preferred for a while")
        .isFalse();
    assertThat(AddressMark.FORM.isEgressIp(EIP.withScope(Scope.HOST))).as("local").isFalse();
    assertThat(
            AddressMark.FORM.isEgressIp(
                Address.of(2, EIP.ip(), 32).withLifetime(AddressLifetime.secondsNotPreferred(3))))
        .as("with a prefix route")
        .isFalse();
    assertThat(
            AddressMark.FORM.isEgressIp(
                Address.of(2, EIP6.ip(), 128)
                    .with(AddressFlag.NOPREFIXROUTE)
                    .withLifetime(AddressLifetime.secondsNotPreferred(3))))
        .as("of DHCPv6")
        .isFalse();
  }

  @Test
  void ofOurLinkEveryGlobalAddressIsOurs() {
    assertThat(AddressMark.FORM.isOfTunnel(Address.of(3, IpAddress.of("172.31.0.12"), 16)))
        .isTrue();
    Address local = Address.of(3, IpAddress.of("fe80::1"), 64).withScope(Scope.LINK);
    assertThat(AddressMark.FORM.isOfTunnel(local)).isFalse();
  }
}
