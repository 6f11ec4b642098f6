package io.egressgateway.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;

/** The walls of this module: one rule per package, and what holds for all of them. */
@AnalyzeClasses(
    packages = "io.egressgateway.policy",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] PURE = {
    "java.lang..", "java.math", "java.time", "java.util", "java.util.function", "java.util.stream"
  };

  @ArchTest
  static final ArchRule planIsPure =
      classes()
          .that()
          .resideInAPackage("..policy.plan..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              pureAnd(
                  "io.egressgateway.core.event",
                  "io.egressgateway.core.model",
                  "io.egressgateway.core.plan",
                  "io.egressgateway.policy.plan",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule domainIsPure =
      classes()
          .that()
          .resideInAPackage("..policy.domain..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              pureAnd(
                  "io.egressgateway.core.collection",
                  "io.egressgateway.core.event",
                  "io.egressgateway.core.lease",
                  "io.egressgateway.core.model",
                  "io.egressgateway.core.plan",
                  "io.egressgateway.policy.domain",
                  "io.egressgateway.policy.plan",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule historyIsPure =
      classes()
          .that()
          .resideInAPackage("..policy.history..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              pureAnd(
                  "io.egressgateway.core.event",
                  "io.egressgateway.core.model",
                  "io.egressgateway.policy.history",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule entitiesKnowNeitherKubernetesNorTheWire =
      noClasses()
          .that()
          .resideInAPackage("..policy.entity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8..",
              "io.grpc..",
              "java.sql..",
              "io.egressgateway.persistence..",
              "io.egressgateway.policy.link..");

  @ArchTest
  static final ArchRule theLinkDecidesNothing =
      noClasses()
          .that()
          .resideInAPackage("..policy.link..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..policy.domain..", "..policy.plan..", "akka.persistence..");

  @ArchTest
  static final ArchRule membersAreWatchedAndNotJudged =
      noClasses()
          .that()
          .resideInAPackage("..policy.member..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.egressgateway.core..",
              "io.egressgateway.policy.domain..",
              "io.egressgateway.policy.entity..");

  /** It must stand when everything else has fallen. */
  @ArchTest
  static final ArchRule aWitnessNeedsNeitherActorsNorADatabase =
      noClasses()
          .that()
          .resideInAPackage("..policy.witness..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..",
              "scala..",
              "java.sql..",
              "com.typesafe.config..",
              "io.fabric8..",
              "io.egressgateway.persistence..",
              "io.egressgateway.policy.domain..",
              "io.egressgateway.policy.entity..",
              "io.egressgateway.policy.link..",
              "io.egressgateway.policy.plan..");

  @ArchTest
  static final ArchRule theWitnessIsBelowItsProcess =
      noClasses()
          .that()
          .resideInAPackage("..policy.witness")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..policy.witness.app");

  @ArchTest
  static final ArchRule onlyMessagesKnowJackson =
      noClasses()
          .that()
          .haveNameNotMatching(".*[.](CoreValuesModule|EagerSerializers)([$].*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule timeAndRandomnessComeInAsArguments =
      noClasses()
          .that()
          .resideOutsideOfPackage("..app..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("io.egressgateway.policy.(*)..").should().beFreeOfCycles();

  private static String[] pureAnd(String... others) {
    String[] all = new String[PURE.length + others.length];
    System.arraycopy(PURE, 0, all, 0, PURE.length);
    System.arraycopy(others, 0, all, PURE.length, others.length);
    return all;
  }
}
