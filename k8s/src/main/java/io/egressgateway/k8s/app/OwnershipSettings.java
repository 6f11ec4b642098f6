package io.egressgateway.k8s.app;

import com.typesafe.config.Config;
import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.WitnessAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * By what egress IPs are owned, read from {@code egressgateway}.
 *
 * @param profile how long a silent gateway node may go on
 * @param witnesses all of them
 * @param embedded which of them this controller serves itself
 * @param controlStaleTimeout for how long a gateway node that renews its lease may be unheard by
 *     the controllers before its egress IPs move; empty means for ever
 */
record OwnershipSettings(
    LeaseProfile profile,
    WitnessMembership witnesses,
    Optional<WitnessAddress> embedded,
    Optional<Duration> controlStaleTimeout) {

  /** Agents find another controller, and entities start elsewhere, in less. */
  private static final Duration CONTROL_STALE_TIMEOUT_MIN = Duration.ofSeconds(10);

  private static final Duration CONTROL_STALE_TIMEOUT_MAX = Duration.ofDays(7);

  /**
   * Reads and checks.
   *
   * @param bindHost under which an embedded witness is known
   * @param seeds of the cluster
   * @throws StartFailure when there is no witness, saying what to add
   * @throws IllegalArgumentException naming the value that cannot be
   */
  static OwnershipSettings from(Config config, String bindHost, List<HostPort> seeds)
      throws StartFailure {
    Config root = config.getConfig("egressgateway");
    List<WitnessAddress> listed =
        root.getStringList("witnesses").stream().map(OwnershipSettings::witness).toList();
    Optional<WitnessAddress> embedded = embedded(root.getInt("embedded-witness"), bindHost);
    if (listed.isEmpty() && embedded.isEmpty()) {
      throw new StartFailure(
          "no witnesses: without them nobody can tell whether a gateway node still holds its egress"
              + " IPs. Start three with 'egressgateway witness' and name each with --witness"
              + " HOST:PORT; to try a single controller, --embedded-witness PORT is enough");
    }
    WitnessMembership witnesses =
        WitnessMembership.of(listed.isEmpty() ? embedded.stream().toList() : listed);
    if (embedded.isPresent()) {
      requireListed(embedded.get(), witnesses, seeds);
    }
    return new OwnershipSettings(profile(root), witnesses, embedded, controlStaleTimeout(root));
  }

  private static Optional<WitnessAddress> embedded(int port, String bindHost) {
    return port == 0 ? Optional.empty() : Optional.of(new WitnessAddress(bindHost, port));
  }

  private static void requireListed(
      WitnessAddress embedded, WitnessMembership witnesses, List<HostPort> seeds)
      throws StartFailure {
    if (!witnesses.witnesses().contains(embedded)) {
      throw new StartFailure(
          "the embedded witness "
              + embedded
              + " is none of the witnesses "
              + witnesses
              + ": name every controller's --bind-host with its --embedded-witness port as"
              + " --witness, the same list on all");
    }
    if (witnesses.size() == 1 && seeds.size() > 1) {
      throw new StartFailure(
          "several controllers with an embedded witness each need to know all of them: name every"
              + " controller's --bind-host with its --embedded-witness port as --witness, the same"
              + " list on all");
    }
  }

  private static Optional<Duration> controlStaleTimeout(Config root) {
    Duration timeout = root.getDuration("control-stale-timeout");
    if (timeout.isZero()) {
      return Optional.empty();
    }
    if (timeout.compareTo(CONTROL_STALE_TIMEOUT_MIN) < 0
        || timeout.compareTo(CONTROL_STALE_TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "control-stale-timeout is "
              + timeout.toMillis() / 1000.0
              + " s: choose 10 s to 7 d, longer than controllers take to restart, or 0 to leave egress"
              + " IPs with a node that no controller hears for as long as it renews its lease");
    }
    return Optional.of(timeout);
  }

  private static LeaseProfile profile(Config root) {
    Optional<LeaseProfile> ofAncestor =
        root.hasPath("gateway-failover")
            ? Optional.of(AncestorFailover.from(root.getConfig("gateway-failover")).profile())
            : Optional.empty();
    String name = root.getString("lease-profile");
    return name.isEmpty() ? ofAncestor.orElse(LeaseProfile.DEFAULT) : named(name);
  }

  private static LeaseProfile named(String name) {
    return Arrays.stream(LeaseProfile.values())
        .filter(profile -> profile.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "lease-profile '"
                        + name
                        + "' is none of conservative, default, fast and express"));
  }

  private static WitnessAddress witness(String text) {
    return WitnessAddress.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "witness '" + text + "' is not host:port, for example 10.0.0.1:5831"));
  }
}
