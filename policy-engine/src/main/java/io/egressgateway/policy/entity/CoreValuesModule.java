package io.egressgateway.policy.entity;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.link.MalformedLinkMessage;
import io.egressgateway.core.link.PlanCodec;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EgressIpRequest;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.Epoch;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.Generation;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpRange;
import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.core.model.Ipv6Address;
import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.NodeNumber;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.core.model.Priority;
import io.egressgateway.core.model.Requirement;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.model.Selection;
import io.egressgateway.core.model.Tenants;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.policy.domain.Holding;
import io.egressgateway.policy.plan.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How core values look in messages between controllers: each as its text or number, plans in their
 * format of the agent link. Referred to by name in {@code reference.conf}.
 */
public final class CoreValuesModule extends SimpleModule {

  /** Adds the kind of a value to it, where a field may hold several kinds. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  private interface WithKind {}

  /** Registers every value. */
  public CoreValuesModule() {
    super("egressgateway-core-values");
    addresses();
    names();
    numbers();
    plans();
    kinds(EgressIpRequest.class);
    kinds(Selection.class);
    kinds(Tenants.class);
    kinds(Requirement.class);
    kinds(Holding.class);
    kinds(OwnershipProof.class);
    kinds(NumberingEntity.Reply.class);
    kinds(Verdict.class);
    kinds(KernelQuestion.class);
    kinds(KernelAnswer.class);
    text(Duration.class, Duration::parse);
    addSerializer(ByteString.class, new Binary<>(ByteString.class, ByteString::toByteArray));
    addDeserializer(ByteString.class, new Parsed<>(ByteString.class, ByteString::copyFrom));
  }

  private void addresses() {
    text(IpAddress.class, IpAddress::of);
    text(Ipv4Address.class, Ipv4Address::of);
    text(Ipv6Address.class, text -> (Ipv6Address) IpAddress.of(text));
    text(Cidr.class, Cidr::of);
    text(MacAddress.class, MacAddress::of);
    addSerializer(CidrSet.class, new Written<>(CidrSet.class, CoreValuesModule::joined));
    addDeserializer(CidrSet.class, new Read<>(CidrSet.class, CoreValuesModule::split));
    addSerializer(
        IpRange.class, new Written<>(IpRange.class, range -> range.first() + "-" + range.last()));
    addDeserializer(IpRange.class, new Read<>(IpRange.class, CoreValuesModule::range));
  }

  private void names() {
    text(NodeName.class, NodeName::new);
    text(GatewayName.class, GatewayName::new);
    text(PolicyKey.class, PolicyKey::parse);
  }

  private void numbers() {
    text(NodeNumber.class, text -> new NodeNumber(Integer.parseInt(text)));
    text(EipNumber.class, text -> new EipNumber(Integer.parseInt(text)));
    text(ClassNumber.class, text -> new ClassNumber(Integer.parseInt(text)));
    text(Priority.class, text -> new Priority(Integer.parseInt(text)));
    text(Epoch.class, text -> new Epoch(Long.parseLong(text)));
    text(Generation.class, text -> new Generation(Long.parseLong(text)));
    text(Revision.class, text -> new Revision(Long.parseLong(text)));
  }

  private void plans() {
    addSerializer(
        NodePlan.class, new Binary<>(NodePlan.class, plan -> PlanCodec.encode(plan).toByteArray()));
    addDeserializer(
        NodePlan.class,
        new Parsed<>(NodePlan.class, bytes -> PlanCodec.decode(Plan.parseFrom(bytes))));
    addSerializer(
        PlanDelta.class,
        new Binary<>(PlanDelta.class, delta -> PlanCodec.encode(delta).toByteArray()));
    addDeserializer(
        PlanDelta.class,
        new Parsed<>(
            PlanDelta.class,
            bytes -> PlanCodec.decode(io.egressgateway.core.link.v1.PlanDelta.parseFrom(bytes))));
  }

  private static String joined(CidrSet set) {
    return set.cidrs().stream().map(Cidr::toString).collect(Collectors.joining(","));
  }

  private static CidrSet split(String text) {
    return text.isEmpty()
        ? CidrSet.empty()
        : CidrSet.of(Arrays.stream(text.split(",", -1)).map(Cidr::of).toList());
  }

  private static IpRange range(String text) {
    int dash = text.indexOf('-');
    return new IpRange(
        IpAddress.of(text.substring(0, dash)), IpAddress.of(text.substring(dash + 1)));
  }

  private <T> void text(Class<T> type, Function<String, T> parse) {
    addSerializer(type, new ToStringSerializer(type));
    addDeserializer(type, new Read<>(type, parse));
    addKeyDeserializer(
        type,
        new KeyDeserializer() {
          @Override
          public Object deserializeKey(String key, DeserializationContext context) {
            return parse.apply(key);
          }
        });
  }

  private void kinds(Class<?> type) {
    setMixInAnnotation(type, WithKind.class);
    for (Class<?> kind : type.getPermittedSubclasses()) {
      if (kind.isSealed()) {
        kinds(kind);
      } else {
        registerSubtypes(new NamedType(kind, kind.getSimpleName()));
      }
    }
  }

  private static final class Written<T> extends StdSerializer<T> {
    private final transient Function<T, String> format;

    Written(Class<T> type, Function<T, String> format) {
      super(type);
      this.format = format;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeString(format.apply(value));
    }
  }

  private static final class Read<T> extends StdDeserializer<T> {
    private final transient Function<String, T> parse;

    Read(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      String text = parser.getText();
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException refused) {
        throw context.weirdStringException(
            text, handledType(), String.valueOf(refused.getMessage()));
      }
    }
  }

  private static final class Binary<T> extends StdSerializer<T> {
    private final transient Function<T, byte[]> format;

    Binary(Class<T> type, Function<T, byte[]> format) {
      super(type);
      this.format = format;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeBinary(format.apply(value));
    }
  }

  private interface PlanParser<T> {
    T parse(byte[] bytes) throws InvalidProtocolBufferException, MalformedLinkMessage;
  }

  private static final class Parsed<T> extends StdDeserializer<T> {
    private final transient PlanParser<T> parser;

    Parsed(Class<T> type, PlanParser<T> parser) {
      super(type);
      this.parser = parser;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      try {
        return parser.parse(json.getBinaryValue());
      } catch (MalformedLinkMessage malformed) {
        throw new IOException("plan in a message: " + malformed.getMessage(), malformed);
      }
    }
  }
}
