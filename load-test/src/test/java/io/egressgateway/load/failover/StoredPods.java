package io.egressgateway.load.failover;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Puts pods where the API server stores them, a hundred at a time, through etcd's JSON gateway. It
 * hears of them as of those that another API server has written.
 *
 * @param store of the API server
 */
record StoredPods(URI store) {
  private static final int TRANSACTION_MAX = 100;
  private static final int OK = 200;

  /** Stores these. */
  void put(List<Pod> pods) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int from = 0; from < pods.size(); from += TRANSACTION_MAX) {
        put(http, pods.subList(from, Math.min(pods.size(), from + TRANSACTION_MAX)));
      }
    }
  }

  private void put(HttpClient http, List<Pod> pods) throws IOException, InterruptedException {
    List<String> writes = new ArrayList<>();
    for (Pod pod : pods) {
      writes.add(
          "{\"requestPut\":{\"key\":\"%s\",\"value\":\"%s\"}}"
              .formatted(base64(key(pod)), base64(value(pod))));
    }
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(store.resolve("/v3/kv/txn"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"success\":[" + String.join(",", writes) + "]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != OK) {
      throw new IOException("etcd says " + answer.statusCode() + ": " + answer.body());
    }
  }

  private static String key(Pod pod) {
    return "/registry/pods/" + pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  /** What the API server would have added. */
  private static String value(Pod pod) {
    pod.getMetadata().setUid(UUID.randomUUID().toString());
    pod.getMetadata()
        .setCreationTimestamp(
            Instant.ofEpochSecond(Clock.systemUTC().instant().getEpochSecond()).toString());
    return Serialization.asJson(pod);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
