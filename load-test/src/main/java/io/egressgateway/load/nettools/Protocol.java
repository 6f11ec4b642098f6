package io.egressgateway.load.nettools;

import java.util.List;

/** How client and server talk. */
enum Protocol {
  TCP("tcp"),
  UDP("udp"),
  WEB("web");

  private final String flag;

  Protocol(String flag) {
    this.flag = flag;
  }

  /** As in the flag {@code -protocol} and in the server's log. */
  String flag() {
    return flag;
  }

  /** Reads the flag {@code -protocol}; {@code all} is every one. */
  static List<Protocol> parse(Flags flags) throws Flags.UsageException {
    return switch (flags.text("protocol")) {
      case "tcp" -> List.of(TCP);
      case "udp" -> List.of(UDP);
      case "web" -> List.of(WEB);
      case "all" -> List.of(values());
      default -> throw flags.bad("protocol", "tcp, udp, web or all");
    };
  }
}
