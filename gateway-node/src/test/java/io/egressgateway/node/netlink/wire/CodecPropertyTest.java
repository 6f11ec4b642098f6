package io.egressgateway.node.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.node.netlink.wire.conntrack.ConntrackCodec;
import io.egressgateway.node.netlink.wire.nft.NftChainCodec;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftMessage;
import io.egressgateway.node.netlink.wire.nft.NftRuleCodec;
import io.egressgateway.node.netlink.wire.nft.NftSetCodec;
import io.egressgateway.node.netlink.wire.nft.NftTableCodec;
import io.egressgateway.node.netlink.wire.nft.SetElementCodec;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.route.AddressCodec;
import io.egressgateway.node.netlink.wire.route.LinkCodec;
import io.egressgateway.node.netlink.wire.route.LinkKind;
import io.egressgateway.node.netlink.wire.route.LinkName;
import io.egressgateway.node.netlink.wire.route.LinkSpec;
import io.egressgateway.node.netlink.wire.route.NeighbourCodec;
import io.egressgateway.node.netlink.wire.route.RouteCodec;
import io.egressgateway.node.netlink.wire.route.RuleCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read equals what was written, and what nobody wrote is refused in one way only. */
final class CodecPropertyTest {
  private static final int CASES = 300;
  private static final TableId TABLE = new TableId(NftFamily.INET, "t");

