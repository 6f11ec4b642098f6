package io.egressgateway.load.api.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.egressgateway.load.api.store.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The few objects that {@code kubectl create} insists on sending as protobuf: namespaces, config
 * maps, service accounts. Field numbers are those of the {@code generated.proto} files in
 * kubernetes/api.
 *
 * <pre>
 * 6b 38 73 00                magic "k8s\0", then runtime.Unknown:
 *   1: TypeMeta {1: apiVersion, 2: kind}
 *   2: the object's bytes
 * </pre>
 */
final class ProtobufBodies {
  static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final int MAGIC = 0x6b387300;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private ProtobufBodies() {}

  /**
   * Decodes a body.
   *
   * @throws ApiException 400 if it is cut short, 415 for another kind
   */
  static ObjectNode decode(byte[] body) {
    ByteBuffer in = ByteBuffer.wrap(body);
    if (in.remaining() < Integer.BYTES || in.getInt() != MAGIC) {
      throw ApiException.badRequest("the body does not begin with the protobuf magic");
    }
    Map<Integer, ByteBuffer> envelope = lastFields(in);
    Map<Integer, ByteBuffer> type = lastFields(field(envelope, 1));
    String kind = text(field(type, 2));
    ObjectNode object = Json.object();
    object.put("apiVersion", text(field(type, 1))).put("kind", kind);
    ByteBuffer raw = field(envelope, 2);
    switch (kind) {
      case "Namespace", "ServiceAccount" ->
          fields(
              raw,
              (number, value) -> {
                if (number == 1) {
                  metadata(value, Json.metadata(object));
                }
              });
      case "ConfigMap" ->
          fields(
              raw,
              (number, value) -> {
                if (number == 1) {
                  metadata(value, Json.metadata(object));
                } else if (number == 2) {
                  entry(value, Json.child(object, "data"));
                }
              });
      default ->
          throw ApiException.unsupportedMediaType(
              "application/json; a " + kind + " cannot be read from protobuf");
    }
    return object;
  }

  private static void metadata(ByteBuffer in, ObjectNode metadata) {
    fields(
        in,
        (number, value) -> {
          switch (number) {
            case 1 -> metadata.put("name", text(value));
            case 2 -> metadata.put("generateName", text(value));
            case 3 -> metadata.put("namespace", text(value));
            case 11 -> entry(value, Json.child(metadata, "labels"));
            case 12 -> entry(value, Json.child(metadata, "annotations"));
            default -> {}
          }
        });
  }

  private static void entry(ByteBuffer in, ObjectNode map) {
    Map<Integer, ByteBuffer> entry = lastFields(in);
    map.put(text(field(entry, 1)), text(field(entry, 2)));
  }

  private static ByteBuffer field(Map<Integer, ByteBuffer> fields, int number) {
    return fields.getOrDefault(number, ByteBuffer.allocate(0));
  }

  private static Map<Integer, ByteBuffer> lastFields(ByteBuffer in) {
    Map<Integer, ByteBuffer> fields = new TreeMap<>();
    fields(in, fields::put);
    return fields;
  }

  /** Hands over each length-delimited field, in order; scalars are passed over. */
  private static void fields(ByteBuffer in, BiConsumer<Integer, ByteBuffer> consumer) {
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) (tag & 7)) {
        case VARINT -> varint(in);
        case FIXED64 -> take(in, Long.BYTES);
        case FIXED32 -> take(in, Integer.BYTES);
        case BYTES -> consumer.accept((int) (tag >>> 3), take(in, varint(in)));
        default -> throw ApiException.badRequest("not a protobuf wire type: " + (tag & 7));
      }
    }
  }

  private static ByteBuffer take(ByteBuffer in, long length) {
    if (length < 0 || length > in.remaining()) {
      throw ApiException.badRequest("the protobuf body is cut short");
    }
    ByteBuffer taken = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return taken;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = take(in, 1).get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw ApiException.badRequest("a protobuf number is too long");
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(in.duplicate()).toString();
  }
}
