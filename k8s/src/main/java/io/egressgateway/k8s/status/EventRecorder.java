package io.egressgateway.k8s.status;

import io.egressgateway.k8s.status.StatusEvents.Severity;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes events. The same event of an object has the same name, so that it is counted
 * and not written again. An event that cannot be written is logged and lost: the status says the
 * same, and stays.
 */
public final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  private static final String COMPONENT = "egressgateway-controller";

  /** Where events of objects without a namespace are. */
  private static final String DEFAULT_NAMESPACE = "default";

  /** The API server takes 1024 bytes; most of our text is ASCII. */
  private static final int MESSAGE_MAX = 900;

  /** Of 253 characters of a name, what is left beside the hash. */
  private static final int NAME_PREFIX_MAX = 230;

  private final KubernetesClient client;
  private final Clock clock;

  /**
   * @param client is not closed
   * @param clock dates the events
   */
  public EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Writes that something went as it should. Blocks; throws nothing. */
  public void normal(HasMetadata about, String reason, String message) {
    record(about, List.of(new StatusEvents.Notice(Severity.NORMAL, reason, message)));
  }

  /** Writes that something did not go as it was wanted. Blocks; throws nothing. */
  public void warning(HasMetadata about, String reason, String message) {
    record(about, List.of(new StatusEvents.Notice(Severity.WARNING, reason, message)));
  }

  /** Writes the notices about the object. Blocks; throws nothing. */
  void record(HasMetadata about, List<StatusEvents.Notice> notices) {
    for (StatusEvents.Notice notice : notices) {
      try {
        write(event(about, notice));
      } catch (KubernetesClientException e) {
        LOG.warn(
            "event lost object={}/{} reason={} cause=\"{}\"",
            about.getKind(),
            about.getMetadata().getName(),
            notice.reason(),
            e.getMessage());
      }
    }
  }

  private void write(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      countAgain(event);
    }
  }

  private void countAgain(Event event) {
    client
        .v1()
        .events()
        .inNamespace(event.getMetadata().getNamespace())
        .withName(event.getMetadata().getName())
        .edit(
            known ->
                new EventBuilder(known)
                    .withCount(known.getCount() == null ? 2 : known.getCount() + 1)
                    .withLastTimestamp(event.getLastTimestamp())
                    .build());
  }

  private Event event(HasMetadata about, StatusEvents.Notice notice) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String namespace =
        Objects.requireNonNullElse(about.getMetadata().getNamespace(), DEFAULT_NAMESPACE);
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name(about, notice))
        .endMetadata()
        .withType(notice.severity().toString())
        .withReason(notice.reason())
        .withMessage(shortened(notice.message()))
        .withNewInvolvedObject()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .withResourceVersion(about.getMetadata().getResourceVersion())
        .endInvolvedObject()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .withNewSource()
        .withComponent(COMPONENT)
        .endSource()
        .withReportingComponent(COMPONENT)
        .withReportingInstance(COMPONENT)
        .build();
  }

  private static String name(HasMetadata about, StatusEvents.Notice notice) {
    int hash =
        Objects.hash(
            about.getKind(), about.getMetadata().getUid(), notice.reason(), notice.message());
    String object = about.getMetadata().getName();
    return object.substring(0, Math.min(object.length(), NAME_PREFIX_MAX))
        + ".%08x".formatted(hash);
  }

  private static String shortened(String message) {
    return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX) + " …";
  }
}
