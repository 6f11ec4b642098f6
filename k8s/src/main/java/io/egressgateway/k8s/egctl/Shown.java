package io.egressgateway.k8s.egctl;

import java.util.ArrayList;
import java.util.List;

/** What a command found out, in all the forms in which it can be shown. */
sealed interface Shown {

  /** For programs. */
  Object document();

  /** For people. */
  List<String> lines(TextTable.Extent extent);

  /** For people: the same as {@link #lines}, where {@link #linesSince} follows. */
  List<String> firstLines(TextTable.Extent extent);

  /** For people: what has become of it since; empty if nothing. */
  List<String> linesSince(Shown before, TextTable.Extent extent);

  /**
   * A table's rows, each the state of something.
   *
   * @param ifNone what is said instead of a table without rows; empty if that is shown
   */
  record States(TextTable table, List<String> ifNone, Object document) implements Shown {
    public States {
      ifNone = List.copyOf(ifNone);
    }

    States(TextTable table, Object document) {
      this(table, List.of(), document);
    }

    @Override
    public List<String> lines(TextTable.Extent extent) {
      return table.rows().isEmpty() && !ifNone.isEmpty() ? ifNone : table.lines(extent);
    }

    @Override
    public List<String> firstLines(TextTable.Extent extent) {
      return table.rows().isEmpty() && !ifNone.isEmpty()
          ? ifNone
          : table.changesSince(table.withoutRows(), extent);
    }

    @Override
    public List<String> linesSince(Shown before, TextTable.Extent extent) {
      TextTable old = before instanceof States states ? states.table : table.withoutRows();
      if (old.rows().equals(table.rows())) {
        return List.of();
      }
      List<String> lines = new ArrayList<>(table.changesSince(old, extent));
      if (table.rows().isEmpty()) {
        lines.addAll(ifNone);
      }
      return lines;
    }
  }

  /** A table's rows, each a fact that stays as it is; others may follow. */
  record Facts<D>(TextTable table, D document) implements Shown {
    @Override
    public List<String> lines(TextTable.Extent extent) {
      return table.lines(extent);
    }

    @Override
    public List<String> firstLines(TextTable.Extent extent) {
      return lines(extent);
    }

    @Override
    public List<String> linesSince(Shown before, TextTable.Extent extent) {
      return before instanceof Facts<?> facts
          ? table.additionsSince(facts.table, extent)
          : lines(extent);
    }
  }

  /** An answer that is understood only whole. */
  record Text(List<String> lines, Object document) implements Shown {
    public Text {
      lines = List.copyOf(lines);
    }

    @Override
    public List<String> lines(TextTable.Extent extent) {
      return lines;
    }

    @Override
    public List<String> firstLines(TextTable.Extent extent) {
      return lines;
    }

    @Override
    public List<String> linesSince(Shown before, TextTable.Extent extent) {
      if (before.lines(extent).equals(lines)) {
        return List.of();
      }
      List<String> apart = new ArrayList<>(List.of(""));
      apart.addAll(lines);
      return apart;
    }
  }
}
