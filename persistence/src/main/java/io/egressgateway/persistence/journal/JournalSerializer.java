package io.egressgateway.persistence.journal;

import akka.serialization.SerializerWithStringManifest;
import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.PolicyEvent;

/**
 * Journal events to bytes and back. A row's manifest is the event's name and version, {@code
 * family.event.vN}; no class name is ever written. Stateless, so safe for any thread.
 *
 * <p>Bound to the five event families by this module's {@code reference.conf}.
 */
public final class JournalSerializer extends SerializerWithStringManifest {
  /** Written into every row: it can never change. Akka keeps 0 to 40 for itself. */
  public static final int IDENTIFIER = 260_101;

  private final PolicyEventFormat policy = new PolicyEventFormat();
  private final GatewayEventFormat gateway = new GatewayEventFormat();
  private final EipEventFormat eip = new EipEventFormat();
  private final NodeEventFormat node = new NodeEventFormat();
  private final NumberingEventFormat numbering = new NumberingEventFormat();

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  /**
   * Name and version of the bytes that {@link #toBinary} makes of the event.
   *
   * @throws IllegalArgumentException for anything but an event of the five families
   */
  @Override
  public String manifest(Object event) {
    return switch (event) {
      case PolicyEvent of -> policy.manifest(of);
      case GatewayEvent of -> gateway.manifest(of);
      case EipEvent of -> eip.manifest(of);
      case NodeEvent of -> node.manifest(of);
      case NumberingEvent of -> numbering.manifest(of);
      default -> throw notAnEvent(event);
    };
  }

  /**
   * The event as compact JSON.
   *
   * @throws IllegalArgumentException for anything but an event of the five families
   */
  @Override
  public byte[] toBinary(Object event) {
    EventWriter out = new EventWriter();
    switch (event) {
      case PolicyEvent of -> policy.write(of, out);
      case GatewayEvent of -> gateway.write(of, out);
      case EipEvent of -> eip.write(of, out);
      case NodeEvent of -> node.write(of, out);
      case NumberingEvent of -> numbering.write(of, out);
      default -> throw notAnEvent(event);
    }
    return out.toBytes();
  }

  /**
   * The event that a row holds, in any version ever written.
   *
   * @throws CorruptEventException naming the manifest and the field when the row is not as written
   */
  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    EventReader in = EventReader.of(manifest, bytes);
    EventFormat<?> family =
        switch (manifest.substring(0, Math.max(0, manifest.indexOf('.')))) {
          case "policy" -> policy;
          case "gateway" -> gateway;
          case "eip" -> eip;
          case "node" -> node;
          case "numbering" -> numbering;
          default -> throw in.unknownManifest();
        };
    return in.end(family.read(in));
  }

  private static IllegalArgumentException notAnEvent(Object event) {
    return new IllegalArgumentException(
        event.getClass().getName() + " is not a journal event and has no manifest");
  }
}
