package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Truth table and syntax: kubernetes.io/docs/concepts/overview/working-with-objects/labels. */
class LabelSelectorTest {

  private static final Labels NONE = Labels.empty();
  private static final Labels PRODUCTION = Labels.of(Map.of("environment", "production"));
  private static final Labels QA_FRONTEND =
      Labels.of(Map.of("environment", "qa", "tier", "frontend"));
  private static final Labels EMPTY_VALUE = Labels.of(Map.of("environment", ""));

  private static LabelSelector parsed(
      Map<String, String> matchLabels, SelectorExpression... expressions) {
    return switch (LabelSelector.parse(matchLabels, List.of(expressions))) {
      case SelectorParse.Valid(var selector) -> selector;
      case SelectorParse.Invalid(var reasons) -> throw new AssertionError(reasons);
    };
  }

  private static List<String> reasons(
      Map<String, String> matchLabels, SelectorExpression... expressions) {
    return switch (LabelSelector.parse(matchLabels, List.of(expressions))) {
      case SelectorParse.Valid(var selector) -> throw new AssertionError(selector);
      case SelectorParse.Invalid(var reasons) -> reasons;
    };
  }

  private static SelectorExpression expression(String operator, String... values) {
    return new SelectorExpression("environment", operator, List.of(values));
  }

  record Row(LabelSelector selector, Set<Labels> matched) {}

  static Stream<Row> truthTable() {
    return Stream.of(
        new Row(LabelSelector.everything(), Set.of(NONE, PRODUCTION, QA_FRONTEND, EMPTY_VALUE)),
        new Row(parsed(Map.of("environment", "production")), Set.of(PRODUCTION)),
        new Row(parsed(Map.of("environment", "")), Set.of(EMPTY_VALUE)),
        new Row(parsed(Map.of("environment", "qa", "tier", "frontend")), Set.of(QA_FRONTEND)),
        new Row(parsed(Map.of("environment", "production", "tier", "frontend")), Set.of()),
        new Row(
            parsed(Map.of(), expression("In", "production", "qa")),
            Set.of(PRODUCTION, QA_FRONTEND)),
        new Row(parsed(Map.of(), expression("In", "")), Set.of(EMPTY_VALUE)),
        // An absent key is in no set, so NotIn holds.
        new Row(parsed(Map.of(), expression("NotIn", "qa")), Set.of(NONE, PRODUCTION, EMPTY_VALUE)),
        new Row(
            parsed(Map.of(), expression("Exists")), Set.of(PRODUCTION, QA_FRONTEND, EMPTY_VALUE)),
        new Row(parsed(Map.of(), expression("DoesNotExist")), Set.of(NONE)),
        new Row(
            parsed(Map.of("tier", "frontend"), expression("In", "qa"), expression("Exists")),
            Set.of(QA_FRONTEND)),
        new Row(parsed(Map.of(), expression("In", "qa"), expression("NotIn", "qa")), Set.of()));
  }

  @ParameterizedTest
  @MethodSource("truthTable")
  void matches(Row row) {
    assertThat(
            Stream.of(NONE, PRODUCTION, QA_FRONTEND, EMPTY_VALUE).filter(row.selector()::matches))
        .containsExactlyInAnyOrderElementsOf(row.matched());
  }

  @Test
  void isEmptyOnlyWhenItAsksForNothing() {
    assertThat(LabelSelector.everything().isEmpty()).isTrue();
    assertThat(parsed(Map.of("a", "b")).isEmpty()).isFalse();
    assertThat(parsed(Map.of(), expression("Exists")).isEmpty()).isFalse();
  }

