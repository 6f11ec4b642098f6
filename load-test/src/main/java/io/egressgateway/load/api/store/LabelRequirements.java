package io.egressgateway.load.api.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query parameter {@code labelSelector}: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k}.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels
 *     and Selectors</a>
 */
public final class LabelRequirements implements Predicate<JsonNode> {
  private static final Pattern SET =
      Pattern.compile("([^\\s=!,()]+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final Pattern EQUALITY =
      Pattern.compile("([^\\s=!,()]+)\\s*(==|=|!=)\\s*([^\\s=!,()]*)");
  private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*([^\\s=!,()]+)");

  private final List<Predicate<JsonNode>> requirements;

  private LabelRequirements(List<Predicate<JsonNode>> requirements) {
    this.requirements = List.copyOf(requirements);
  }

  /**
   * Parses the parameter; an empty text selects everything.
   *
   * @throws IllegalArgumentException naming the part that is not understood
   */
  public static LabelRequirements parse(String text) {
    List<Predicate<JsonNode>> requirements = new ArrayList<>();
    for (String part : split(text)) {
      requirements.add(requirement(part));
    }
    return new LabelRequirements(requirements);
  }

  /** Whether an object with these {@code metadata.labels} is selected. */
  @Override
  public boolean test(JsonNode labels) {
    return requirements.stream().allMatch(requirement -> requirement.test(labels));
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      if (c == ',' && (depth == 0 || i == text.length())) {
        if (!text.substring(start, i).isBlank()) {
          parts.add(text.substring(start, i).strip());
        }
        start = i + 1;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return parts;
  }

  private static Predicate<JsonNode> requirement(String part) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      String key = set.group(1);
      Set<String> values = new TreeSet<>();
      for (String value : set.group(3).split(",", -1)) {
        values.add(value.strip());
      }
      Predicate<JsonNode> in =
          labels -> labels.path(key).isTextual() && values.contains(labels.path(key).textValue());
      return set.group(2).equals("in") ? in : in.negate();
    }
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      String key = equality.group(1);
      String value = equality.group(3);
      Predicate<JsonNode> equal =
          labels -> labels.path(key).isTextual() && labels.path(key).textValue().equals(value);
      return equality.group(2).equals("!=") ? equal.negate() : equal;
    }
    Matcher existence = EXISTENCE.matcher(part);
    if (existence.matches()) {
      String key = existence.group(2);
      Predicate<JsonNode> exists = labels -> labels.has(key);
      return existence.group(1).isEmpty() ? exists : exists.negate();
    }
    throw new IllegalArgumentException("unable to parse requirement: " + part);
  }
}
