package io.egressgateway.node.netlink.wire.conntrack;

import io.egressgateway.core.model.IpAddress;

/**
 * One direction of a flow.
 *
 * @param source of the packets in this direction
 * @param destination of the same family
 */
public record Tuple(IpAddress source, IpAddress destination, Layer4 layer4) {
  /**
   * @throws IllegalArgumentException if the families differ
   */
  public Tuple {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(
          "flow from " + source + " to " + destination + " mixes families");
    }
  }

  /** The direction of the answers, were there no translation. Of a question alone, the question. */
  public Tuple inverse() {
    Layer4 answered =
        switch (layer4) {
          case Layer4.Ports(int protocol, int from, int to) -> new Layer4.Ports(protocol, to, from);
          case Layer4.Echo echo -> Echoes.answer(echo);
          case Layer4.Bare bare -> bare;
        };
    return new Tuple(destination, source, answered);
  }
}
