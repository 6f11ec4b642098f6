package io.egressgateway.node.netlink.wire.nft;

/**
 * A register: where one expression leaves what the next one takes. A 16-byte register ({@link #R1}
 * to {@link #R4}) is four 4-byte ones; the parts of a concatenation lie in neighbouring 4-byte
 * ones.
 *
 * <pre>
 *  word:   0     1     2     3     4     5   …
 *        | R1                    | R2        …
 *        | NFT_REG32_00 | _01    | …
 * </pre>
 *
 * @param number as the kernel writes it: the 16-byte name where a word has both
 */
public record Register(int number) {
  /** Not a place but the verdict. */
  public static final Register VERDICT = new Register(NftConstants.NFT_REG_VERDICT);

  public static final Register R1 = new Register(NftConstants.NFT_REG_1);
  public static final Register R2 = new Register(NftConstants.NFT_REG_2);
  public static final Register R3 = new Register(NftConstants.NFT_REG_3);
  public static final Register R4 = new Register(NftConstants.NFT_REG_4);

  private static final int WORDS = 16;
  private static final int WORDS_PER_REGISTER = 4;

  /** Writes word registers that have a 16-byte name by that name. */
  public Register {
    int word = number - NftConstants.NFT_REG32_00;
    if (word >= 0 && word < WORDS && word % WORDS_PER_REGISTER == 0) {
      number = NftConstants.NFT_REG_1 + word / WORDS_PER_REGISTER;
    }
  }

  /**
   * The 4-byte register with this place, 0 to 15.
   *
   * @throws IllegalArgumentException if there is no such place
   */
  public static Register word(int place) {
    if (place < 0 || place >= WORDS) {
      throw new IllegalArgumentException("register word " + place + " is not in 0..15");
    }
    return new Register(NftConstants.NFT_REG32_00 + place);
  }
}
