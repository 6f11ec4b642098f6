package io.egressgateway.node.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.NetlinkException;
import io.egressgateway.node.netlink.socket.TransactionRejected;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.nft.BaseChain;
import io.egressgateway.node.netlink.wire.nft.ChainEntry;
import io.egressgateway.node.netlink.wire.nft.ChainId;
import io.egressgateway.node.netlink.wire.nft.ElementLifetime;
import io.egressgateway.node.netlink.wire.nft.Fib;
import io.egressgateway.node.netlink.wire.nft.FibFlag;
import io.egressgateway.node.netlink.wire.nft.FibResult;
import io.egressgateway.node.netlink.wire.nft.Hook;
import io.egressgateway.node.netlink.wire.nft.Lookup;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftGeneration;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.NftValue;
import io.egressgateway.node.netlink.wire.nft.PayloadField;
import io.egressgateway.node.netlink.wire.nft.Register;
import io.egressgateway.node.netlink.wire.nft.RuleEntry;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import io.egressgateway.node.netlink.wire.nft.SetEntry;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.SetId;
import io.egressgateway.node.netlink.wire.nft.SetReference;
import io.egressgateway.node.netlink.wire.nft.TableEntry;
import io.egressgateway.node.netlink.wire.nft.TableFlag;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions, read back from a real kernel and, where nft is installed, through nft's eyes. */
final class NftNetlinkIT {
  private static final TableId TABLE = new TableId(NftFamily.INET, "t");

  private final TestNamespace namespace = new TestNamespace();
  private final NftNetlink nft = namespace.nft();

  @AfterEach
  void close() {
    nft.close();
    namespace.close();
  }

  @Test
  void appliesAWholeRulesetInOneTransactionAndReadsItBack() {
    EgressRuleset ruleset = new EgressRuleset();
    nft.commit(ruleset.batch());

    assertThat(nft.tables())
        .extracting(TableEntry::table)
        .containsExactly(NftTable.of(EgressRuleset.TABLE).withComment("egress"));
    assertThat(nft.sets(EgressRuleset.TABLE))
        .extracting(SetEntry::set)
        .filteredOn(set -> !set.flags().contains(SetFlag.ANONYMOUS))
        .containsExactlyInAnyOrderElementsOf(ruleset.sets().values());
    ruleset
        .elements()
        .forEach(
            (id, elements) ->
                assertThat(nft.elements(id))
                    .as("elements of %s", id)
                    .containsExactlyInAnyOrderElementsOf(elements));
    for (ChainId chain : ruleset.rules().stream().map(NftRule::chain).distinct().toList()) {
      assertThat(nft.rules(EgressRuleset.TABLE))
          .extracting(RuleEntry::rule)
          .filteredOn(rule -> rule.chain().equals(chain))
          .extracting(NftNetlinkIT::withoutSetNumbers)
          .containsExactlyElementsOf(
              ruleset.rules().stream()
                  .filter(rule -> rule.chain().equals(chain))
                  .map(NftNetlinkIT::withoutSetNumbers)
                  .toList());
    }
    assertThat(nft.chains(EgressRuleset.TABLE))
        .extracting(ChainEntry::chain)
        .contains(
            NftChain.base(
                EgressRuleset.TABLE.chain("postrouting"), BaseChain.nat(Hook.POSTROUTING, 99)))
        .hasSize(16);
  }

  // The kernel replaces an anonymous set's pattern and number by the name it chose.
  private static NftRule withoutSetNumbers(NftRule rule) {
    List<NftExpression> expressions = new ArrayList<>();
    for (NftExpression expression : rule.expressions()) {
      expressions.add(
          switch (expression) {
            case Lookup.Member(SetReference set, Register key, var membership)
                when set.name().startsWith("__") ->
                new Lookup.Member(anonymous(), key, membership);
            case Lookup.Value(SetReference set, Register key, Register into)
                when set.name().startsWith("__") ->
                new Lookup.Value(anonymous(), key, into);
            default -> expression;
          });
    }
    return new NftRule(rule.chain(), expressions, rule.comment());
  }

  private static SetReference anonymous() {
    return SetReference.named(TABLE.set("anonymous"));
  }

