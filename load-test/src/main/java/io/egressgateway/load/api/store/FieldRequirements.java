package io.egressgateway.load.api.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query parameter {@code fieldSelector}: {@code spec.nodeName=a,status.phase!=Running}. Any
 * scalar field may be named; a missing one equals the empty text.
 */
public final class FieldRequirements implements Predicate<JsonNode> {
  private static final Pattern REQUIREMENT = Pattern.compile("([^=!,]+?)(==|=|!=)([^,]*)");

  private final List<Predicate<JsonNode>> requirements;

  private FieldRequirements(List<Predicate<JsonNode>> requirements) {
    this.requirements = List.copyOf(requirements);
  }

  /**
   * Parses the parameter; an empty text selects everything.
   *
   * @throws IllegalArgumentException naming the part that is not understood
   */
  public static FieldRequirements parse(String text) {
    List<Predicate<JsonNode>> requirements = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      Matcher matcher = REQUIREMENT.matcher(part.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException("invalid field selector: " + part);
      }
      String pointer = "/" + matcher.group(1).strip().replace('.', '/');
      String value = matcher.group(3).strip();
      Predicate<JsonNode> equal = object -> object.at(pointer).asText("").equals(value);
      requirements.add(matcher.group(2).equals("!=") ? equal.negate() : equal);
    }
    return new FieldRequirements(requirements);
  }

  /** Whether the object is selected. */
  @Override
  public boolean test(JsonNode object) {
    return requirements.stream().allMatch(requirement -> requirement.test(object));
  }
}
