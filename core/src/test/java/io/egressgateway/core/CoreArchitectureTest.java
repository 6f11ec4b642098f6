package io.egressgateway.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

@AnalyzeClasses(
    packages = "io.egressgateway.core",
    importOptions = ImportOption.DoNotIncludeTests.class)
class CoreArchitectureTest {

  // Package by package: "java.util.." would let in java.util.concurrent, and java.net asks DNS.
  // The two below java.lang are what the compiler makes of records, lambdas and patterns.
  private static final String[] PURE_JAVA = {
    "java.lang",
    "java.lang.annotation",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.math",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "org.jspecify.annotations",
  };

  private static final String COLLECTION = "io.egressgateway.core.collection";
  private static final String MODEL = "io.egressgateway.core.model";
  private static final String PLAN = "io.egressgateway.core.plan";
  private static final String EVENT = "io.egressgateway.core.event";

  private static final String LEASE = "io.egressgateway.core.lease";

  // A digest is a pure function; chance, which lives beside it, is refused below.
  @ArchTest
  static final ArchRule modelIsPure =
      mayUse(MODEL, "java.nio", "java.nio.charset", "java.security");

  @ArchTest static final ArchRule plansAreMadeOfTheModel = mayUse(PLAN, MODEL, COLLECTION);

  @ArchTest static final ArchRule collectionsKnowNothing = mayUse(COLLECTION);

  // Durations only: the time of now comes in as an argument.
  @ArchTest static final ArchRule leasesAreMadeOfTheModel = mayUse(LEASE, MODEL, "java.time");

  // An event carries the time that the entity's shell gave it.
  @ArchTest
  static final ArchRule eventsAreMadeOfModelAndPlans = mayUse(EVENT, MODEL, PLAN, "java.time");

  @ArchTest
  static final ArchRule nothingReadsTheClock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule nothingIsLeftToChance =
      noClasses().should().dependOnClassesThat().areAssignableTo(RandomGenerator.class);

  private static ArchRule mayUse(String home, String... others) {
    return classes()
        .that()
        .resideInAPackage(home)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            Stream.of(Stream.of(home), Stream.of(others), Stream.of(PURE_JAVA))
                .flatMap(packages -> packages)
                .toArray(String[]::new));
  }
}
