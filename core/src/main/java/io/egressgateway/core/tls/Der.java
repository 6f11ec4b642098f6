package io.egressgateway.core.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/** The few shapes of DER (X.690) that keys and certificates are made of. */
final class Der {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int UTF8_STRING = 0x0c;
  static final int UTC_TIME = 0x17;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;
  private static final int LENGTH_FOLLOWS = 0x80;
  private static final int BYTE = 0xff;

  private Der() {}

  /** The tag of a context's own element. */
  static int context(int number) {
    return CONTEXT | number;
  }

  /** The tag of a context's own element that holds others. */
  static int explicit(int number) {
    return CONTEXT | CONSTRUCTED | number;
  }

  static byte[] sequence(byte[]... parts) {
    return element(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger number) {
    return element(INTEGER, number.toByteArray());
  }

  /** Whole bytes: no bit is unused. */
  static byte[] bitString(byte[] content) {
    return element(BIT_STRING, new byte[] {0}, content);
  }

  static byte[] element(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 6);
    bytes.write(tag);
    writeLength(bytes, length);
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream bytes, int length) {
    if (length < LENGTH_FOLLOWS) {
      bytes.write(length);
      return;
    }
    int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / Byte.SIZE;
    bytes.write(LENGTH_FOLLOWS | octets);
    for (int i = octets - 1; i >= 0; i--) {
      bytes.write(length >>> (i * Byte.SIZE));
    }
  }

  /**
   * The first element within a sequence, whole.
   *
   * @throws IOException if this is no sequence, or ends too early
   */
  static byte[] firstOf(byte[] sequence) throws IOException {
    if (sequence.length < 2 || (sequence[0] & BYTE) != SEQUENCE) {
      throw new IOException("no DER sequence");
    }
    int start = contentStart(sequence, 0);
    int end = contentStart(sequence, start) + contentLength(sequence, start);
    if (end > sequence.length) {
      throw new IOException("a DER element ends beyond its sequence");
    }
    return Arrays.copyOfRange(sequence, start, end);
  }

  private static int contentStart(byte[] der, int at) throws IOException {
    int first = lengthByte(der, at);
    return at + 2 + (first < LENGTH_FOLLOWS ? 0 : first - LENGTH_FOLLOWS);
  }

  private static int contentLength(byte[] der, int at) throws IOException {
    int first = lengthByte(der, at);
    if (first < LENGTH_FOLLOWS) {
      return first;
    }
    int octets = first - LENGTH_FOLLOWS;
    if (octets > 3 || at + 2 + octets > der.length) {
      throw new IOException("a DER element is too long");
    }
    int length = 0;
    for (int i = 0; i < octets; i++) {
      length = (length << Byte.SIZE) | (der[at + 2 + i] & BYTE);
    }
    return length;
  }

  private static int lengthByte(byte[] der, int at) throws IOException {
    if (at + 1 >= der.length) {
      throw new IOException("a DER element has no length");
    }
    return der[at + 1] & BYTE;
  }
}
