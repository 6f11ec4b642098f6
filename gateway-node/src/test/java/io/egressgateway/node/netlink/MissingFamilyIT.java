package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressCodec;
import io.egressgateway.node.netlink.wire.route.LinkChange;
import io.egressgateway.node.netlink.wire.route.Route;
import io.egressgateway.node.netlink.wire.route.RouteCodec;
import io.egressgateway.node.netlink.wire.route.RouteProtocol;
import io.egressgateway.node.netlink.wire.route.RoutingRule;
import io.egressgateway.node.netlink.wire.route.RuleCodec;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How a kernel answers about a family that it has not, as one that was started with {@code
 * ipv6.disable=1} about IPv6. No kernel has this one.
 */
final class MissingFamilyIT {
  private static final byte AF_X25 = 9;
  private static final RouteProtocol KERNEL = new RouteProtocol(2);

  private final TestNamespace namespace = new TestNamespace();
  private final RouteNetlink netlink = namespace.route();

  @BeforeEach
  void haveBothFamilies() {
    netlink.changeLink(1, new LinkChange.Up());
    assertThat(netlink.addresses(IpFamily.IPV4)).isNotEmpty();
    assertThat(netlink.addresses(IpFamily.IPV6)).isNotEmpty();
    assertThat(netlink.routes(IpFamily.IPV6, KERNEL)).isNotEmpty();
    assertThat(netlink.rules(IpFamily.IPV6)).isNotEmpty();
  }

  @AfterEach
  void close() {
    netlink.close();
    namespace.close();
  }

  @Test
  void itRefusesToListRules() {
    List<RoutingRule> rules =
        ask(RuleCodec.dump(IpFamily.IPV6), RuleCodec::reads, RuleCodec::decode);
    assertThat(rules).isEmpty();
  }

  @Test
  void itListsTheAddressesAndRoutesOfTheOthers() {
    List<Address> addresses =
        ask(AddressCodec.dump(IpFamily.IPV6), AddressCodec::reads, AddressCodec::decode);
    assertThat(addresses).isEqualTo(netlink.addresses(IpFamily.IPV6));
    List<Route> routes =
        ask(RouteCodec.dump(IpFamily.IPV6, KERNEL), RouteCodec::reads, RouteCodec::decode);
    assertThat(routes).isEqualTo(netlink.routes(IpFamily.IPV6, KERNEL));
  }

  /** The same question about the family that is not there. */
  private <T> List<T> ask(
      NetlinkMessage question,
      Predicate<NetlinkMessage> reads,
      Function<NetlinkMessage, T> decode) {
    byte[] payload = question.payload().toArray();
    payload[0] = AF_X25;
    NetlinkMessage changed =
        NetlinkMessage.request(question.type(), question.flags(), Bytes.of(payload));
    return netlink.dump(IpFamily.IPV6, "list", changed, reads, decode);
  }
}
