package io.egressgateway.k8s.inspect;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.persistence.journal.JournalSerializer;
import io.egressgateway.persistence.store.DatabaseException;
import io.egressgateway.persistence.store.JournalReader;
import io.egressgateway.policy.entity.GatewayEntity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * {@code GET /history/eip/ADDRESS}, {@code GET /history/policy/KIND/…}, {@code GET
 * /placement/GATEWAY/ADDRESS} and {@code GET /trace/NODE/POD/DESTINATION}, of a pod's address. What
 * is not there is 404; what cannot be read now is 503, with the reason as text. Only whoever comes
 * from the loopback is answered: that is where port-forwarding through the Kubernetes API ends,
 * which asks for rights.
 */
public final class InspectionRoutes extends AllDirectives implements ManagementRouteProvider {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final ClusterSharding sharding;
  private final Tracer tracer;
  private final JournalInspector journal;
  private final Executor blocking;

  /**
   * For akka-management.
   *
   * @throws IllegalStateException without an {@link InspectionSetup}
   */
  public InspectionRoutes(ExtendedActorSystem system) {
    InspectionSetup setup =
        system
            .settings()
            .setup()
            .get(InspectionSetup.class)
            .orElseThrow(() -> new IllegalStateException("there is no InspectionSetup"));
    this.sharding = ClusterSharding.get(Adapter.toTyped(system));
    this.tracer = new Tracer(sharding);
    this.journal =
        new JournalInspector(
            new JournalReader(setup.database(), new JournalSerializer()::fromBinary));
    this.blocking = setup.blocking();
  }

  @Override
  public Route routes(ManagementRouteProviderSettings settings) {
    return get(() -> extractRequest(request -> isFromHere(request) ? routes() : elsewhere()));
  }

  private static boolean isFromHere(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(RemoteAddress::getAddress)
        .filter(InetAddress::isLoopbackAddress)
        .isPresent();
  }

  /** A path that is nobody's stays for others to serve. */
  private Route elsewhere() {
    return pathPrefix(
        PathMatchers.segment(Pattern.compile("history|placement|trace")),
        ignored ->
            complete(
                text(
                    FORBIDDEN,
                    "this is answered on the controller's loopback only: 'kubectl port-forward'"
                        + " leads there, and 'egctl' takes that way by itself")));
  }

  private Route routes() {
    return concat(
        path(
            PathMatchers.segment("history").slash("eip").slash(PathMatchers.segment()),
            address -> completeWithFuture(eip(address))),
        path(
            PathMatchers.segment("history").slash("policy").slash(PathMatchers.remaining()),
            policy -> completeWithFuture(policy(policy))),
        path(
            PathMatchers.segment("placement")
                .slash(PathMatchers.segment())
                .slash(PathMatchers.segment()),
            (gateway, address) -> completeWithFuture(placement(gateway, address))),
        pathPrefix(
            PathMatchers.segment("trace").slash(PathMatchers.segment()),
            node ->
                path(
                    PathMatchers.segment().slash(PathMatchers.segment()),
                    (pod, destination) -> completeWithFuture(trace(node, pod, destination)))));
  }

  private CompletionStage<HttpResponse> eip(String text) {
    return IpAddress.parse(text)
        .map(
            address ->
                read(
                    () -> journal.ofEip(address),
                    "no journal has the egress IP " + address + "; 'egctl get eips' lists them"))
        .orElseGet(() -> refused(BAD_REQUEST, "'" + text + "' is not an IP address"));
  }

  private CompletionStage<HttpResponse> policy(String text) {
    PolicyKey policy;
    try {
      policy = PolicyKey.parse(text);
    } catch (IllegalArgumentException malformed) {
      return refused(BAD_REQUEST, String.valueOf(malformed.getMessage()));
    }
    return read(
        () -> journal.ofPolicy(policy),
        policy + " was never accepted; 'egctl get policies -o wide' says why one is not");
  }

  private CompletionStage<HttpResponse> placement(String gateway, String text) {
    Optional<IpAddress> address = IpAddress.parse(text);
    if (address.isEmpty()) {
      return refused(BAD_REQUEST, "'" + text + "' is not an IP address");
    }
    GatewayName name;
    try {
      name = new GatewayName(gateway);
    } catch (IllegalArgumentException malformed) {
      return refused(BAD_REQUEST, String.valueOf(malformed.getMessage()));
    }
    return sharding
        .entityRefFor(GatewayEntity.TYPE, name.toString())
        .<GatewayEntity.Explained>ask(
            replyTo -> new GatewayEntity.Explain(address.get(), replyTo), PATIENCE)
        .thenApply(explained -> json(PlacementDocument.of(gateway, explained)))
        .exceptionally(failure -> silent("EgressGateway " + gateway, failure));
  }

  private CompletionStage<HttpResponse> trace(String node, String pod, String to) {
    Optional<IpAddress> source = IpAddress.parse(pod);
    Optional<IpAddress> destination = IpAddress.parse(to);
    if (source.isEmpty() || destination.isEmpty()) {
      return refused(BAD_REQUEST, "'" + (source.isEmpty() ? pod : to) + "' is not an IP address");
    }
    if (source.get().family() != destination.get().family()) {
      return refused(BAD_REQUEST, pod + " and " + to + " are not of one family");
    }
    NodeName name;
    try {
      name = new NodeName(node);
    } catch (IllegalArgumentException malformed) {
      return refused(BAD_REQUEST, String.valueOf(malformed.getMessage()));
    }
    return tracer
        .trace(new Tracer.Packet(name, source.get(), destination.get()))
        .thenApply(InspectionRoutes::json)
        .exceptionally(failure -> silent("the entity of node " + node, failure));
  }

  private static HttpResponse silent(String who, Throwable failure) {
    return text(
        UNAVAILABLE,
        who
            + " does not answer ("
            + failure.getMessage()
            + "); the controllers' /ready says whether they can take decisions");
  }

  /** Something that waits for the database. */
  @FunctionalInterface
  private interface Reading {
    Optional<HistoryDocument> read() throws DatabaseException;
  }

  private CompletionStage<HttpResponse> read(Reading reading, String absent) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return reading
                .read()
                .map(InspectionRoutes::json)
                .orElseGet(() -> text(NOT_FOUND, absent));
          } catch (DatabaseException away) {
            return text(UNAVAILABLE, String.valueOf(away.getMessage()));
          }
        },
        blocking);
  }

  private static CompletionStage<HttpResponse> refused(int status, String line) {
    return CompletableFuture.completedFuture(text(status, line));
  }

  private static HttpResponse json(Object document) {
    return HttpResponse.create()
        .withStatus(OK)
        .withEntity(ContentTypes.APPLICATION_JSON, Serialization.asJson(document));
  }

  private static HttpResponse text(int status, String line) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(ContentTypes.TEXT_PLAIN_UTF8, line + "\n");
  }
}
