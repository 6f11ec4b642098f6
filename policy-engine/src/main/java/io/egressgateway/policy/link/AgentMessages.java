package io.egressgateway.policy.link;

import com.google.protobuf.ByteString;
import io.egressgateway.core.lease.Standing;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.v1.Fault;
import io.egressgateway.core.link.v1.HandedFlows;
import io.egressgateway.core.link.v1.Hello;
import io.egressgateway.core.link.v1.KernelFact;
import io.egressgateway.core.link.v1.NodeFacts;
import io.egressgateway.core.link.v1.PlanFailed;
import io.egressgateway.core.link.v1.ReplicaPart;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.PortShortage;
import io.egressgateway.core.model.Revision;
import io.egressgateway.policy.entity.AgentFacts;
import io.egressgateway.policy.entity.AgentFault;
import io.egressgateway.policy.entity.AgentHello;
import io.egressgateway.policy.entity.FlowParcel;
import io.egressgateway.policy.entity.FlowReplica;
import io.egressgateway.policy.entity.KernelAnswer;
import io.egressgateway.policy.entity.NodeFindings;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;

/** What agents say, as values. Everything is checked: an agent is not trusted to be well. */
final class AgentMessages {
  private static final int TEXT_MAX = 1_024;
  private static final int FAULTS_MAX = 100;
  private static final int ADDRESSES_MAX = 1_000;
  private static final int LOST_PATHS_MAX = 128;
  private static final int COLLISIONS_MAX = 16;
  private static final int PORT_SHORTAGES_MAX = 128;
  private static final int KERNEL_FACTS_MAX = 64;

  /** Revisions count up from 1 by ones: none comes near this within the life of a cluster. */
  private static final long REVISION_MAX = 1L << 48;

  private AgentMessages() {}

  static NodeName node(Hello hello) throws MalformedLinkMessage {
    return node("hello.node", hello.getNode());
  }

  static NodeName node(String field, String name) throws MalformedLinkMessage {
    try {
      return new NodeName(name);
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage(field, String.valueOf(refused.getMessage()));
    }
  }

  static AgentHello hello(Hello hello) throws MalformedLinkMessage {
    String boot = text("hello.boot_id", hello.getBootId());
    if (boot.isEmpty()) {
      throw new MalformedLinkMessage("hello.boot_id", "missing");
    }
    return new AgentHello(
        boot,
        number("hello.incarnation", hello.getIncarnation(), value -> value),
        revision("hello.applied_revision", hello.getAppliedRevision()),
        text("hello.agent_version", hello.getAgentVersion()));
  }

  static NodeSession session(NodeName node, String bootId, long incarnation)
      throws MalformedLinkMessage {
    try {
      return new NodeSession(node, bootId, incarnation);
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("session", String.valueOf(refused.getMessage()));
    }
  }

  static Standing standing(io.egressgateway.core.link.v1.Standing standing)
      throws MalformedLinkMessage {
    return switch (standing) {
      case STANDING_UNLEASED -> Standing.UNLEASED;
      case STANDING_LEASED -> Standing.LEASED;
      case STANDING_LEAVING -> Standing.LEAVING;
      case STANDING_UPLINK_DOWN -> Standing.UPLINK_DOWN;
      case STANDING_HOLDING -> Standing.HOLDING;
      case STANDING_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedLinkMessage("beat.standing", "not known here");
    };
  }

  static IpAddress address(String field, ByteString octets) throws MalformedLinkMessage {
    return bytes(field, octets, IpAddress::fromBytes);
  }

  private static <T> T bytes(String field, ByteString octets, Function<byte[], T> type)
      throws MalformedLinkMessage {
    try {
      return type.apply(octets.toByteArray());
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage(field, String.valueOf(refused.getMessage()));
    }
  }

  static FlowReplica replica(ReplicaPart part) throws MalformedLinkMessage {
    if (part.getFlows().size() > FlowParcel.BYTES_MAX) {
      throw new MalformedLinkMessage(
          "replica.flows", part.getFlows().size() + " bytes, the most is " + FlowParcel.BYTES_MAX);
    }
    IpAddress address = address("replica.address", part.getAddress());
    try {
      return new FlowReplica(
          new FlowParcel.Eip(address, new EipNumber(part.getEip())),
          part.getStream(),
          part.getRound(),
          part.getFlows());
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("replica.eip", String.valueOf(refused.getMessage()));
    }
  }

  static FlowParcel parcel(HandedFlows flows) throws MalformedLinkMessage {
    if (flows.getFlows().size() > FlowParcel.BYTES_MAX) {
      throw new MalformedLinkMessage(
          "flows.flows", flows.getFlows().size() + " bytes, the most is " + FlowParcel.BYTES_MAX);
    }
    if (flows.getPart() < 0) {
      throw new MalformedLinkMessage("flows.part", "more than " + Integer.MAX_VALUE);
    }
    IpAddress address = address("flows.address", flows.getAddress());
    try {
      return new FlowParcel(
          new FlowParcel.Eip(address, new EipNumber(flows.getEip())),
          flows.getPart(),
          flows.getLast() ? FlowParcel.Place.LAST : FlowParcel.Place.MORE_FOLLOW,
          flows.getFlows());
    } catch (IllegalArgumentException refused) {
      throw new MalformedLinkMessage("flows.eip", String.valueOf(refused.getMessage()));
    }
  }

  static Epoch epoch(String field, long value) throws MalformedLinkMessage {
    return number(field, value, Epoch::new);
  }

  static MacAddress mac(String field, ByteString octets) throws MalformedLinkMessage {
    return bytes(field, octets, MacAddress::fromBytes);
  }