  @Test
  void nftListsTheRulesetByName() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft is not installed");
    nft.commit(new EgressRuleset().batch());
    String listed = nftTool("list", "ruleset");
    assertThat(listed)
        .contains("type mark . ipv4_addr : mark", "0x00000001 . 10.6.1.92 : 0x26000007")
        .contains("type ether_addr : mark", "66:00:00:00:00:0b : 0x2702000b")
        .contains("elements = { 10.244.0.0/15, 224.0.0.0/3")
        .contains("elements = { 10.244.1.2 comment \"default/mock\" : 0x00000001")
        .contains("iifname \"egress.vxlan\" goto tun")
        .contains("ct mark & 0xff000000 vmap { 0x26000000 : goto est, 0x27000000 : goto reply }")
        .contains("ct direction original ct state new goto classify")
        .contains("ct direction reply tcp flags syn,ack / syn,ack jump clamp")
        .contains("meta mark set ct mark map @eipgw accept")
        .contains("comment \"egress flow whose EIP has no gateway now\"")
        .contains("ip daddr @cluster4 return", "ip6 daddr @cluster6 return")
        .contains("meta mark set ip saddr map @pod4 goto pol4")
        .contains("ct mark set meta mark . ip daddr map @pol4 goto est_new")
        .contains("ct mark set meta mark . ip6 daddr map @pol6 goto est_new")
        .contains("meta nfproto ipv4 tcp option maxseg size set 1410")
        .contains("ct state new ct mark set ether saddr map @nodes")
        .contains("meta mark set meta mark & 0x2600ffff | 0x26000000")
        .contains("oifname \"egress.vxlan\" meta mark set ct mark & 0x0000ffff return")
        .contains("snat ip to ip saddr", "snat ip to meta mark map @eip4")
        .contains(
            "ct mark & 0xff000000 != { 0x26000000, 0x27000000 } counter packets 0 bytes 0 drop")
        .contains("udp dport 7789 meta mark set 0x00000000 notrack");
    assertThat(nftTool("-j", "list", "ruleset")).contains("\"egress_test\"");
  }

  private String nftTool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec"));
    command.addAll(List.of(namespace.namespace().name(), "/usr/sbin/nft"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void fencesAddressesThatAreNotOwnedAnyMore() throws Exception {
    TableId inet = new TableId(NftFamily.INET, "fence");
    TableId arp = new TableId(NftFamily.ARP, "fence");
    SetElement owned =
        SetElement.of(NftValue.address(IpAddress.of("10.6.168.201")))
            .withLifetime(ElementLifetime.of(Duration.ofMinutes(10)));
    NftBatch batch =
        new NftBatch()
            .addTable(NftTable.of(inet))
            .addTable(NftTable.of(arp))
            .addChain(NftChain.base(inet.chain("post"), BaseChain.filter(Hook.POSTROUTING, 300)))
            .addChain(NftChain.base(arp.chain("out"), BaseChain.filter(Hook.OUTPUT, 0)));
    for (TableId table : List.of(inet, arp)) {
      batch
          .addSet(NftSet.of(table.set("pool4"), NftDataType.IPV4_ADDR).with(SetFlag.INTERVAL))
          .addSet(NftSet.of(table.set("owned4"), NftDataType.IPV4_ADDR).with(SetFlag.TIMEOUT))
          .addElements(
              table.set("pool4"), IntervalElements.of(CidrSet.of(Cidr.of("10.6.168.200/29"))))
          .addElements(table.set("owned4"), List.of(owned));
    }
    batch.appendRule(
        NftRuleBuilder.in(inet.chain("post"))
            .source(IpFamily.IPV4)
            .isIn(SetReference.named(inet.set("pool4")))
            .payload(PayloadField.IP_SOURCE)
            .isNotIn(SetReference.named(inet.set("owned4")))
            .counter()
            .drop()
            .build());
    batch.appendRule(
        NftRuleBuilder.in(arp.chain("out"))
            .arpSenderIp()
            .isIn(SetReference.named(arp.set("pool4")))
            .arpSenderIp()
            .isNotIn(SetReference.named(arp.set("owned4")))
            .drop()
            .build());
    nft.commit(batch);
    nft.commit(
        new NftBatch().flushSet(arp.set("owned4")).addElements(arp.set("owned4"), List.of(owned)));
    assertThat(nft.elements(arp.set("owned4")))
        .singleElement()
        .satisfies(
            element -> {
              assertThat(element.key()).isEqualTo(owned.key());
              assertThat(element.lifetime().timeout()).contains(Duration.ofMinutes(10));
              assertThat(element.lifetime().expiration().orElseThrow())
                  .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
            });
    if (Files.isExecutable(Path.of("/usr/sbin/nft"))) {
      assertThat(nftTool("list", "ruleset"))
          .contains("arp saddr ip @pool4 arp saddr ip != @owned4 drop")
          .contains("ip saddr @pool4 ip saddr != @owned4 counter packets 0 bytes 0 drop");
    }
  }

  @Test
  void ownsATableThatOthersCannotChange() {
    NftTable owned = NftTable.of(TABLE).with(TableFlag.OWNER);
    nft.commit(new NftBatch().addTable(owned));
    assertThat(nft.tables())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.table()).isEqualTo(owned);
              assertThat(entry.owner()).hasValue(nft.portId());
            });
    try (NftNetlink other = namespace.nft()) {
      assertThatThrownBy(() -> other.commit(new NftBatch().deleteTable(TABLE)))
          .isInstanceOfSatisfying(
              NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    }
  }

  @Test
  void oneRefusedMessageUndoesAllAndIsNamed() {
    NftBatch batch =
        new NftBatch()
            .addTable(NftTable.of(TABLE))
            .addChain(NftChain.regular(TABLE.chain("c")))
            .deleteSet(TABLE.set("missing"))
            .appendRule(NftRuleBuilder.in(TABLE.chain("c")).jump(TABLE.chain("nowhere")).build())
            .addChain(NftChain.regular(TABLE.chain("d")));
    assertThatThrownBy(() -> nft.commit(batch))
        .isInstanceOfSatisfying(
            TransactionRejected.class,
            e ->
                assertThat(e.failures())
                    .extracting(NetlinkException::operation)
                    .containsExactly("delete set inet t missing", "add rule to inet t c"))
        .hasMessageContaining("delete set inet t missing: ENOENT");
    assertThat(nft.tables()).isEmpty();
    // The socket is in step afterwards.
    nft.commit(new NftBatch().addTable(NftTable.of(TABLE)));
    assertThat(nft.tables()).hasSize(1);
  }

  @Test
  void refusesABatchMadeForAnotherGeneration() {
    NftGeneration before = nft.generation();
    nft.commit(new NftBatch().addTable(NftTable.of(TABLE)), before);
    assertThat(nft.generation().id()).isEqualTo(before.id() + 1);
    assertThatThrownBy(() -> nft.commit(new NftBatch().deleteTable(TABLE), before))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ERESTART));
    assertThat(nft.tables()).hasSize(1);
  }

  @Test
  void addsAHundredThousandElementsInOneTransaction() {
    SetId pods = TABLE.set("pods");
    // Without a size the kernel keeps rehashing for a while, and dumps meanwhile are incomplete.
    NftSet map = NftSet.of(pods, NftDataType.IPV4_ADDR).to(NftDataType.MARK).withSize(100_000);
    List<SetElement> elements = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      elements.add(
          SetElement.of(
              NftValue.address(new Ipv4Address(0x0a000000 + i)), NftValue.mark(i & 0xff)));
    }
    nft.commit(new NftBatch().addTable(NftTable.of(TABLE)).addSet(map).addElements(pods, elements));
    assertThat(nft.elements(pods).stream().map(SetElement::key).distinct()).hasSize(100_000);
  }

  @Test
  void changesElementsAndRules() {
    SetId eips = TABLE.set("eips");
    SetElement one = SetElement.of(NftValue.mark(1), NftValue.mark(11));
    SetElement two = SetElement.of(NftValue.mark(2), NftValue.mark(22));
    ChainId chain = TABLE.chain("c");
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(TABLE))
            .addSet(NftSet.of(eips, NftDataType.MARK).to(NftDataType.MARK))
            .addElements(eips, List.of(one, two))
            .addChain(NftChain.regular(chain))
            .appendRule(NftRuleBuilder.in(chain).counter().comment("first").build())
            .appendRule(NftRuleBuilder.in(chain).counter().comment("second").build()));
    SetElement moved = SetElement.of(NftValue.mark(1), NftValue.mark(99));
    long first = nft.rules(TABLE).get(0).handle();
    nft.commit(
        new NftBatch()
            .deleteElements(eips, List.of(one))
            .addElements(eips, List.of(moved))
            .destroyElements(eips, List.of(SetElement.of(NftValue.mark(77))))
            .deleteRule(chain, first)
            .insertRule(NftRuleBuilder.in(chain).counter().comment("zeroth").build()));
    assertThat(nft.elements(eips)).containsExactlyInAnyOrder(moved, two);
    assertThat(nft.rules(TABLE))
        .extracting(entry -> entry.rule().comment())
        .containsExactly(Optional.of("zeroth"), Optional.of("second"));
    nft.commit(new NftBatch().flushChain(chain).deleteChain(chain).flushSet(eips).deleteSet(eips));
    assertThat(nft.sets(TABLE)).isEmpty();
    assertThat(nft.chains(TABLE)).isEmpty();
    nft.commit(new NftBatch().deleteTable(TABLE));
    assertThat(nft.tables()).isEmpty();
  }

  @Test
  void asksTheRoutingTableAndMasquerades() throws Exception {
    ChainId pre = TABLE.chain("pre");
    ChainId post = TABLE.chain("post");
    Fib reverse =
        new Fib(new TreeSet<>(EnumSet.of(FibFlag.SADDR, FibFlag.IIF)), FibResult.OIF, Register.R1);
    NftRule strict = NftRuleBuilder.in(pre).add(reverse).is(Bytes.zeros(4)).drop().build();
    NftRule masquerade = NftRuleBuilder.in(post).source(IpFamily.IPV4).masquerade().build();
    nft.commit(
        new NftBatch()
            .addTable(NftTable.of(TABLE))
            .addChain(NftChain.base(pre, BaseChain.filter(Hook.PREROUTING, 0)))
            .addChain(NftChain.base(post, BaseChain.nat(Hook.POSTROUTING, 100)))
            .appendRule(strict)
            .appendRule(masquerade));
    assertThat(nft.rules(TABLE)).extracting(RuleEntry::rule).containsExactly(strict, masquerade);
  }

  @Test
  void toleratesARulesetOfOthers() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft is not installed");
    Path file = Files.createTempFile("foreign", ".nft");
    Files.writeString(
        file,
        """
        table inet foreign {
          set ports { type inet_service; flags interval; elements = { 80-90, 443 } }
          set dyn { type ipv4_addr; flags dynamic,timeout; size 100; timeout 1m; }
          counter named {
          }
          chain c {
            type filter hook input priority filter; policy drop;
            tcp dport @ports accept
            ct state vmap { established : accept, invalid : drop }
            ip saddr 10.0.0.1-10.0.0.9 limit rate 5/second log prefix "x" reject
            ip protocol icmp counter name named
            update @dyn { ip saddr limit rate 3/minute } accept
            ip dscp set cs1
            ct mark set ct mark << 3
            tcp option sack-perm exists
            meta l4proto { tcp, udp } th dport 53 accept
          }
        }
        """);
    nftTool("-f", file.toString());
    Files.delete(file);
    TableId foreign = new TableId(NftFamily.INET, "foreign");
    assertThat(nft.rules(foreign)).hasSize(9);
    assertThat(nft.sets(foreign)).hasSizeGreaterThanOrEqualTo(2);
    assertThat(nft.chains(foreign)).hasSize(1);
    assertThat(nft.elements(foreign.set("ports"))).isNotEmpty();
  }

  @Test
  void transactionsOfOthersAreToldFromOurs() {
    TableId own = new TableId(NftFamily.INET, "own");
    TableId foreign = new TableId(NftFamily.INET, "foreign");
    int before = nft.othersTransactions();

    nft.commit(new NftBatch().addTable(NftTable.of(own)));
    nft.commit(new NftBatch().addSet(NftSet.of(own.set("hosts"), NftDataType.IPV4_ADDR)));
    assertThatThrownBy(() -> nft.commit(new NftBatch().deleteTable(foreign)))
        .isInstanceOf(TransactionRejected.class);
    assertThat(nft.othersTransactions()).isEqualTo(before);

    try (NftNetlink other = namespace.nft()) {
      other.commit(new NftBatch().addTable(NftTable.of(foreign)));
    }
    assertThat(nft.othersTransactions()).isNotEqualTo(before);
  }
}
