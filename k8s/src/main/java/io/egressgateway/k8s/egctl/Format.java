package io.egressgateway.k8s.egctl;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Locale;

/** How something is shown, once or as often as it changes. */
enum Format {
  /** For people. */
  TABLE,
  /** For people, with all columns. */
  WIDE,
  /** For programs; one document follows another. */
  JSON,
  /** For programs; each document begins with {@code ---}. */
  YAML;

  /** The lines that show all of it. */
  List<String> lines(Shown shown) {
    return switch (this) {
      case TABLE -> shown.lines(TextTable.Extent.USUAL);
      case WIDE -> shown.lines(TextTable.Extent.WIDE);
      case JSON, YAML -> List.of(text(shown));
    };
  }

  /** The lines that show all of it, before {@link #linesSince}. */
  List<String> firstLines(Shown shown) {
    return switch (this) {
      case TABLE -> shown.firstLines(TextTable.Extent.USUAL);
      case WIDE -> shown.firstLines(TextTable.Extent.WIDE);
      case JSON, YAML -> List.of(text(shown));
    };
  }

  /** The lines that show what has become of it since; none if nothing. */
  List<String> linesSince(Shown before, Shown now) {
    return switch (this) {
      case TABLE -> now.linesSince(before, TextTable.Extent.USUAL);
      case WIDE -> now.linesSince(before, TextTable.Extent.WIDE);
      case JSON, YAML -> text(now).equals(text(before)) ? List.of() : List.of(text(now));
    };
  }

  private String text(Shown shown) {
    return this == YAML
        ? Serialization.asYaml(shown.document()).strip()
        : Serialization.asJson(shown.document());
  }

  /** As it is written after {@code -o}, and as a shell offers it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
