package io.egressgateway.persistence;

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
    packages = "io.egressgateway.persistence",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theJournalKnowsEventsAndBytesAndNothingElse =
      classes()
          .that()
          .resideInAPackage("..persistence.journal..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.nio",
              "java.nio.charset",
              "java.time",
              "java.util",
              "java.util.function",
              "io.egressgateway.core.event",
              "io.egressgateway.core.model",
              "io.egressgateway.persistence.journal..",
              "akka.serialization",
              "com.fasterxml.jackson..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule theStoreKnowsNoEvent =
      classes()
          .that()
          .resideInAPackage("..persistence.store..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.io",
              "java.lang..",
              "java.nio.charset",
              "java.nio.file",
              "java.sql",
              "java.util",
              "java.util.function",
              "java.util.stream",
              "com.typesafe.config",
              "io.egressgateway.persistence.store..",
              "org.jspecify..",
              "org.slf4j");

  /** The plugin is made by its name: what writes does not know who watches. */
  @ArchTest
  static final ArchRule healthKnowsNoEvent =
      classes()
          .that()
          .resideInAPackage("..persistence.health..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.sql",
              "java.time",
              "java.util",
              "java.util.concurrent",
              "java.util.function",
              "akka.actor..",
              "akka.persistence..",
              "com.typesafe.config",
              "scala..",
              "io.egressgateway.persistence.health..",
              "io.egressgateway.persistence.store",
              "org.jspecify..",
              "org.slf4j");

  @ArchTest
  static final ArchRule nothingIsAnnotatedForJackson =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson.annotation..");

  @ArchTest
  static final ArchRule timeAndRandomnessComeInAsArguments =
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
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.egressgateway.persistence.(*)..").should().beFreeOfCycles();
}
