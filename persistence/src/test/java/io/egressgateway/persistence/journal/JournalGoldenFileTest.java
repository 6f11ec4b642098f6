package io.egressgateway.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.event.EipEvent;
import io.egressgateway.core.event.GatewayEvent;
import io.egressgateway.core.event.NodeEvent;
import io.egressgateway.core.event.NumberingEvent;
import io.egressgateway.core.event.OwnershipProof;
import io.egressgateway.core.event.PolicyEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the journal's bytes still. A file here is a row that some database may hold for ever: files
 * are added, never changed or removed. A sample without a file gets one with {@code ADD_GOLDEN=1}.
 */
class JournalGoldenFileTest {
  private static final Path FOLDER = Path.of("src/test/resources/journal");
  private static final String SUFFIX = ".json";

  private final JournalSerializer serializer = new JournalSerializer();

  static Set<String> samples() {
    return SampleEvents.all().keySet();
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anEventIsWrittenAsItAlwaysWas(String name) throws IOException {
    byte[] bytes = serializer.toBinary(sample(name));
    Path file = FOLDER.resolve(name + SUFFIX);
    if (!Files.exists(file) && "1".equals(System.getenv("ADD_GOLDEN"))) {
      Files.write(file, bytes);
    }

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anEventReadsBackEqual(String name) throws IOException {
    byte[] file = Files.readAllBytes(FOLDER.resolve(name + SUFFIX));

    assertThat(serializer.fromBinary(file, manifestOf(name))).isEqualTo(sample(name));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theManifestIsTheNameOfTheFile(String name) {
    assertThat(serializer.manifest(sample(name))).isEqualTo(manifestOf(name));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileEverAddedIsStillRead(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve(file));
    String name = file.substring(0, file.length() - SUFFIX.length());

    assertThat(serializer.fromBinary(bytes, manifestOf(name))).isNotNull();
  }

  @Test
  void everyEventOfEveryFamilyHasASample() {
    Set<Class<?>> events =
        Stream.of(
                PolicyEvent.class,
                GatewayEvent.class,
                EipEvent.class,
                NodeEvent.class,
                NumberingEvent.class)
            .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
            .collect(Collectors.toSet());
    Set<Class<?>> sampled =
        SampleEvents.all().values().stream().map(Object::getClass).collect(Collectors.toSet());

    assertThat(sampled).isEqualTo(events);
  }

  @Test
  void everyProofHasASample() {
    Set<Class<?>> proofs =
        SampleEvents.all().values().stream()
            .filter(EipEvent.EipAssigned.class::isInstance)
            .map(event -> ((EipEvent.EipAssigned) event).proof().getClass())
            .collect(Collectors.toSet());

    assertThat(proofs).isEqualTo(records(OwnershipProof.class).collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(JournalGoldenFileTest::records)
        : Stream.of(type);
  }

  private static Object sample(String name) {
    return Objects.requireNonNull(SampleEvents.all().get(name), name);
  }

  /** {@code eip.assigned.v1-never-granted} is of the manifest {@code eip.assigned.v1}. */
  private static String manifestOf(String name) {
    int version = name.lastIndexOf(".v");
    int variant = name.indexOf('-', version);
    return variant < 0 ? name : name.substring(0, variant);
  }
}
