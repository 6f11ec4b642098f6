package io.egressgateway.core.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.egressgateway.core.model.WitnessAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All the witnesses of a cluster. Its {@link #digest} goes with every renewal and every question
 * for votes, so that promises and votes of different lists are never counted together: majorities
 * of different lists need not overlap.
 *
 * @param witnesses sorted; a witness's index in this list is its number
 */
public record WitnessMembership(List<WitnessAddress> witnesses) {
  /** More would be slower and no safer. */
  public static final int WITNESSES_MAX = 9;

  /**
   * Checks the list.
   *
   * @throws IllegalArgumentException if it is empty, too long, unsorted, or names one twice
   */
  public WitnessMembership {
    witnesses = List.copyOf(witnesses);
    if (witnesses.isEmpty() || witnesses.size() > WITNESSES_MAX) {
      throw new IllegalArgumentException(
          witnesses.size()
              + " witnesses; 1 to "
              + WITNESSES_MAX
              + " are possible, 3 or 5 sensible");
    }
    for (int i = 1; i < witnesses.size(); i++) {
      int order = witnesses.get(i - 1).compareTo(witnesses.get(i));
      if (order >= 0) {
        throw new IllegalArgumentException(
            "witness " + witnesses.get(i) + (order == 0 ? " is named twice" : " is out of order"));
      }
    }
  }

  /**
   * The same list in whatever order.
   *
   * @throws IllegalArgumentException if there are none, too many, or one is named twice
   */
  public static WitnessMembership of(Collection<WitnessAddress> witnesses) {
    return new WitnessMembership(witnesses.stream().sorted().toList());
  }

  /** How many there are. */
  public int size() {
    return witnesses.size();
  }

  /** SHA-256 of the addresses, one per line, in order; lower-case hexadecimal. */
  public String digest() {
    String text =
        witnesses.stream().map(WitnessAddress::toString).collect(Collectors.joining("\n"));
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** The addresses, separated by blanks. */
  @Override
  public String toString() {
    return witnesses.stream().map(WitnessAddress::toString).collect(Collectors.joining(" "));
  }
}
