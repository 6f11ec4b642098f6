package io.egressgateway.k8s.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.egressgateway.core.model.EgressGatewaySpec;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.core.model.IpPool;
import io.egressgateway.k8s.crd.ApiGroup;
import io.egressgateway.k8s.crd.EgressGateway;
import io.egressgateway.k8s.translate.GatewayTranslator;
import io.egressgateway.k8s.translate.Translation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Fills in what a user may leave out. A default address is drawn by the request's uid, which is
 * random: the same request is always completed in the same way.
 */
final class Completion {
  private static final String POOLS = "/spec/ippools/";

  private Completion() {}

  /** An operation of RFC 6902 that adds or replaces a member, or appends to a list. */
  record Add(String path, Object value) {}

  /** Our finalizer beside those of others, and the default addresses. */
  static List<Add> ofGateway(AdmissionRequest request, EgressGateway gateway) {
    List<Add> patch = new ArrayList<>();
    if (request.isDeleting()) {
      return patch;
    }
    if (!request.hasGatewayFinalizer()) {
      boolean others = request.object().path("metadata").path("finalizers").isArray();
      patch.add(
          others
              ? new Add("/metadata/finalizers/-", ApiGroup.GATEWAY_FINALIZER)
              : new Add("/metadata/finalizers", List.of(ApiGroup.GATEWAY_FINALIZER)));
    }
    switch (GatewayTranslator.translate(gateway)) {
      // Who validates says what is wrong.
      case Translation.Invalid<EgressGatewaySpec> ignored -> {}
      case Translation.Valid<EgressGatewaySpec> valid ->
          patch.addAll(defaults(request, valid.spec()));
    }
    return patch;
  }

  private static List<Add> defaults(AdmissionRequest request, EgressGatewaySpec spec) {
    Optional<IpAddress> ipv4 =
        spec.ipv4Default().<IpAddress>map(named -> named).or(() -> kept(request, spec.ipv4()));
    Optional<IpAddress> ipv6 =
        spec.ipv6Default().<IpAddress>map(named -> named).or(() -> kept(request, spec.ipv6()));
    // Pools of both families pair their addresses, so a default names the place of the other.
    Optional<BigInteger> place =
        ipv4.flatMap(spec.ipv4()::place).or(() -> ipv6.flatMap(spec.ipv6()::place));
    List<Add> patch = new ArrayList<>();
    if (spec.ipv4Default().isEmpty() && !spec.ipv4().isEmpty()) {
      patch.add(add(ipv4.orElseGet(() -> choose(request, spec.ipv4(), place))));
    }
    if (spec.ipv6Default().isEmpty() && !spec.ipv6().isEmpty()) {
      patch.add(add(ipv6.orElseGet(() -> choose(request, spec.ipv6(), place))));
    }
    return patch;
  }

  /** Who leaves the default out of an update does not want another one. */
  private static Optional<IpAddress> kept(AdmissionRequest request, IpPool pool) {
    JsonNode pools = request.before().path("spec").path("ippools");
    return IpAddress.parse(pools.path(field(pool.family())).asText("")).filter(pool::contains);
  }

  private static IpAddress choose(
      AdmissionRequest request, IpPool pool, Optional<BigInteger> place) {
    return pool.at(
        place
            .filter(index -> index.compareTo(pool.size()) < 0)
            .orElseGet(() -> draw(request.uid(), pool.size())));
  }

  private static BigInteger draw(String uid, BigInteger bound) {
    long seed = 0;
    for (int i = 0; i < uid.length(); i++) {
      seed = 31 * seed + uid.charAt(i);
    }
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[2 * Long.BYTES + Long.BYTES];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes).mod(bound);
  }

  private static Add add(IpAddress address) {
    return new Add(POOLS + field(address.family()), address.toString());
  }

  private static String field(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ipv4DefaultEIP";
      case IPV6 -> "ipv6DefaultEIP";
    };
  }

  /** The gateway of a policy that names none, and what it asks for if it does not say. */
  static List<Add> ofPolicy(AdmissionRequest request, ClusterFacts facts) {
    List<Add> patch = new ArrayList<>();
    JsonNode spec = request.object().path("spec");
    if (request.isDeleting() || !spec.isObject()) {
      return patch;
    }
    if (spec.path("egressGatewayName").asText("").isEmpty()) {
      String before = request.before().path("spec").path("egressGatewayName").asText("");
      Optional.of(before)
          .filter(name -> !name.isEmpty())
          .or(() -> facts.fallback(request.namespace()))
          // Who validates says what is wrong with a label that no gateway can have for its name.
          .flatMap(GatewayName::parse)
          .ifPresent(name -> patch.add(new Add("/spec/egressGatewayName", name.value())));
    }
    JsonNode egressIp = spec.path("egressIP");
    if (!egressIp.isObject() || egressIp.isEmpty()) {
      patch.add(
          new Add("/spec/egressIP", Map.of("useNodeIP", false, "allocatorPolicy", "default")));
    }
    return patch;
  }
}
