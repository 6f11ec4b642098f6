package io.egressgateway.node.kernel;

import io.egressgateway.core.model.IpFamily;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sets and maps of our table. Only their elements change while packets flow. */
public enum LookupSet {
  CLUSTER_V4("cluster_cidrs_v4", Match.RANGES, List.of(Field.IPV4), Optional.empty()),
  CLUSTER_V6("cluster_cidrs_v6", Match.RANGES, List.of(Field.IPV6), Optional.empty()),
  POD_CLASS_V4("pod_class_v4", Match.EXACT, List.of(Field.IPV4), Optional.of(Field.MARK)),
  POD_CLASS_V6("pod_class_v6", Match.EXACT, List.of(Field.IPV6), Optional.of(Field.MARK)),
  CLASS_EIP_V4(
      "class_eip_v4", Match.RANGES, List.of(Field.MARK, Field.IPV4), Optional.of(Field.MARK)),
  CLASS_EIP_V6(
      "class_eip_v6", Match.RANGES, List.of(Field.MARK, Field.IPV6), Optional.of(Field.MARK)),
  EIP_NEXT_HOP("eip_next_hop", Match.EXACT, List.of(Field.MARK), Optional.of(Field.MARK)),
  EIP_ADDRESS_V4("eip_address_v4", Match.EXACT, List.of(Field.MARK), Optional.of(Field.IPV4)),
  EIP_ADDRESS_V6("eip_address_v6", Match.EXACT, List.of(Field.MARK), Optional.of(Field.IPV6)),
  EIP_SENT("eip_sent", Match.EXACT, List.of(Field.MARK), Optional.empty()),
  EIP_RECEIVED_V4("eip_received_v4", Match.EXACT, List.of(Field.IPV4), Optional.empty()),
  EIP_RECEIVED_V6("eip_received_v6", Match.EXACT, List.of(Field.IPV6), Optional.empty()),
  NODE_MARK("node_mark", Match.EXACT, List.of(Field.ETHER), Optional.of(Field.MARK)),
  HELD_V4("held_eips_v4", Match.EXACT, List.of(Field.IPV4), Optional.empty()),
  HELD_V6("held_eips_v6", Match.EXACT, List.of(Field.IPV6), Optional.empty()),
  OWN_SOURCE_V4("own_source_v4", Match.EXACT, List.of(Field.MARK, Field.IPV4), Optional.empty()),
  OWN_SOURCE_V6("own_source_v6", Match.EXACT, List.of(Field.MARK, Field.IPV6), Optional.empty()),
  TUNNEL_PEERS_V4("tunnel_peers_v4", Match.EXACT, List.of(Field.IPV4), Optional.empty()),
  TUNNEL_PEERS_V6("tunnel_peers_v6", Match.EXACT, List.of(Field.IPV6), Optional.empty());

  private static final Set<LookupSet> COUNTING =
      Collections.unmodifiableSet(
          EnumSet.of(EIP_ADDRESS_V4, EIP_ADDRESS_V6, EIP_SENT, EIP_RECEIVED_V4, EIP_RECEIVED_V6));

  /** Whether keys are single values or ranges. Ranges of one set never overlap. */
  public enum Match {
    EXACT,
    RANGES
  }

  /** What a key or a value consists of. */
  public enum Field {
    IPV4(4),
    IPV6(16),
    MARK(4),
    ETHER(6);

    private final int bytes;

    Field(int bytes) {
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }
  }

  private final String setName;
  private final Match match;

  @SuppressWarnings("ImmutableEnumChecker") // only ever a List.of
  private final List<Field> key;

  private final Optional<Field> value;

  LookupSet(String setName, Match match, List<Field> key, Optional<Field> value) {
    this.setName = setName;
    this.match = match;
    this.key = key;
    this.value = value;
  }

  /** The set of our table that has this name. */
  public static Optional<LookupSet> named(String name) {
    return Arrays.stream(values()).filter(set -> set.setName.equals(name)).findFirst();
  }

  public String setName() {
    return setName;
  }

  public Match match() {
    return match;
  }

  /** The key's fields in order; more than one make a concatenation. */
  public List<Field> key() {
    return key;
  }

  /** Present in maps, absent in sets. */
  public Optional<Field> value() {
    return value;
  }

  /**
   * Whether each element counts the packets that find it: of the maps to addresses those are the
   * first packets of connections.
   */
  public boolean counts() {
    return COUNTING.contains(this);
  }

  static LookupSet eipReceived(IpFamily family) {
    return of(family, EIP_RECEIVED_V4, EIP_RECEIVED_V6);
  }

  static LookupSet cluster(IpFamily family) {
    return of(family, CLUSTER_V4, CLUSTER_V6);
  }

  static LookupSet podClass(IpFamily family) {
    return of(family, POD_CLASS_V4, POD_CLASS_V6);
  }

  static LookupSet classEip(IpFamily family) {
    return of(family, CLASS_EIP_V4, CLASS_EIP_V6);
  }

  static LookupSet eipAddress(IpFamily family) {
    return of(family, EIP_ADDRESS_V4, EIP_ADDRESS_V6);
  }

  static LookupSet held(IpFamily family) {
    return of(family, HELD_V4, HELD_V6);
  }

  static LookupSet ownSource(IpFamily family) {
    return of(family, OWN_SOURCE_V4, OWN_SOURCE_V6);
  }

  static LookupSet tunnelPeers(IpFamily family) {
    return of(family, TUNNEL_PEERS_V4, TUNNEL_PEERS_V6);
  }

  private static LookupSet of(IpFamily family, LookupSet ipv4, LookupSet ipv6) {
    return switch (family) {
      case IPV4 -> ipv4;
      case IPV6 -> ipv6;
    };
  }
}
