package io.egressgateway.node.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.plan.KernelNumbers;
import io.egressgateway.node.kernel.LookupSet.Field;
import io.egressgateway.node.kernel.LookupSet.Match;
import io.egressgateway.node.kernel.TableState.Fingerprint;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.netlink.wire.nft.NftChain;
import io.egressgateway.node.netlink.wire.nft.NftDataType;
import io.egressgateway.node.netlink.wire.nft.NftExpression;
import io.egressgateway.node.netlink.wire.nft.NftFamily;
import io.egressgateway.node.netlink.wire.nft.NftRule;
import io.egressgateway.node.netlink.wire.nft.NftSet;
import io.egressgateway.node.netlink.wire.nft.NftTable;
import io.egressgateway.node.netlink.wire.nft.SetFlag;
import io.egressgateway.node.netlink.wire.nft.TableId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of our table that no plan changes: sets, chains and rules. It is the same on every node;
 * what a node does comes from the elements alone. Only the tunnel's name, port and packet size and
 * the numbers make one ruleset differ from another.
 *
 * @param table with the numbers and the digest in its comment
 * @param sets without their elements
 * @param chains targets before those who jump to them
 * @param rules in order, each with a comment
 * @param numbers by which it knows its packets
 */
public record Ruleset(
    NftTable table,
    List<NftSet> sets,
    List<NftChain> chains,
    List<NftRule> rules,
    KernelNumbers numbers) {
  /** Our table. */
  public static final TableId TABLE = new TableId(NftFamily.INET, Marks.TABLE);

  private static final Pattern WRITTEN =
      Pattern.compile(
          "managed by the egressgateway agent; (?:marks 0x(?<mark>[0-9a-f]{8})/0x(?<mask>[0-9a-f]{8}),"
              + " tables (?<tables>[0-9]{1,10}), priority (?<priority>[0-9]{1,5}); )?rules"
              + " (?<digest>.*)");
  private static final int DIGEST_BYTES = 8;
  private static final int HEX = 16;

  public Ruleset {
    sets = List.copyOf(sets);
    chains = List.copyOf(chains);
    rules = List.copyOf(rules);
  }

  /**
   * The ruleset for a tunnel.
   *
   * @param device name of the tunnel device
   * @param port UDP port of the tunnel
   * @param mtu bytes of a packet inside the tunnel
   * @param numbers by which it knows its packets
   */
  public static Ruleset of(String device, int port, int mtu, KernelNumbers numbers) {
    List<NftSet> sets = Arrays.stream(LookupSet.values()).map(Ruleset::set).toList();
    Rules rules = DatapathRules.of(device, port, mtu, numbers);
    String digest = digest(sets.toString() + rules.chains() + rules.rules());
    String comment =
        "managed by the egressgateway agent; marks 0x%08x/0x%08x, tables %d, priority %d; rules %s"
            .formatted(
                numbers.mark(), numbers.mask(), numbers.tables(), numbers.priority(), digest);
    return new Ruleset(
        NftTable.of(TABLE).withComment(comment), sets, rules.chains(), rules.rules(), numbers);
  }

  /** What a table is recognised by. */
  Fingerprint fingerprint() {
    return fingerprint(table, chains, rules);
  }

  /** What a table in a kernel is recognised by: all of it but elements and counts. */
  public static Fingerprint fingerprint(
      NftTable table, List<NftChain> chains, List<NftRule> rules) {
    SortedMap<String, List<NftRule>> byChain = new TreeMap<>();
    for (NftRule rule : rules) {
      byChain.computeIfAbsent(rule.chain().name(), name -> new ArrayList<>()).add(uncounted(rule));
    }
    SortedMap<String, TableState.Chain> found = new TreeMap<>();
    for (NftChain chain : chains) {
      List<NftRule> itsRules = byChain.getOrDefault(chain.id().name(), List.of());
      found.put(chain.id().name(), new TableState.Chain(chain.base(), itsRules));
    }
    Matcher written = WRITTEN.matcher(table.comment().orElse(""));
    String digest = written.matches() ? written.group("digest") : "(unknown)";
    return new Fingerprint(digest, table.flags(), found);
  }

  /**
   * By which numbers a table of ours knows its packets; the usual ones of a table that was written
   * before others could be chosen, or by hand.
   */
  public static KernelNumbers numbers(NftTable table) {
    Matcher written = WRITTEN.matcher(table.comment().orElse(""));
    if (!written.matches() || written.group("mark") == null) {
      return KernelNumbers.USUAL;
    }
    try {
      return new KernelNumbers(
          Integer.parseUnsignedInt(written.group("mark"), HEX),
          Integer.parseUnsignedInt(written.group("mask"), HEX),
          Long.parseLong(written.group("tables")),
          Integer.parseInt(written.group("priority")));
    } catch (IllegalArgumentException byHand) {
      return KernelNumbers.USUAL;
    }
  }

  private static NftRule uncounted(NftRule rule) {
    List<NftExpression> expressions = new ArrayList<>(rule.expressions());
    expressions.replaceAll(expression -> expression instanceof Counter ? Counter.ZERO : expression);
    return new NftRule(rule.chain(), expressions, rule.comment());
  }

  private static NftSet set(LookupSet set) {
    NftDataType[] key = set.key().stream().map(Ruleset::type).toList().toArray(new NftDataType[0]);
    NftSet made = NftSet.of(TABLE.set(set.setName()), key);
    if (set.value().isPresent()) {
      made = made.to(type(set.value().get()));
    }
    if (set.counts()) {
      made = made.counting();
    }
    return set.match() == Match.RANGES ? made.with(SetFlag.INTERVAL) : made;
  }

  private static NftDataType type(Field field) {
    return switch (field) {
      case IPV4 -> NftDataType.IPV4_ADDR;
      case IPV6 -> NftDataType.IPV6_ADDR;
      case MARK -> NftDataType.MARK;
      case ETHER -> NftDataType.ETHER_ADDR;
    };
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