  static Revision revision(String field, long value) throws MalformedLinkMessage {
    if (value > REVISION_MAX) {
      throw new MalformedLinkMessage(field, value + " is more than " + REVISION_MAX);
    }
    return number(field, value, Revision::new);
  }

  static List<AgentFault> faults(PlanFailed failed) throws MalformedLinkMessage {
    if (failed.getFaultsCount() == 0 || failed.getFaultsCount() > FAULTS_MAX) {
      throw new MalformedLinkMessage(
          "plan_failed.faults",
          "1 to " + FAULTS_MAX + " are needed, not " + failed.getFaultsCount());
    }
    return failed.getFaultsList().stream().map(AgentMessages::fault).toList();
  }

  private static AgentFault fault(Fault fault) {
    return new AgentFault(
        shortened(fault.getOperation()),
        shortened(fault.getSubject()),
        shortened(fault.getReason()));
  }

  static KernelAnswer answer(io.egressgateway.core.link.v1.KernelAnswer answer)
      throws MalformedLinkMessage {
    if (!answer.getRefusal().isEmpty()) {
      return new KernelAnswer.Refused(shortened(answer.getRefusal()));
    }
    if (answer.getFactsCount() == 0 || answer.getFactsCount() > KERNEL_FACTS_MAX) {
      throw new MalformedLinkMessage(
          "kernel_answer.facts",
          "1 to " + KERNEL_FACTS_MAX + " are needed, not " + answer.getFactsCount());
    }
    return new KernelAnswer.Read(answer.getFactsList().stream().map(AgentMessages::fact).toList());
  }

  private static KernelAnswer.Fact fact(KernelFact fact) {
    return new KernelAnswer.Fact(
        shortened(fact.getSubject()),
        shortened(fact.getPlanned()),
        shortened(fact.getFound()),
        fact.getDiffers() ? KernelAnswer.Agreement.DIFFERS : KernelAnswer.Agreement.AS_PLANNED);
  }

  static AgentFacts facts(NodeFacts facts) throws MalformedLinkMessage {
    if (facts.getUplinkAddressesCount() > ADDRESSES_MAX) {
      throw new MalformedLinkMessage(
          "facts.uplink_addresses", "more than " + ADDRESSES_MAX + " addresses");
    }
    TreeSet<IpAddress> addresses = new TreeSet<>();
    for (String text : facts.getUplinkAddressesList()) {
      addresses.add(
          IpAddress.parse(text)
              .orElseThrow(
                  () ->
                      new MalformedLinkMessage(
                          "facts.uplink_addresses", "'" + shortened(text) + "' is no address")));
    }
    Optional<MacAddress> mac = MacAddress.parse(facts.getUplinkMac());
    if (mac.isEmpty() && !facts.getUplinkMac().isEmpty()) {
      throw new MalformedLinkMessage(
          "facts.uplink_mac", "'" + shortened(facts.getUplinkMac()) + "' is no MAC address");
    }
    if (facts.getUplinkMtu() < 0) {
      throw new MalformedLinkMessage("facts.uplink_mtu", "more than an MTU can be");
    }
    return new AgentFacts(
        text("facts.uplink", facts.getUplink()),
        facts.getUplinkMtu(),
        mac,
        addresses,
        facts.getClockPpm(),
        lostPaths(facts),
        findings(facts));
  }

  private static SortedSet<NodeName> lostPaths(NodeFacts facts) throws MalformedLinkMessage {
    if (facts.getLostPathsCount() > LOST_PATHS_MAX) {
      throw new MalformedLinkMessage("facts.lost_paths", "more than " + LOST_PATHS_MAX + " nodes");
    }
    SortedSet<NodeName> nodes = new TreeSet<>();
    for (String name : facts.getLostPathsList()) {
      nodes.add(node("facts.lost_paths", name));
    }
    return nodes;
  }

  private static NodeFindings findings(NodeFacts facts) throws MalformedLinkMessage {
    if (facts.getCollisionsCount() > COLLISIONS_MAX) {
      throw new MalformedLinkMessage("facts.collisions", "more than " + COLLISIONS_MAX);
    }
    if (facts.getPortShortagesCount() > PORT_SHORTAGES_MAX) {
      throw new MalformedLinkMessage("facts.port_shortages", "more than " + PORT_SHORTAGES_MAX);
    }
    SortedSet<String> collisions = new TreeSet<>();
    facts.getCollisionsList().forEach(collision -> collisions.add(shortened(collision)));
    SortedSet<PortShortage> shortages = new TreeSet<>();
    for (var shortage : facts.getPortShortagesList()) {
      String field = "facts.port_shortages";
      IpAddress eip = address(field, shortage.getAddress());
      IpAddress destination = address(field, shortage.getDestination());
      try {
        shortages.add(
            new PortShortage(
                eip, shortage.getProtocol(), destination, shortage.getDestinationPort()));
      } catch (IllegalArgumentException refused) {
        throw new MalformedLinkMessage(field, String.valueOf(refused.getMessage()));
      }
    }
    return new NodeFindings(collisions, shortages);
  }

  private static String text(String field, String value) throws MalformedLinkMessage {
    if (value.length() > TEXT_MAX) {
      throw new MalformedLinkMessage(field, "more than " + TEXT_MAX + " characters");
    }
    return value;
  }

  private static String shortened(String value) {
    return value.length() > TEXT_MAX ? value.substring(0, TEXT_MAX) : value;
  }

  /** proto3 cannot tell an unsigned number above the signed range from a negative one: refused. */
  private static <T> T number(String field, long value, LongFunction<T> type)
      throws MalformedLinkMessage {
    if (value < 0) {
      throw new MalformedLinkMessage(field, "more than " + Long.MAX_VALUE);
    }
    return type.apply(value);
  }
}
