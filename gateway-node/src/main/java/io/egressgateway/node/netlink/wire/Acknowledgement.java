package io.egressgateway.node.netlink.wire;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The kernel's answer to a request: done, or refused and why. It comes in NLMSG_ERROR, and at the
 * end of a dump in NLMSG_DONE.
 *
 * <pre>
 *  NLMSG_ERROR: | error (s32, 0 or -errno) | nlmsghdr of the request | [its payload] | attributes
 *  NLMSG_DONE:  | error (s32, 0 or -errno) | attributes
 * </pre>
 *
 * <p>The request's payload is left out with NLM_F_CAPPED, the attributes are there with
 * NLM_F_ACK_TLVS. linux/netlink.h, struct nlmsgerr.
 *
 * @param errno 0 for done
 * @param text the kernel's explanation
 * @param offset where in the request the offending attribute lies, in bytes
 */
public record Acknowledgement(int errno, Optional<String> text, OptionalInt offset) {
  private static final int ERROR_BYTES = 4;

  /** Whether the request was carried out. */
  public boolean isSuccess() {
    return errno == 0;
  }

  /** Reads NLMSG_ERROR or NLMSG_DONE. */
  public static Acknowledgement decode(NetlinkMessage message) {
    if (message.type() == NetlinkConstants.NLMSG_DONE) {
      return message.payload().length() < ERROR_BYTES
          ? new Acknowledgement(0, Optional.empty(), OptionalInt.empty())
          : decode(message, ERROR_BYTES);
    }
    int echoed = ERROR_BYTES + NetlinkMessage.HEADER_BYTES;
    if (!message.hasFlags(NetlinkConstants.NLM_F_CAPPED)) {
      int length = new PayloadReader(message, echoed).i32(ERROR_BYTES);
      if (length < NetlinkMessage.HEADER_BYTES || length > message.payload().length()) {
        throw new MalformedNetlinkMessage("echoed request claims " + length + " bytes");
      }
      echoed = Math.min(message.payload().length(), ERROR_BYTES + ((length + 3) & ~3));
    }
    return decode(message, echoed);
  }

  private static Acknowledgement decode(NetlinkMessage message, int headerBytes) {
    PayloadReader payload = new PayloadReader(message, headerBytes);
    int errno = -payload.i32(0);
    if (!message.hasFlags(NetlinkConstants.NLM_F_ACK_TLVS)) {
      return new Acknowledgement(errno, Optional.empty(), OptionalInt.empty());
    }
    AttributeReader attributes = payload.attributes();
    OptionalInt offset =
        attributes.u32(NetlinkConstants.NLMSGERR_ATTR_OFFS).stream()
            .mapToInt(value -> (int) value)
            .findFirst();
    return new Acknowledgement(
        errno, attributes.string(NetlinkConstants.NLMSGERR_ATTR_MSG), offset);
  }
}
