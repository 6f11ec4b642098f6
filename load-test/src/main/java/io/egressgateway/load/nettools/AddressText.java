package io.egressgateway.load.nettools;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Addresses as people write them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5952#section-4">RFC 5952, section 4</a>
 */
final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  /** The address without a zone. */
  static String of(InetAddress address) {
    return address instanceof Inet6Address six ? of(six) : address.getHostAddress();
  }

  /** {@code 10.0.0.1:80} or {@code [fd00::1]:80}. */
  static String of(InetSocketAddress address) {
    String host = of(address.getAddress());
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private static String of(Inet6Address address) {
    byte[] bytes = address.getAddress();
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int start = 0;
    int length = 0;
    for (int i = 0; i < GROUPS; i++) {
      int zeros = 0;
      while (i + zeros < GROUPS && groups[i + zeros] == 0) {
        zeros++;
      }
      if (zeros > length) {
        start = i;
        length = zeros;
      }
    }
    StringBuilder text = new StringBuilder();
    // One group of zeros alone is not shortened.
    int from = length > 1 ? start : GROUPS;
    for (int i = 0; i < GROUPS; i++) {
      if (i == from) {
        text.append("::");
        i += length - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