  /** A message and a way to read it. */
  private record Case(String name, NetlinkMessage message, Consumer<NetlinkMessage> decode) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsTheRoutingObjectsItWrote(long seed) {
    Generator any = new Generator(seed);
    for (int i = 0; i < CASES; i++) {
      var address = any.routedAddress();
      assertThat(AddressCodec.decode(wired(AddressCodec.replace(address)))).isEqualTo(address);
      assertThat(AddressCodec.decode(wired(AddressCodec.extend(address)))).isEqualTo(address);
      var neighbour = any.neighbour();
      assertThat(NeighbourCodec.decode(wired(NeighbourCodec.replace(neighbour))))
          .isEqualTo(neighbour);
      var forwarding = any.forwarding();
      assertThat(NeighbourCodec.decodeForwarding(wired(NeighbourCodec.append(forwarding))))
          .isEqualTo(forwarding);
      var route = any.route();
      assertThat(RouteCodec.decode(wired(RouteCodec.add(route)))).isEqualTo(route);
      var rule = any.rule();
      assertThat(RuleCodec.decode(wired(RuleCodec.add(rule)))).isEqualTo(rule);
      var vxlan = any.vxlan();
      LinkSpec tunnel = LinkSpec.vxlan(LinkName.of("vx"), vxlan);
      assertThat(LinkCodec.decode(wired(LinkCodec.create(tunnel))).kind())
          .isEqualTo(new LinkKind.Vxlan(vxlan));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsTheFilterObjectsItWrote(long seed) {
    NftGenerator any = new NftGenerator(seed);
    for (int i = 0; i < CASES; i++) {
      var table = any.table();
      assertThat(NftTableCodec.decode(wired(NftTableCodec.add(table))).table()).isEqualTo(table);
      var chain = any.chain();
      assertThat(NftChainCodec.decode(wired(NftChainCodec.add(chain))).chain()).isEqualTo(chain);
      var rule = any.rule();
      assertThat(NftRuleCodec.decode(wired(NftRuleCodec.append(rule))).rule()).isEqualTo(rule);
      var set = any.set();
      assertThat(NftSetCodec.decode(wired(NftSetCodec.add(set, 1))).set()).isEqualTo(set);
      var elements = any.elements();
      var reference = SetReference.named(TABLE.set("s"));
      assertThat(
              SetElementCodec.add(TABLE, reference, elements).stream()
                  .flatMap(message -> SetElementCodec.decode(wired(message)).stream())
                  .toList())
          .isEqualTo(elements);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsTheConnectionsItWrote(long seed) {
    ConntrackGenerator any = new ConntrackGenerator(seed);
    for (int i = 0; i < CASES; i++) {
      var entry = any.entry();
      NetlinkMessage written = wired(ConntrackCodec.create(entry));
      assertThat(ConntrackCodec.reads(written)).isTrue();
      assertThat(ConntrackCodec.decode(written)).isEqualTo(entry);
      assertThat(ConntrackCodec.tellsOfEnd(wired(ConntrackCodec.delete(any.key())))).isTrue();
    }
  }

  // As it comes from a socket: encoded and parsed.
  private static NetlinkMessage wired(NetlinkMessage message) {
    List<NetlinkMessage> parsed = NetlinkMessage.parse(ByteBuffer.wrap(message.encode().toArray()));
    assertThat(parsed).containsExactly(message);
    return parsed.get(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aMessageCutAnywhereIsMalformed(long seed) {
    for (Case sample : cases(seed)) {
      byte[] whole = sample.message().encode().toArray();
      int unpadded = NetlinkMessage.HEADER_BYTES + sample.message().payload().length();
      for (int length = 1; length < unpadded; length++) {
        ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
        assertThatThrownBy(() -> NetlinkMessage.parse(cut))
            .as("%s cut to %d bytes", sample.name(), length)
            .isInstanceOf(MalformedNetlinkMessage.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aPayloadCutAnywhereIsReadOrMalformed(long seed) {
    for (Case sample : cases(seed)) {
      NetlinkMessage message = sample.message();
      for (int length = 0; length < message.payload().length(); length++) {
        decodeOrMalformed(sample, message.payload().slice(0, length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aPayloadWithAnyByteChangedIsReadOrMalformed(long seed) {
    Generator any = new Generator(seed);
    for (Case sample : cases(seed)) {
      Bytes payload = sample.message().payload();
      for (int at = 0; at < payload.length(); at++) {
        for (int value : new int[] {0, 0xff, payload.at(at) ^ 1, any.below(256)}) {
          byte[] changed = payload.toArray();
          changed[at] = (byte) value;
          decodeOrMalformed(sample, Bytes.of(changed));
        }
      }
    }
  }

  private static void decodeOrMalformed(Case sample, Bytes payload) {
    NetlinkMessage message = sample.message();
    NetlinkMessage damaged = new NetlinkMessage(message.type(), message.flags(), 1, 0, payload);
    try {
      sample.decode().accept(damaged);
    } catch (MalformedNetlinkMessage expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    } catch (RuntimeException e) {
      throw new AssertionError(sample.name() + " of payload " + payload, e);
    }
  }

  private static List<Case> cases(long seed) {
    Generator any = new Generator(seed);
    NftGenerator anyNft = new NftGenerator(seed);
    ConntrackGenerator anyFlow = new ConntrackGenerator(seed);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      LinkSpec tunnel = LinkSpec.vxlan(LinkName.of("vx"), any.vxlan());
      cases.add(new Case("link", LinkCodec.create(tunnel), LinkCodec::decode));
      cases.add(new Case("address", AddressCodec.add(any.routedAddress()), AddressCodec::decode));
      cases.add(
          new Case("neighbour", NeighbourCodec.replace(any.neighbour()), NeighbourCodec::decode));
      cases.add(
          new Case(
              "forwarding",
              NeighbourCodec.append(any.forwarding()),
              NeighbourCodec::decodeForwarding));
      cases.add(new Case("route", RouteCodec.add(any.route()), RouteCodec::decode));
      cases.add(new Case("rule", RuleCodec.add(any.rule()), RuleCodec::decode));
      cases.add(new Case("table", NftTableCodec.add(anyNft.table()), NftTableCodec::decode));
      cases.add(new Case("chain", NftChainCodec.add(anyNft.chain()), NftChainCodec::decode));
      cases.add(new Case("nft rule", NftRuleCodec.append(anyNft.rule()), NftRuleCodec::decode));
      cases.add(new Case("set", NftSetCodec.add(anyNft.set(), 7), NftSetCodec::decode));
      cases.add(
          new Case("connection", ConntrackCodec.create(anyFlow.entry()), ConntrackCodec::decode));
      SetElementCodec.add(TABLE, SetReference.named(TABLE.set("s")), anyNft.elements())
          .forEach(message -> cases.add(new Case("elements", message, SetElementCodec::decode)));
    }
    cases.add(new Case("generation", NftMessage.getGeneration(), NftMessage::decodeGeneration));
    return cases;
  }
}
