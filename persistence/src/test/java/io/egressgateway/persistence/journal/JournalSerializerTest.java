package io.egressgateway.persistence.journal;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalSerializerTest {
  private static final int DAMAGED_COPIES = 300;

  private final JournalSerializer serializer = new JournalSerializer();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          eip.numbered.v1   | number  | {"at":"2026-11-23T06:07:08Z"}
          eip.numbered.v1   | number  | {"number":"12","at":"2026-11-23T06:07:08Z"}
          eip.numbered.v1   | number  | {"number":12.5,"at":"2026-11-23T06:07:08Z"}
          eip.numbered.v1   | number  | {"number":0,"at":"2026-11-23T06:07:08Z"}
          eip.numbered.v1   | number  | {"number":99999999999,"at":"2026-11-23T06:07:08Z"}
          eip.numbered.v1   | at      | {"number":12}
          eip.numbered.v1   | at      | {"number":12,"at":1763878028}
          eip.numbered.v1   | at      | {"number":12,"at":"yesterday"}
          eip.numbered.v1   | at      | {"number":12,"at":"2026-11-23T06:07:08.000Z"}
          eip.numbered.v1   | more    | {"number":12,"at":"2026-11-23T06:07:08Z","more":1}
          eip.released.v1   | proof   | {"epoch":1,"proof":"guess","at":"2026-11-23T06:07:08Z"}
          eip.released.v1   | epoch   | {"epoch":-1,"proof":"guess","at":"2026-11-23T06:07:08Z"}
          node.registered.v1| tunnel  | {"uid":"u","tunnel":7,"at":"2026-11-23T06:07:08Z"}
          node.registered.v1| tunnel.mac | {"uid":"u","tunnel":{"number":7,"mac":"66:00"},"at":""}
          node.registered.v1| tunnel.x | {"uid":"u","tunnel":{"number":7,"mac":"66:00:00:00:00:07","x":1}}
          policy.accepted.v1| gateway | {"uid":"u","generation":1,"gateway":"No Name"}
          policy.accepted.v1| request.kind | {"uid":"u","generation":1,"gateway":"g","request":{"kind":"best"}}
          policy.accepted.v1| request.ipv4 | {"uid":"u","generation":1,"gateway":"g","request":{"kind":"explicit"}}
          policy.egress-ip-bound.v1 | addresses    | {"addresses":"10.0.0.1","at":"2026-11-23T06:07:08Z"}
          policy.egress-ip-bound.v1 | addresses[1] | {"addresses":["10.0.0.1",2],"at":"2026-11-23T06:07:08Z"}
          policy.egress-ip-bound.v1 | addresses[1] | {"addresses":["10.0.0.1","10.0.0.1"],"at":"2026-11-23T06:07:08Z"}
          policy.egress-ip-bound.v1 | addresses[0] | {"addresses":["FD00::1"],"at":"2026-11-23T06:07:08Z"}
          gateway.retired.v1 | $ | {"at":"2026-11-23T06:07:08Z"} {}
          gateway.retired.v1 | $ | {"at":"2026-11-23T06:07:08Z","at":"2026-11-23T06:07:08Z"}
          gateway.retired.v1 | $ | [1]
          gateway.retired.v1 | $ | {"at":
          gateway.retired.v2 | $ | {"at":"2026-11-23T06:07:08Z"}
          gateway.renamed.v1 | $ | {"at":"2026-11-23T06:07:08Z"}
          other.retired.v1   | $ | {"at":"2026-11-23T06:07:08Z"}
          retired            | $ | {"at":"2026-11-23T06:07:08Z"}
          """)
  void aRowThatIsNotAsWrittenIsRefusedByName(String manifest, String field, String json) {
    assertThatExceptionOfType(CorruptEventException.class)
        .isThrownBy(() -> serializer.fromBinary(json.getBytes(UTF_8), manifest))
        .withMessageContaining("'" + manifest + "'")
        .withMessageContaining("'" + field + "'")
        .satisfies(refused -> assertThat(refused.manifest()).isEqualTo(manifest))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo(field));
  }

  @Test
  void onlyUtf8IsRead() {
    String json = "{\"at\":\"2026-11-23T06:07:08Z\"}";

    assertThat(serializer.fromBinary(json.getBytes(UTF_8), "gateway.retired.v1")).isNotNull();
    assertThatExceptionOfType(CorruptEventException.class)
        .isThrownBy(() -> serializer.fromBinary(json.getBytes(UTF_16LE), "gateway.retired.v1"));
    assertThatExceptionOfType(CorruptEventException.class)
        .isThrownBy(() -> serializer.fromBinary(new byte[] {(byte) 0xff}, "gateway.retired.v1"))
        .withMessageContaining("not UTF-8");
    assertThatExceptionOfType(CorruptEventException.class)
        .isThrownBy(() -> serializer.fromBinary(new byte[0], "gateway.retired.v1"));
  }

  @Test
  void damagedBytesAreAnEventOrCorruptAndNothingElse() {
    SplittableRandom random = new SplittableRandom(1);
    for (Object event : SampleEvents.all().values()) {
      byte[] bytes = serializer.toBinary(event);
      for (int length = 0; length < bytes.length; length++) {
        assertRefused(Arrays.copyOf(bytes, length), serializer.manifest(event));
      }
      for (int copy = 0; copy < DAMAGED_COPIES; copy++) {
        byte[] damaged = bytes.clone();
        damaged[random.nextInt(bytes.length)] = (byte) random.nextInt();
        read(damaged, serializer.manifest(event));
      }
    }
  }

  private void assertRefused(byte[] bytes, String manifest) {
    assertThatExceptionOfType(CorruptEventException.class)
        .isThrownBy(() -> serializer.fromBinary(bytes, manifest));
  }

  private void read(byte[] bytes, String manifest) {
    try {
      Object event = serializer.fromBinary(bytes, manifest);
      assertThat(serializer.manifest(event)).isEqualTo(manifest);
    } catch (CorruptEventException refused) {
      assertThat(refused.manifest()).isEqualTo(manifest);
    }
  }

  @Test
  void whatIsNoEventHasNoManifestAndNoBytes() {
    assertThatThrownBy(() -> serializer.manifest("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
    assertThatThrownBy(() -> serializer.toBinary("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }
}
