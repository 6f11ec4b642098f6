package io.egressgateway.node.kernel;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One step of a {@link KernelDelta}. Each step stands alone: the kernel takes it whole or not. */
public sealed interface KernelChange {

  /** Makes the object, or changes the object of the same key into it. */
  record Put(KernelObject object) implements KernelChange {}

  /** Takes the object away. */
  record Remove(KernelObject object) implements KernelChange {}

  /** Writes a value below {@code /proc/sys}. */
  record Set(String path, String value) implements KernelChange {}

  /** In one transaction: the old table, if there is one, goes and this one comes, filled. */
  record ReplaceTable(Ruleset ruleset, List<Element> elements) implements KernelChange {
    public ReplaceTable {
      elements = List.copyOf(elements);
    }
  }

  /** Takes the whole table away. */
  record RemoveTable() implements KernelChange {}

  /**
   * In one transaction: first the removals, then the additions. A key in both changes its value
   * without a moment in between.
   */
  record UpdateElements(List<Element> removed, List<Element> added) implements KernelChange {
    public UpdateElements {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
    }
  }

  /** The state after this step. */
  default KernelState applyTo(KernelState state) {
    return switch (this) {
      case Put(var object) -> state.put(object);
      case Remove(var object) -> state.remove(object);
      case Set(var path, var value) -> state.set(path, value);
      case ReplaceTable(var ruleset, var elements) ->
          state.withTable(Optional.of(TableState.of(ruleset.fingerprint(), elements)));
      case RemoveTable ignored -> state.withTable(Optional.empty());
      case UpdateElements(var removed, var added) ->
          state.withTable(state.table().map(table -> table.with(removed, added)));
    };
  }

  /** What is done, in a word or two. */
  default String operation() {
    return switch (this) {
      case Put ignored -> "put";
      case Remove ignored -> "remove";
      case Set ignored -> "set";
      case ReplaceTable ignored -> "replace";
      case RemoveTable ignored -> "remove";
      case UpdateElements ignored -> "update";
    };
  }

  /** What it is done to. */
  default String subject() {
    return switch (this) {
      case Put(var object) -> object.key().identity();
      case Remove(var object) -> object.key().identity();
      case Set(var path, var value) -> path + " = " + value;
      case ReplaceTable(var ruleset, var elements) ->
          "table %s %s with %d elements"
              .formatted(Marks.TABLE, ruleset.fingerprint().digest(), elements.size());
      case RemoveTable ignored -> "table " + Marks.TABLE;
      case UpdateElements(var removed, var added) ->
          "elements of table " + Marks.TABLE + listed(" -", removed) + listed(" +", added);
    };
  }

  /** What is done to what, for a person. */
  default String describe() {
    return operation() + " " + subject();
  }

  /** Some of them, and how many more there are. */
  static String describe(List<KernelChange> changes) {
    String named =
        changes.stream()
            .limit(DESCRIBED_MAX)
            .map(KernelChange::describe)
            .collect(Collectors.joining(", "));
    int more = changes.size() - DESCRIBED_MAX;
    return more > 0 ? named + ", and " + more + " more" : named;
  }

  /** How many changes a description names before it only counts. */
  int DESCRIBED_MAX = 8;

  /** How many elements a description names before it only counts. */
  int DESCRIBED_ELEMENTS_MAX = 8;

  private static String listed(String sign, Collection<Element> elements) {
    if (elements.isEmpty()) {
      return "";
    }
    return sign + (elements.size() > DESCRIBED_ELEMENTS_MAX ? elements.size() : elements);
  }
}
