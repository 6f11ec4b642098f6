package io.egressgateway.node.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.Passage.Leg;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.Bitwise;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.ChainPolicy;
import io.egressgateway.node.netlink.wire.nft.ChainType;
import io.egressgateway.node.netlink.wire.nft.Cmp;
import io.egressgateway.node.netlink.wire.nft.Ct;
import io.egressgateway.node.netlink.wire.nft.CtKey;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.FibFlag;
import io.egressgateway.node.netlink.wire.nft.FibResult;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Immediate;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.Membership;
import io.egressgateway.node.netlink.wire.nft.Meta;
import io.egressgateway.node.netlink.wire.nft.MetaKey;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.Payload;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableId;
import io.egressgateway.node.netlink.wire.nft.Unknown;
import io.egressgateway.node.netlink.wire.nft.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ForeignForwardTest {
  private static final TableId TABLE = new TableId(NftFamily.INET, "wall");
  private static final ChainId FORWARD = TABLE.chain("forward");
  private static final ChainId ZONE = TABLE.chain("zone");
  private static final NftExpression ACCEPT = new Immediate.Decide(Verdict.accept());
  private static final NftExpression REJECT = new Unknown("reject", Bytes.EMPTY);
  private static final NftExpression RETURN = new Immediate.Decide(Verdict.toCaller());
  private static final NftExpression JUMP = new Immediate.Decide(Verdict.jump(ZONE));
  private static final NftExpression GOTO = new Immediate.Decide(Verdict.goTo(ZONE));

  private final Map<String, List<NftRule>> rules = new HashMap<>();
  private final Map<String, List<SetElement>> sets = new HashMap<>();
  private ChainPolicy policy = ChainPolicy.ACCEPT;
  private Leg leg = Leg.FROM_POD;

  ForeignForwardTest() {
    rules.put(FORWARD.name(), new ArrayList<>());
    rules.put(ZONE.name(), new ArrayList<>());
  }

  private void add(ChainId chain, NftExpression... expressions) {
    rules
        .computeIfAbsent(chain.name(), added -> new ArrayList<>())
        .add(NftRule.of(chain, expressions));
  }

  private Passage passage(IpFamily family) {
    return new Passage(
        family,
        new Passage.Port("pod1", 7),
        new Passage.Port("egress.vxlan", 9),
        family == IpFamily.IPV4 ? Optional.of(IpAddress.of("10.244.1.5")) : Optional.empty(),
        leg,
        KernelNumbers.USUAL);
  }

  private boolean isStopped() {
    return isStopped(IpFamily.IPV4);
  }

  private boolean isStopped(IpFamily family) {
    BaseChain base = new BaseChain(ChainType.FILTER, Hook.FORWARD, 10, policy, Optional.empty());
    List<NftChain> chains = List.of(NftChain.base(FORWARD, base));
    return new ForeignForward(TABLE, chains, rules, sets).stops(passage(family)).isPresent();
  }

  private static NftExpression load(MetaKey key) {
    return new Meta.Load(key, Register.R1);
  }

  private static NftExpression load(CtKey key) {
    return new Ct.Load(key, Register.R1);
  }

  private static NftExpression is(Bytes value) {
    return Cmp.equal(Register.R1, value);
  }

  private static Bytes name(String text) {
    return Bytes.of(text.getBytes(US_ASCII)).padTo(16);
  }

  @Test
  void thePolicyCountsWhereNoRuleDecides() {
    assertThat(isStopped()).isFalse();
    policy = ChainPolicy.DROP;
    assertThat(isStopped()).isTrue();
    add(FORWARD, RETURN);
    assertThat(isStopped()).isTrue();
  }

  @Test
  void aRuleIsFollowedAsFarAsItsQuestionsAreAnswered() {
    add(FORWARD, load(MetaKey.IIFNAME), is(name("lo")), ACCEPT);
    add(FORWARD, load(CtKey.STATE), is(Bytes.u32(Ct.STATE_ESTABLISHED)), ACCEPT);
    add(FORWARD, load(MetaKey.OIF), is(Bytes.u32(8)), ACCEPT);
    add(FORWARD, load(MetaKey.NFPROTO), is(Bytes.u8(10)), ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).isTrue();
    assertThat(isStopped(IpFamily.IPV6)).isFalse();
  }

  @Test
  void namesMayBeGivenByTheirBeginning() {
    add(FORWARD, load(MetaKey.OIFNAME), is(Bytes.of(new byte[] {'e', 'g', 'r'})), ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).isFalse();
  }

  @Test
  void whatMayLetItPassLetsItPassAndWhatMayStopItDoesNot() {
    NftExpression destination = new Payload.Load(PayloadField.IP_DESTINATION, Register.R1);
    add(FORWARD, destination, is(Bytes.be32(1)), REJECT);
    assertThat(isStopped()).isFalse();
    add(FORWARD, destination, is(Bytes.be32(1)), ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).isFalse();
  }

  @Test
  void aMaskedSourceIsKnownWhereTheSourceIs() {
    add(
        FORWARD,
        new Payload.Load(PayloadField.IP_SOURCE, Register.R1),
        Bitwise.and(Register.R1, Bytes.be32(0xffff0000)),
        is(Bytes.be32(0x0af40000)),
        GOTO);
    add(ZONE, ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).isFalse();
    rules.put(ZONE.name(), new ArrayList<>());
    add(ZONE, REJECT);
    assertThat(isStopped()).isTrue();
  }

  @Test
  void ofAMarkOnlyTheBitsOfTheMaskAreKnown() {
    add(
        FORWARD,
        load(CtKey.MARK),
        Bitwise.and(Register.R1, Bytes.u32(0x1)),
        is(Bytes.u32(1)),
        ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).as("it may be").isFalse();

    rules.put(FORWARD.name(), new ArrayList<>());
    add(
        FORWARD,
        load(CtKey.MARK),
        Bitwise.and(Register.R1, Bytes.u32(0xff000000)),
        is(Bytes.u32(0x55000000)),
        ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).as("it is another").isTrue();
  }

  @Test
  void aJumpComesBackAndAGotoDoesNot() {
    add(FORWARD, JUMP);
    add(FORWARD, REJECT);
    add(ZONE, RETURN);
    add(ZONE, ACCEPT);
    assertThat(isStopped()).isTrue();

    rules.put(FORWARD.name(), new ArrayList<>());
    add(FORWARD, GOTO);
    add(FORWARD, REJECT);
    assertThat(isStopped()).as("on to the policy").isFalse();
  }

  @Test
  void chainsThatLeadInACircleAndThoseThatAreNotThereTellNothing() {
    add(FORWARD, JUMP);
    add(ZONE, JUMP);
    add(FORWARD, REJECT);
    assertThat(isStopped()).isFalse();
    rules.remove(ZONE.name());
    assertThat(isStopped()).isFalse();
  }

  @Test
  void setsAreAskedForWhatIsKnown() {
    SetReference states = new SetReference("__set0", OptionalInt.empty());
    add(FORWARD, load(CtKey.STATE), new Lookup.Member(states, Register.R1, Membership.IN), ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).as("it was not read").isFalse();
    sets.put("__set0", List.of(SetElement.of(Bytes.u32(2)), SetElement.of(Bytes.u32(4))));
    assertThat(isStopped()).isTrue();
    sets.put("__set0", List.of(SetElement.of(Bytes.u32(Ct.STATE_NEW))));
    assertThat(isStopped()).isFalse();
  }

  @Test
  void intervalsAndVerdictMapsAreUnderstood() {
    SetReference map = new SetReference("__map0", OptionalInt.empty());
    add(
        FORWARD,
        new Payload.Load(PayloadField.IP_SOURCE, Register.R1),
        new Lookup.Value(map, Register.R1, Register.VERDICT));
    add(FORWARD, REJECT);
    sets.put(
        "__map0",
        List.of(
            SetElement.of(Bytes.be32(0x0af40000), Verdict.accept()),
            SetElement.intervalEnd(Bytes.be32(0x0af50000))));
    assertThat(isStopped()).isFalse();
    sets.put(
        "__map0",
        List.of(
            SetElement.of(Bytes.be32(0x0af30000), Verdict.accept()),
            SetElement.intervalEnd(Bytes.be32(0x0af40000))));
    assertThat(isStopped()).isTrue();
  }

  @Test
  void whatIsNotUnderstoodIsTakenForAQuestionAndAQueueForAWayOn() {
    add(FORWARD, new Unknown("limit", Bytes.EMPTY), REJECT);
    assertThat(isStopped()).isFalse();
    add(FORWARD, new Unknown("queue", Bytes.EMPTY));
    add(FORWARD, REJECT);
    assertThat(isStopped()).isFalse();
  }

  @Test
  void aCheckOfTheWayBackStopsWhatComesOutOfTheTunnel() {
    NftExpression back =
        new Fib(
            new TreeSet<>(Set.of(FibFlag.SADDR, FibFlag.IIF, FibFlag.PRESENT)),
            FibResult.OIF,
            Register.R1);
    add(FORWARD, back, is(Bytes.u8(0)), REJECT);
    assertThat(isStopped()).as("the way back to a pod is the node's own matter").isFalse();
    leg = Leg.OUT_OF_TUNNEL;
    assertThat(isStopped()).isTrue();
    leg = Leg.ANSWER;
    assertThat(isStopped()).isTrue();

    rules.put(FORWARD.name(), new ArrayList<>());
    add(
        FORWARD,
        new Fib(new TreeSet<>(Set.of(FibFlag.DADDR)), FibResult.OIF, Register.R1),
        is(Bytes.u32(0)),
        REJECT);
    assertThat(isStopped()).as("another question").isFalse();
  }

  @Test
  void anAnswerBelongsToAConnection() {
    add(FORWARD, load(CtKey.STATE), is(Bytes.u32(Ct.STATE_ESTABLISHED)), ACCEPT);
    add(FORWARD, REJECT);
    assertThat(isStopped()).isTrue();
    leg = Leg.ANSWER;
    assertThat(isStopped()).isFalse();
  }

  @Test
  void theRemedyIsFirewalldsOwnWhereItIsFirewalld() {
    assertThat(remedy("wall", Hook.FORWARD)).contains("ct mark & 0xfe000000 == 0x26000000 accept");
    assertThat(remedy("wall", Hook.PREROUTING)).contains("iifname \"pod1\" accept");
    assertThat(remedy("firewalld", Hook.FORWARD)).contains("--zone=trusted --add-source");
    assertThat(remedy("firewalld", Hook.PREROUTING)).contains("IPv6_rpfilter=no");
  }

  private String remedy(String table, Hook hook) {
    TableId id = new TableId(NftFamily.INET, table);
    NftChain chain = NftChain.base(id.chain("any"), BaseChain.filter(hook, 10));
    return new ForeignForward(id, List.of(chain), Map.of(), Map.of())
        .remedy(chain, passage(IpFamily.IPV4));
  }
}
