package io.egressgateway.load.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Kubernetes' JSONPath that printer columns use: {@code .a.b}, {@code ['a']}, {@code
 * [0]}, {@code [-1]}, {@code [*]} and {@code [?(@.type=="Ready")]}. A dot in a name is written
 * {@code \.}.
 */
public final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<field>(?:[^.\\[\\\\]|\\\\.)+)"
              + "|\\['(?<quoted>[^']+)'\\]"
              + "|\\[(?<index>-?\\d+)\\]"
              + "|(?:\\[|\\.)(?<all>\\*)\\]?"
              + "|\\[\\?\\(@(?<filter>[^=\\]]+?)\\s*==\\s*[\"'](?<value>[^\"']*)[\"']\\s*\\)\\]");

  private sealed interface Step {
    List<JsonNode> from(JsonNode node);
  }

  private record Field(String name) implements Step {
    @Override
    public List<JsonNode> from(JsonNode node) {
      return node.has(name) ? List.of(node.get(name)) : List.of();
    }
  }

  private record Index(int index) implements Step {
    @Override
    public List<JsonNode> from(JsonNode node) {
      int at = index < 0 ? node.size() + index : index;
      return node.isArray() && node.has(at) ? List.of(node.get(at)) : List.of();
    }
  }

  private record All() implements Step {
    @Override
    public List<JsonNode> from(JsonNode node) {
      return node.valueStream().toList();
    }
  }

  private record Where(JsonPath path, String value) implements Step {
    @Override
    public List<JsonNode> from(JsonNode node) {
      return node.valueStream()
          .filter(item -> path.find(item).stream().anyMatch(at -> at.asText().equals(value)))
          .toList();
    }
  }

  private final List<Step> steps;

  private JsonPath(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * Parses a path, with or without the surrounding braces.
   *
   * @throws IllegalArgumentException if it uses what is not supported
   */
  public static JsonPath parse(String text) {
    String path = text.startsWith("{") ? text.substring(1, text.length() - 1) : text;
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    int at = 0;
    while (at < path.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException("unsupported JSONPath: " + text);
      }
      steps.add(step(matcher));
      at = matcher.end();
    }
    return new JsonPath(steps);
  }

  private static Step step(Matcher matcher) {
    if (matcher.group("all") != null) {
      return new All();
    }
    if (matcher.group("field") != null) {
      return new Field(matcher.group("field").replace("\\.", "."));
    }
    if (matcher.group("quoted") != null) {
      return new Field(matcher.group("quoted"));
    }
    if (matcher.group("index") != null) {
      return new Index(Integer.parseInt(matcher.group("index")));
    }
    return new Where(parse(matcher.group("filter")), matcher.group("value"));
  }

  /** What the path leads to, in the order of the document; empty if nothing is there. */
  public List<JsonNode> find(JsonNode root) {
    List<JsonNode> found = List.of(root);
    for (Step step : steps) {
      found = found.stream().flatMap(node -> step.from(node).stream()).toList();
    }
    return found;
  }
}
