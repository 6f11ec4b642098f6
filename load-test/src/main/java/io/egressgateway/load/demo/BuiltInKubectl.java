package io.egressgateway.load.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Does for the guide's commands what kubectl does, where there is none: it asks the server for
 * tables and prints them in the same way.
 */
final class BuiltInKubectl implements Kubectl {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
  private static final String AS_OBJECT = "application/json";
  private static final String GROUP = "/apis/egressgateway.spidernet.io/v1beta1";

  private static final Map<String, String> NAMESPACED =
      Map.of(
          "pod", "/api/v1",
          "egresspolicy", GROUP,
          "egressendpointslices", GROUP);
  private static final Map<String, String> PLURALS =
      Map.of(
          "pod", "pods",
          "node", "nodes",
          "egresspolicy", "egresspolicies",
          "egressgateway", "egressgateways",
          "egresstunnel", "egresstunnels");
  private static final Map<String, String> CLUSTER_SCOPED =
      Map.of("node", "/api/v1", "egressgateway", GROUP, "egresstunnel", GROUP);

  private final KubernetesClient client;

  BuiltInKubectl(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public String apply(String yaml) {
    StringBuilder output = new StringBuilder();
    for (HasMetadata object : client.load(stream(yaml)).items()) {
      client.resource(object).createOr(existing -> existing.update());
      output.append(line(object, "created"));
    }
    return output.toString();
  }

  @Override
  public String delete(String yaml) {
    StringBuilder output = new StringBuilder();
    for (HasMetadata object : client.load(stream(yaml)).items()) {
      client.resource(object).delete();
      output.append(line(object, "deleted"));
    }
    return output.toString();
  }

  private static InputStream stream(String yaml) {
    return new ByteArrayInputStream(yaml.getBytes(UTF_8));
  }

  private static String line(HasMetadata object, String verb) {
    int slash = object.getApiVersion().indexOf('/');
    String group = slash < 0 ? "" : "." + object.getApiVersion().substring(0, slash);
    return "%s%s/%s %s%n"
        .formatted(
            object.getKind().toLowerCase(Locale.ROOT), group, object.getMetadata().getName(), verb);
  }

  @Override
  public String labelNode(String node, String key, String value) {
    client
        .nodes()
        .withName(node)
        .edit(
            found -> {
              found.getMetadata().getLabels().put(key, value);
              return found;
            });
    return "node/" + node + " labeled\n";
  }

  @Override
  public String get(List<String> arguments) throws IOException {
    GetArguments wanted = GetArguments.parse(arguments);
    String path = path(wanted);
    return switch (wanted.format()) {
      case YAML -> yaml(fetch(path, AS_OBJECT));
      case TABLE, WIDE -> TableText.of(fetch(path, AS_TABLE), wanted);
    };
  }

  private static String path(GetArguments wanted) {
    String plural = PLURALS.getOrDefault(wanted.kind(), wanted.kind());
    String collection;
    if (NAMESPACED.containsKey(wanted.kind())) {
      collection =
          NAMESPACED.get(wanted.kind())
              + (wanted.allNamespaces() ? "/" : "/namespaces/default/")
              + plural;
    } else {
      collection =
          Optional.ofNullable(CLUSTER_SCOPED.get(wanted.kind()))
                  .orElseThrow(
                      () -> new IllegalArgumentException("the guide never gets " + wanted.kind()))
              + "/"
              + plural;
    }
    return wanted.name().map(name -> collection + "/" + name).orElse(collection);
  }

  private JsonNode fetch(String path, String accept) throws IOException {
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString()).resolve(path))
            .header("Accept", accept)
            .build();
    try {
      HttpResponse<String> answer = http.sendAsync(request, String.class).get();
      if (!answer.isSuccessful()) {
        throw new IOException("GET " + path + ": " + answer.code() + " " + answer.body());
      }
      return MAPPER.readTree(answer.body());
    } catch (ExecutionException e) {
      throw new IOException("GET " + path, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in GET " + path, e);
    }
  }

  private static String yaml(JsonNode object) {
    if (object.path("metadata")
        instanceof com.fasterxml.jackson.databind.node.ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return Serialization.asYaml(object).replaceFirst("^---\n", "");
  }
}
