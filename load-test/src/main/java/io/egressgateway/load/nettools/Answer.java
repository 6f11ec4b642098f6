package io.egressgateway.load.nettools;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words between server and client. */
final class Answer {
  private static final Pattern TEXT =
      Pattern.compile("Remote IP: (?:\\[([0-9a-f:.]+)\\]:\\d+|([0-9.]+):\\d+|([0-9a-f:.]+))\\s*");

  private Answer() {}

  /** {@code Remote IP: 10.6.168.201}, as the guide shows it. */
  static String withoutPort(InetAddress remote) {
    return "Remote IP: " + AddressText.of(remote) + "\n";
  }

  /** {@code Remote IP: 10.6.168.201:43210}. */
  static String withPort(InetSocketAddress remote) {
    return "Remote IP: " + AddressText.of(remote) + "\n";
  }

  /** The address in either answer. */
  static Optional<String> address(String answer) {
    Matcher matcher = TEXT.matcher(answer);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(matcher.group(1))
        .or(() -> Optional.ofNullable(matcher.group(2)))
        .or(() -> Optional.ofNullable(matcher.group(3)));
  }
}
