package io.egressgateway.load.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How the story ended. */
sealed interface DemoResult {
  double BYTES_PER_MIB = 1024 * 1024;
  double MILLIS_PER_SECOND = 1000;

  /** The exit code that says the same. */
  int exitCode();

  ObjectNode toJson(ObjectNode into);

  String toText();

  /**
   * The packets proved it.
   *
   * @param eip the policy's egress IP, as its status says
   * @param remoteIp the source that the server saw from the pod that the policy matches
   * @param unmatchedIp the source that it saw from a pod that no policy matches
   * @param holder the gateway node, as the policy's status says
   * @param figures what was measured on the way
   */
  record Proved(
      Ipv4Address eip,
      Ipv4Address remoteIp,
      Ipv4Address unmatchedIp,
      NodeName holder,
      Figures figures)
      implements DemoResult {
    @Override
    public int exitCode() {
      return 0;
    }

    @Override
    public ObjectNode toJson(ObjectNode into) {
      into.put("ok", true)
          .put("eip", eip.toString())
          .put("remoteIp", remoteIp.toString())
          .put("unmatchedIp", unmatchedIp.toString())
          .put("holder", holder.value());
      return figures.toJson(into);
    }

    @Override
    public String toText() {
      return """
          The server outside saw the matched pod as %s, the policy's egress IP, held by %s,
          and the unmatched pod as %s, its node's address. %s"""
          .formatted(remoteIp, holder, unmatchedIp, figures.toText());
    }
  }

  /**
   * The egress IP went from a node that died to another one.
   *
   * @param gap without an answer from the server
   * @param doubleAnswers how often two nodes had the address at once
   * @param other what else must not have been
   */
  record TookOver(NodeName from, NodeName to, Duration gap, int doubleAnswers, List<String> other)
      implements DemoResult {
    /** Makes the list immutable. */
    public TookOver {
      other = List.copyOf(other);
    }

    private boolean isGood() {
      return doubleAnswers == 0 && other.isEmpty();
    }

    @Override
    public int exitCode() {
      return isGood() ? 0 : 1;
    }

    @Override
    public ObjectNode toJson(ObjectNode into) {
      into.put("ok", isGood())
          .put("gapMs", gap.toMillis())
          .put("from", from.value())
          .put("to", to.value())
          .put("doubleAnswers", doubleAnswers);
      if (!other.isEmpty()) {
        into.put("error", String.join("; ", other));
      }
      return into;
    }

    @Override
    public String toText() {
      String proof =
          doubleAnswers == 0
              ? "At no time did two nodes answer."
              : "TWO NODES ANSWERED AT ONCE, " + doubleAnswers + " times.";
      return String.format(
          Locale.ROOT,
          "%s took over from %s. The server heard nothing of the pod for %.2f s. %s",
          to,
          from,
          gap.toMillis() / MILLIS_PER_SECOND,
          other.isEmpty() ? proof : proof + " But: " + String.join("; ", other));
    }
  }

  /** A step failed, or a packet had another source than it should have. */
  record Failed(String reason) implements DemoResult {
    @Override
    public int exitCode() {
      return 1;
    }

    @Override
    public ObjectNode toJson(ObjectNode into) {
      return into.put("ok", false).put("error", reason);
    }

    @Override
    public String toText() {
      return "The demo failed: " + reason;
    }
  }

  /**
   * What the demo measures.
   *
   * @param policyToPacket from sending the policy to the first connection with its egress IP
   * @param startToPacket from the start of the demo to that connection
   * @param agentBytes resident memory of the largest agent
   * @param controllerBytes resident memory of the largest controller
   */
  record Figures(
      Duration policyToPacket, Duration startToPacket, long agentBytes, long controllerBytes) {
    ObjectNode toJson(ObjectNode into) {
      return into.put("policyToPacketMs", policyToPacket.toMillis())
          .put("startToPacketMs", startToPacket.toMillis())
          .put("agentMiB", Math.round(agentBytes / BYTES_PER_MIB))
          .put("controllerMiB", Math.round(controllerBytes / BYTES_PER_MIB));
    }

    String toText() {
      return String.format(
          Locale.ROOT,
          "%nPolicy to packet: %d ms. Start to packet: %.1f s. Resident: agent %.0f MiB, controller %.0f MiB.",
          policyToPacket.toMillis(),
          startToPacket.toMillis() / MILLIS_PER_SECOND,
          agentBytes / BYTES_PER_MIB,
          controllerBytes / BYTES_PER_MIB);
    }
  }
}
