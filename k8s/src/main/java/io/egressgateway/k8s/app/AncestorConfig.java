package io.egressgateway.k8s.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@code conf.yml} of spidernet-io/egressgateway, in our own terms. Beside them the
 * file may have {@code egressgateway} and {@code akka}, whose keys are ours.
 *
 * @param config ours
 * @param ignored keys that say something which has no effect here, each with the reason
 */
record AncestorConfig(Config config, List<String> ignored) {
  private static final String ORIGIN = "conf.yml";
  private static final String TUNNEL = "egressgateway.network.tunnel.";
  private static final String CUSTOM_INTERFACE = "tunnelDetectCustomInterface";
  private static final String EXCLUDED = "announcedInterfacesToExclude";
  private static final Set<String> OURS = Set.of("egressgateway", "akka");

  /** Keys that are understood. */
  private static final Set<String> KNOWN =
      Set.of(
          "enableIPv4",
          "enableIPv6",
          "tunnelIpv4Subnet",
          "tunnelIpv6Subnet",
          "vxlan",
          "mark",
          "gatewayFailover",
          CUSTOM_INTERFACE,
          EXCLUDED);

  /** Keys of which the agents learn by their own flags, or that cannot be otherwise. */
  private static final Map<String, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("datapathMode", "there is one datapath, nftables"),
          Map.entry("enableGatewayReplyRoute", "return traffic always goes through the tunnel"),
          Map.entry("gatewayReplyRouteTable", "return traffic always goes through the tunnel"),
          Map.entry("gatewayReplyRouteMark", "return traffic always goes through the tunnel"),
          Map.entry("maxNumberEndpointPerSlice", "a slice has at most 100 endpoints"),
          Map.entry("iptables", "rules are nftables' own"),
          Map.entry("tunnelDetectMethod", "it is the agents' --uplink"),
          Map.entry("cacheSyncSyncPeriodSecond", "agents keep no cache of the Kubernetes API"));

  AncestorConfig {
    ignored = List.copyOf(ignored);
  }

  /**
   * Translates.
   *
   * @param file as YAML has it
   * @throws StartFailure naming the key whose value cannot be
   */
  static AncestorConfig of(Map<String, ?> file) throws StartFailure {
    Map<String, Object> ours = new LinkedHashMap<>();
    try {
      Config own = ConfigFactory.parseMap(only(file, OURS), ORIGIN);
      Map<String, Object> known = only(file, KNOWN);
      known.remove(CUSTOM_INTERFACE);
      Config theirs = ConfigFactory.parseMap(known, ORIGIN);
      subnet(theirs, "enableIPv4", "tunnelIpv4Subnet", ours, "ipv4-subnet");
      subnet(theirs, "enableIPv6", "tunnelIpv6Subnet", ours, "ipv6-subnet");
      copy(theirs, "vxlan.name", ours, TUNNEL + "device");
      copy(theirs, "vxlan.id", ours, TUNNEL + "vni");
      copy(theirs, "vxlan.port", ours, TUNNEL + "port");
      copy(theirs, "mark", ours, "egressgateway.network.mark");
      copy(theirs, EXCLUDED, ours, "egressgateway.network.excluded-links");
      @Nullable Object rules = file.get(CUSTOM_INTERFACE);
      if (rules != null) {
        ours.put("egressgateway.network.uplinks", UplinkConfig.ofAncestor(rules));
      }
      if (theirs.hasPath("gatewayFailover.enable") && theirs.getBoolean("gatewayFailover.enable")) {
        copy(theirs, "gatewayFailover", ours, "egressgateway.gateway-failover");
      }
      return new AncestorConfig(
          own.withFallback(ConfigFactory.parseMap(ours, ORIGIN)), ignored(file));
    } catch (ConfigException e) {
      throw new StartFailure("configuration file: " + e.getMessage(), e);
    }
  }

  /** A family that is not enabled has no network in the tunnel. */
  private static void subnet(
      Config theirs, String enabled, String subnet, Map<String, Object> ours, String key) {
    if (theirs.hasPath(enabled) && !theirs.getBoolean(enabled)) {
      ours.put(TUNNEL + key, "");
    } else {
      copy(theirs, subnet, ours, TUNNEL + key);
    }
  }

  private static void copy(Config from, String path, Map<String, Object> to, String key) {
    if (from.hasPath(path)) {
      to.put(key, from.getValue(path).unwrapped());
    }
  }

  private static Map<String, Object> only(Map<String, ?> file, Set<String> keys) {
    Map<String, Object> some = new LinkedHashMap<>();
    file.forEach(
        (key, value) -> {
          if (keys.contains(key) && value != null) {
            some.put(key, withoutAbsent(value));
          }
        });
    return some;
  }

  /** A key without a value is one that is not there. */
  private static Object withoutAbsent(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, Object> present = new LinkedHashMap<>();
    map.forEach(
        (key, inner) -> {
          if (inner != null) {
            present.put(String.valueOf(key), withoutAbsent(inner));
          }
        });
    return present;
  }

  private static List<String> ignored(Map<String, ?> file) {
    List<String> ignored = new ArrayList<>();
    for (String key : new TreeSet<>(file.keySet())) {
      @Nullable String reason = WITHOUT_EFFECT.get(key);
      if (reason != null) {
        ignored.add(key + ": " + reason);
      } else if (!KNOWN.contains(key) && !OURS.contains(key)) {
        ignored.add(key + ": it is not known; check its spelling");
      }
    }
    return ignored;
  }
}
