package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IpAddressPropertyTest {

  @Test
  void everyFormReadsBackTheSame() {
    Property.forAll(
        random -> {
          IpAddress address = Property.address(random, Property.family(random));
          assertThat(IpAddress.of(address.toString())).isEqualTo(address);
          assertThat(IpAddress.of(address.toString().toUpperCase(Locale.ROOT))).isEqualTo(address);
          assertThat(IpAddress.fromBytes(address.toBytes())).isEqualTo(address);
          assertThat(IpAddress.fromBigInteger(address.family(), address.toBigInteger()))
              .isEqualTo(address);
        });
  }

  @Test
  void theLongFormReadsAsTheShort() {
    Property.forAll(
        random -> {
          Ipv6Address address = sparse(random);
          byte[] bytes = address.toBytes();
          String full =
              IntStream.range(0, 8)
                  .mapToObj(i -> "%02x%02x".formatted(bytes[2 * i], bytes[2 * i + 1]))
                  .collect(Collectors.joining(":"));
          assertThat(IpAddress.of(full)).isEqualTo(address);
          assertThat(IpAddress.of(address.toString())).isEqualTo(address);
        });
  }

  @Test
  void orderIsTheOrderOfNumbersInsideAFamily() {
    Property.forAll(
        random -> {
          IpFamily family = Property.family(random);
          IpAddress one = Property.address(random, family);
          IpAddress other = Property.address(random, family);
          assertThat(Integer.signum(one.compareTo(other)))
              .isEqualTo(one.toBigInteger().compareTo(other.toBigInteger()));
          assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
        });
  }

  @Test
  void stepsAreAdditions() {
    Property.forAll(
        random -> {
          IpAddress address = Property.address(random, Property.family(random));
          assertThat(address.next()).isEqualTo(address.plus(BigInteger.ONE));
          assertThat(address.previous()).isEqualTo(address.plus(BigInteger.ONE.negate()));
          assertThat(address.next().flatMap(IpAddress::previous).orElse(address))
              .isEqualTo(address);
        });
  }

  @Test
  void trailingZerosAreThoseOfTheNumber() {
    Property.forAll(
        random -> {
          IpAddress address = Property.address(random, Property.family(random));
          int expected =
              address.isUnspecified()
                  ? address.family().bits()
                  : address.toBigInteger().getLowestSetBit();
          assertThat(address.trailingZeros()).isEqualTo(expected);
        });
  }

  @Test
  void noTextBreaksTheParser() {
    String alphabet = "0123456789abcdefABCDEFgx.:%/ -";
    Property.forAll(
        random -> {
          StringBuilder text = new StringBuilder();
          for (int length = random.nextInt(48); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
          }
          IpAddress.parse(text.toString())
              .ifPresent(read -> assertThat(IpAddress.of(read.toString())).isEqualTo(read));
        });
  }

  /** Groups are zero more often than not, so that runs of every length and place occur. */
  private static Ipv6Address sparse(Random random) {
    long high = 0;
    long low = 0;
    for (int group = 0; group < 4; group++) {
      high = high << 16 | (random.nextInt(3) == 0 ? random.nextInt(0x10000) : 0);
      low = low << 16 | (random.nextInt(3) == 0 ? random.nextInt(0x10000) : 0);
    }
    return new Ipv6Address(high, low);
  }
}
