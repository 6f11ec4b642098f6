package io.egressgateway.load.fault;

import io.egressgateway.load.lab.net.NetNamespace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A filter in one namespace that drops the TCP of connections to some ports: the other side is not
 * reached, and nobody is told. Connections that stand are hit too.
 *
 * @param where the namespace with the filter
 * @param ports the servers'
 * @param path which packets are meant
 * @param direction which way is cut
 */
record Cut(NetNamespace where, List<Integer> ports, Path path, Direction direction) {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** Which packets are meant. */
  enum Path {
    /** Those that leave and enter the node. */
    WIRE("!= \"lo\""),
    /** Those between processes of the node. */
    LOOPBACK("\"lo\"");

    private final String match;

    Path(String match) {
      this.match = match;
    }
  }

  /** Which way is cut. */
  enum Direction {
    BOTH,
    /** What goes to the servers. */
    THERE,
    /** What comes back. */
    BACK
  }

  Breakage make(String name) throws IOException {
    String table = "lab-cut-" + NUMBERS.incrementAndGet();
    ForeignTool.run(where, List.of("nft", script(table)));
    return new Breakage(
        name,
        () ->
            // 'add' first: somebody may have flushed the ruleset meanwhile.
            ForeignTool.run(
                where,
                List.of("nft", "add table inet %s; delete table inet %s".formatted(table, table))));
  }

  private String script(String table) {
    String set = ports.stream().map(Object::toString).collect(Collectors.joining(", "));
    String there =
        "chain out { type filter hook output priority -400; oifname %s tcp dport { %s } drop; }"
            .formatted(path.match, set);
    String back =
        "chain in { type filter hook input priority -400; iifname %s tcp sport { %s } drop; }"
            .formatted(path.match, set);
    String chains =
        switch (direction) {
          case BOTH -> there + "\n" + back;
          case THERE -> there;
          case BACK -> back;
        };
    return "table inet %s {\n%s\n}".formatted(table, chains);
  }
}