  @Test
  void reportsEverythingThatIsWrong() {
    assertThat(
            reasons(
                Map.of("-bad", "worse-"),
                expression("in", "a"),
                expression("In"),
                expression("Exists", "a"),
                expression("NotIn", "a b")))
        .containsExactly(
            "label key '-bad' must be letters, digits, '-', '_' and '.', and must start and end"
                + " with a letter or digit",
            "label value 'worse-' must be letters, digits, '-', '_' and '.', and must start and end"
                + " with a letter or digit",
            "operator 'in' on key 'environment' is not one of In, NotIn, Exists, DoesNotExist",
            "operator In on key 'environment' needs at least one value",
            "operator Exists on key 'environment' takes no values; remove them or use In or NotIn",
            "label value 'a b' must be letters, digits, '-', '_' and '.', and must start and end"
                + " with a letter or digit");
    assertThat(reasons(Map.of(), expression("NotIn")))
        .containsExactly("operator NotIn on key 'environment' needs at least one value");
    assertThat(reasons(Map.of(), expression("DoesNotExist", "x"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "A",
        "0",
        "app",
        "app.kubernetes.io",
        "app.kubernetes.io/name",
        "egressgateway",
        "a_b.c-d",
        "example.com/A_b.C-9",
        "123456789012345678901234567890123456789012345678901234567890123",
      })
  void takesKeys(String key) {
    assertThat(parsed(Map.of(key, "")).matches(Labels.of(Map.of(key, "")))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/name",
        "prefix/",
        "a/b/c",
        "Prefix.io/name",
        "prefix..io/name",
        "-a",
        "a-",
        "_a",
        "a.",
        "a b",
        "ä",
        "1234567890123456789012345678901234567890123456789012345678901234",
      })
  void refusesKeys(String key) {
    assertThat(reasons(Map.of(key, ""))).hasSize(1).allMatch(text -> text.contains("label key"));
    assertThatThrownBy(() -> LabelSelector.ofLabels(Map.of(key, "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Requirement.Exists(key))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"a, true", "A.b-c_9, true", "'', true", "-a, false", "a/b, false", "'a b', false"})
  void valueSyntax(String value, boolean good) {
    assertThat(LabelSelector.parse(Map.of("key", value), List.of()) instanceof SelectorParse.Valid)
        .isEqualTo(good);
  }

  @Test
  void requirementsCannotBeWrong() {
    assertThatThrownBy(() -> Requirement.in("key", List.of()))
        .hasMessage("operator In on key 'key' needs at least one value");
    assertThatThrownBy(() -> Requirement.notIn("key", List.of()))
        .hasMessage("operator NotIn on key 'key' needs at least one value");
    assertThatThrownBy(() -> Requirement.in("key", List.of("a/b")))
        .hasMessageContaining("label value 'a/b'");
    assertThatThrownBy(() -> Requirement.in("key", List.of("x".repeat(64))))
        .hasMessageContaining("has 64 characters; at most 63 are allowed");
  }

  @Test
  void printsAsKubectlWritesIt() {
    assertThat(
            new LabelSelector(
                new TreeMap<>(Map.of("tier", "frontend", "app", "web")),
                List.of(
                    Requirement.in("zone", List.of("b", "a")),
                    Requirement.notIn("env", List.of("qa")),
                    new Requirement.Exists("owner"),
                    new Requirement.DoesNotExist("legacy"))))
        .hasToString("app=web,tier=frontend,zone in (a,b),env notin (qa),owner,!legacy");
  }

  @Test
  void copiesWhatItIsGiven() {
    TreeMap<String, String> matchLabels = new TreeMap<>(Map.of("a", "b"));
    LabelSelector selector = LabelSelector.ofLabels(matchLabels);
    matchLabels.put("c", "d");
    assertThat(selector.matchLabels()).containsOnlyKeys("a");
    TreeSet<String> values = new TreeSet<>(Set.of("x"));
    Requirement.In in = new Requirement.In("key", values);
    values.add("y");
    assertThat(in.values()).containsExactly("x");
    assertThat(Labels.of(Map.of("a", "b")).get("a")).contains("b");
    assertThat(Labels.of(Map.of("a", "b")).get("c")).isEmpty();
  }
}
