package io.egressgateway.node.netlink.wire.conntrack;

import io.egressgateway.node.netlink.wire.conntrack.Layer4.Echo;
import java.util.HashMap;
import java.util.Map;

/** Which ICMP type answers which: those that the kernel tracks as flows. */
final class Echoes {
  private static final Map<Integer, Integer> ICMP = bothWays(Map.of(8, 0, 13, 14, 15, 16, 17, 18));
  private static final Map<Integer, Integer> ICMPV6 = bothWays(Map.of(128, 129, 139, 140));

  private Echoes() {}

  static Echo answer(Echo question) {
    Map<Integer, Integer> types =
        question.protocol() == ConntrackConstants.IPPROTO_ICMPV6 ? ICMPV6 : ICMP;
    int type = types.getOrDefault(question.type(), question.type());
    return new Echo(question.protocol(), question.id(), type, question.code());
  }

  private static Map<Integer, Integer> bothWays(Map<Integer, Integer> answers) {
    Map<Integer, Integer> both = new HashMap<>(answers);
    answers.forEach((question, answer) -> both.put(answer, question));
    return Map.copyOf(both);
  }
}
