package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClusterDefault;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.Labels;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Selection;
import io.egressgateway.core.plan.TunnelSettings;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.crd.SelectorTerms;
import io.egressgateway.k8s.reflector.ReflectorTiming;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.NodeFacts;
import io.egressgateway.k8s.translate.NodeFacts.Availability;
import io.egressgateway.k8s.translate.PodFacts;
import io.egressgateway.k8s.translate.Translation;
import io.egressgateway.policy.domain.SpecVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Short ways to the values that tests of this package start from. */
final class Given {
  private static final ReflectorTiming REFLECTORS =
      new ReflectorTiming(
          Duration.ofSeconds(45),
          Duration.ofMillis(200),
          Duration.ofMillis(100),
          Duration.ofSeconds(1));

  private Given() {}

  static PolicyKey.Namespaced policy(String name) {
    return new PolicyKey.Namespaced("default", name);
  }

  static PolicyKey.ClusterScoped clusterPolicy(String name) {
    return new PolicyKey.ClusterScoped(name);
  }

  /** Selects pods with this label, wherever the policy reaches. */
  static Selection labelled(String key, String value) {
    return new Selection.Pods(LabelSelector.ofLabels(Map.of(key, value)), Optional.empty());
  }

  /** Selects pods with this label in namespaces with that one. */
  static Selection labelled(String key, String value, Map<String, String> namespace) {
    return new Selection.Pods(
        LabelSelector.ofLabels(Map.of(key, value)), Optional.of(LabelSelector.ofLabels(namespace)));
  }

  /** Selects pods' addresses in these blocks. */
  static Selection subnets(String... blocks) {
    return new Selection.Subnets(
        CidrSet.of(Stream.of(blocks).map(Cidr::of).toList()), Optional.empty());
  }

  /** A pod named after its uid. */
  static PodFacts pod(String uid, Map<String, String> labels, String node, String address) {
    return pod(new PodFacts.Id(uid, "default", "pod-" + uid, Instant.EPOCH), labels, node, address);
  }

  static PodFacts pod(PodFacts.Id id, Map<String, String> labels, String node, String address) {
    return new PodFacts(
        id,
        Labels.of(labels),
        new NodeName(node),
        new TreeSet<>(List.of(IpAddress.parse(address).orElseThrow())));
  }

  /**
   * A node whose uid is its name and whose pods are in 10.244.x.0/24 where its address ends in x.
   */
  static NodeFacts node(String name, String address, Map<String, String> labels) {
    String last = address.substring(address.lastIndexOf('.') + 1);
    return new NodeFacts(
        new NodeFacts.Id(new NodeName(name), name),
        Labels.of(labels),
        Availability.READY,
        new NodeFacts.Network(
            new TreeSet<>(List.of(IpAddress.parse(address).orElseThrow())),
            new TreeSet<>(List.of(Cidr.of("10.244." + last + ".0/24")))));
  }

  static SpecVersion version(String uid, long generation) {
    return new SpecVersion(uid, new Generation(generation));
  }

  /** A gateway whose uid is its name; it selects nodes with the label egressgateway=true. */
  static GatewayObject gateway(String name, String created, String pool) {
    return gateway(name, created, pool, ClusterDefault.NO);
  }

  /** Not taken up yet. */
  static GatewayObject unguarded(GatewayObject gateway) {
    return new GatewayObject(
        gateway.name(),
        gateway.version(),
        gateway.created(),
        GatewayObject.Lifecycle.UNGUARDED,
        gateway.translation(),
        gateway.orders());
  }

  /** After a change. */
  static GatewayObject changed(GatewayObject gateway) {
    return new GatewayObject(
        gateway.name(),
        version(gateway.name().value(), 2),
        gateway.created(),
        gateway.lifecycle(),
        gateway.translation(),
        gateway.orders());
  }

  static GatewayObject gateway(
      String name, String created, String pool, ClusterDefault clusterDefault) {
    EgressGateway gateway = new EgressGateway();
    gateway.setSpec(
        new EgressGateway.Spec(
            null,
            clusterDefault == ClusterDefault.YES,
            null,
            null,
            new EgressGateway.IpPools(List.of(pool), null, null, null),
            new EgressGateway.NodeSelector(
                null, new SelectorTerms(null, Map.of("egressgateway", "true"))),
            null));
    Translation<EgressGatewaySpec> translation = GatewayTranslator.translate(gateway);
    return new GatewayObject(
        new GatewayName(name),
        version(name, 1),
        created,
        GatewayObject.Lifecycle.GUARDED,
        translation,
        List.of());
  }

  /** A policy whose uid is its name; it selects pods with the label app=name. */
  static PolicyObject policy(String name, Optional<String> gateway) {
    EgressPolicy resource = new EgressPolicy();
    resource.setSpec(
        new EgressPolicy.Spec(
            new EgressPolicy.AppliedTo(new SelectorTerms(null, Map.of("app", name)), null),
            null,
            gateway.orElse(""),
            null,
            null,
            null));
    return new PolicyObject(policy(name), version(name, 1), resource);
  }

  static ClusterWatcherSettings settings() {
    return settings(UplinkRules.NONE);
  }

  static ClusterWatcherSettings settings(UplinkRules uplinks) {
    return new ClusterWatcherSettings(
        new TunnelSettings(
            "egress.vxlan",
            100,
            7789,
            new TunnelSettings.Subnets(Optional.of(Cidr.of("172.31.0.0/16")), Optional.empty())),
        uplinks,
        CidrSet.of(Cidr.of("10.96.0.0/12")),
        ClusterWatcherSettings.Cordon.KEEPS_EGRESS_IPS,
        new ClusterWatcherSettings.Timing(
            Duration.ofMillis(10), Duration.ofSeconds(10), REFLECTORS));
  }
}
