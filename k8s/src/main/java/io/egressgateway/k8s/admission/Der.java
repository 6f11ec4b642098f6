package io.egressgateway.k8s.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes ASN.1 in DER (X.690), as far as a certificate needs it. Every value is tag, length,
 * content:
 *
 * <pre>
 * +-----+----------------------------+---------+
 * | tag | length: 0-127 in one byte, | content |
 * |     | else 0x80+n and n bytes    |         |
 * +-----+----------------------------+---------+
 * </pre>
 */
final class Der {
  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;

  /** RFC 5280 4.1.2.5: until then two digits of the year, from then on four. */
  private static final int GENERALIZED_FROM_YEAR = 2050;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... items) {
    return tagged(SEQUENCE, joined(items));
  }

  static byte[] set(byte[]... items) {
    return tagged(SET, joined(items));
  }

  static byte[] integer(BigInteger value) {
    return tagged(INTEGER, value.toByteArray());
  }

  /** TRUE; FALSE is written by leaving it out. */
  static byte[] yes() {
    return tagged(BOOLEAN, new byte[] {(byte) 0xff});
  }

  static byte[] octets(byte[] content) {
    return tagged(OCTET_STRING, content);
  }

  static byte[] bits(int unused, byte[] content) {
    return tagged(BIT_STRING, joined(new byte[] {(byte) unused}, content));
  }

  static byte[] utf8(String text) {
    return tagged(UTF8_STRING, text.getBytes(UTF_8));
  }

  static byte[] time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC).getYear() < GENERALIZED_FROM_YEAR
        ? tagged(UTC_TIME, UTC.format(instant).getBytes(US_ASCII))
        : tagged(GENERALIZED_TIME, GENERALIZED.format(instant).getBytes(US_ASCII));
  }

  /** A value behind a number of its own: {@code [number] EXPLICIT}. */
  static byte[] explicit(int number, byte[] value) {
    return tagged(CONTEXT | CONSTRUCTED | number, value);
  }

  /** A primitive value whose tag is a number: {@code [number] IMPLICIT}. */
  static byte[] implicit(int number, byte[] content) {
    return tagged(CONTEXT | number, content);
  }

  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    base128(content, 40L * Long.parseLong(arcs[0]) + Long.parseLong(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      base128(content, Long.parseLong(arcs[i]));
    }
    return tagged(OBJECT_IDENTIFIER, content.toByteArray());
  }

  /** Seven bits a byte, the highest first; all but the last have the top bit set. */
  private static void base128(ByteArrayOutputStream out, long arc) {
    int groups = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(arc) + 6) / 7);
    for (int i = groups - 1; i >= 0; i--) {
      int septet = (int) (arc >>> (7 * i)) & 0x7f;
      out.write(i == 0 ? septet : septet | 0x80);
    }
  }

  private static byte[] tagged(int tag, byte[] content) {
    byte[] length;
    if (content.length < 0x80) {
      length = new byte[] {(byte) content.length};
    } else {
      byte[] number = BigInteger.valueOf(content.length).toByteArray();
      byte[] digits =
          number[0] == 0 ? java.util.Arrays.copyOfRange(number, 1, number.length) : number;
      length = joined(new byte[] {(byte) (0x80 | digits.length)}, digits);
    }
    return joined(new byte[] {(byte) tag}, length, content);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
