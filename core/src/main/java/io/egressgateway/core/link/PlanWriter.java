package io.egressgateway.core.link;

import com.google.protobuf.ByteString;
import io.egressgateway.core.link.v1.EipRoute;
import io.egressgateway.core.link.v1.Endpoint;
import io.egressgateway.core.link.v1.HeldEip;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.link.v1.PodClass;
import io.egressgateway.core.link.v1.Tunnel;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.core.plan.TunnelEndpoint;
import io.egressgateway.core.plan.TunnelSettings;

/** Values to messages. Every list comes out in the order of its values. */
final class PlanWriter {
  private PlanWriter() {}

  static Plan plan(NodePlan plan) {
    Plan.Builder message = Plan.newBuilder();
    message.setRevision(revision(plan.revision()));
    message.setTunnel(tunnel(plan.mesh().settings()));
    message.setSelf(endpoint(plan.mesh().self()));
    plan.mesh().peers().values().forEach(peer -> message.addPeers(endpoint(peer)));
    putSelection(message, plan.selection());
    putOwnership(message, plan.ownership());
    return message.build();
  }

  private static void putSelection(Plan.Builder message, Selection selection) {
    selection.clusterCidrs().cidrs().forEach(cidr -> message.addClusterCidrs(cidr.toString()));
    selection
        .endpoints()
        .forEach(
            (address, number) ->
                message.addPods(pod(address).setEndpointClass(number.value()).build()));
    selection.rules().forEach(rule -> message.addRules(rule(rule)));
  }

  private static void putOwnership(Plan.Builder message, Ownership ownership) {
    ownership
        .routes()
        .forEach(
            (eip, node) ->
                message.addRoutes(
                    EipRoute.newBuilder().setEip(eip.value()).setNode(node.value()).build()));
    ownership
        .held()
        .forEach(
            (eip, address) ->
                message.addHeld(
                    HeldEip.newBuilder().setEip(eip.value()).setAddress(bytes(address)).build()));
  }

  static io.egressgateway.core.link.v1.PlanDelta delta(PlanDelta delta) {
    return io.egressgateway.core.link.v1.PlanDelta.newBuilder()
        .setBaseRevision(revision(delta.base()))
        .setRevision(revision(delta.revision()))
        .setPut(put(delta))
        .setRemove(remove(delta))
        .build();
  }

  private static Plan put(PlanDelta delta) {
    Plan.Builder message = Plan.newBuilder();
    delta.mesh().self().ifPresent(self -> message.setSelf(endpoint(self)));
    delta.mesh().settings().ifPresent(settings -> message.setTunnel(tunnel(settings)));
    delta.mesh().peers().put().values().forEach(peer -> message.addPeers(endpoint(peer)));
    PlanDelta.SelectionDelta selection = delta.selection();
    selection.clusterCidrs().add().forEach(cidr -> message.addClusterCidrs(cidr.toString()));
    selection
        .endpoints()
        .put()
        .forEach(
            (address, number) ->
                message.addPods(pod(address).setEndpointClass(number.value()).build()));
    selection.rules().add().forEach(rule -> message.addRules(rule(rule)));
    putOwnership(
        message, new Ownership(delta.ownership().routes().put(), delta.ownership().held().put()));
    return message.build();
  }

  private static Plan remove(PlanDelta delta) {
    Plan.Builder message = Plan.newBuilder();
    delta
        .mesh()
        .peers()
        .remove()
        .forEach(peer -> message.addPeers(Endpoint.newBuilder().setNumber(peer.value()).build()));
    PlanDelta.SelectionDelta selection = delta.selection();
    selection.clusterCidrs().remove().forEach(cidr -> message.addClusterCidrs(cidr.toString()));
    selection.endpoints().remove().forEach(address -> message.addPods(pod(address).build()));
    selection.rules().remove().forEach(rule -> message.addRules(rule(rule)));
    PlanDelta.OwnershipDelta ownership = delta.ownership();
    ownership
        .routes()
        .remove()
        .forEach(eip -> message.addRoutes(EipRoute.newBuilder().setEip(eip.value()).build()));
    ownership
        .held()
        .remove()
        .forEach(eip -> message.addHeld(HeldEip.newBuilder().setEip(eip.value()).build()));
    return message.build();
  }

  private static Tunnel tunnel(TunnelSettings settings) {
    Tunnel.Builder message =
        Tunnel.newBuilder()
            .setDevice(settings.device())
            .setVni(settings.vni())
            .setPort(settings.port())
            .setMark(settings.numbers().mark())
            .setMarkMask(settings.numbers().mask())
            .setRoutingTables((int) settings.numbers().tables())
            .setRulePriority(settings.numbers().priority());
    settings.uplink().ifPresent(message::setUplink);
    settings.excluded().forEach(links -> message.addExcludedLinks(links.text()));
    settings.subnets().ipv4().ifPresent(subnet -> message.setIpv4Subnet(subnet.toString()));
    settings.subnets().ipv6().ifPresent(subnet -> message.setIpv6Subnet(subnet.toString()));
    return message.build();
  }

  private static Endpoint endpoint(TunnelEndpoint endpoint) {
    Endpoint.Builder message =
        Endpoint.newBuilder()
            .setNode(endpoint.node().value())
            .setNumber(endpoint.number().value())
            .setMac(ByteString.copyFrom(endpoint.mac().toBytes()))
            .setUnderlay(bytes(endpoint.addresses().underlay()));
    endpoint.addresses().ipv4().ifPresent(address -> message.setIpv4(bytes(address)));
    endpoint.addresses().ipv6().ifPresent(address -> message.setIpv6(bytes(address)));
    return message.build();
  }

  private static PodClass.Builder pod(IpAddress address) {
    return PodClass.newBuilder().setAddress(bytes(address));
  }

  private static io.egressgateway.core.link.v1.ClassRule rule(ClassRule rule) {
    return io.egressgateway.core.link.v1.ClassRule.newBuilder()
        .setEndpointClass(rule.endpointClass().value())
        .setDestination(bytes(rule.destination().address()))
        .setPrefixLength(rule.destination().prefixLength())
        .setEip(rule.eip().value())
        .build();
  }

  private static ByteString bytes(IpAddress address) {
    return ByteString.copyFrom(address.toBytes());
  }

  private static long revision(Revision revision) {
    if (revision.equals(Revision.ZERO)) {
      throw new IllegalArgumentException("a plan at revision 0 cannot be sent: 0 means no plan");
    }
    return revision.value();
  }
}
