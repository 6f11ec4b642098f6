package io.egressgateway.k8s;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;

/** The walls of this module: one rule for each row of the table in docs/STYLE.md. */
@AnalyzeClasses(
    packages = "io.egressgateway.k8s",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class K8sArchitectureTest {
  private static final String CRD = "io.egressgateway.k8s.crd";
  private static final String TRANSLATE = "io.egressgateway.k8s.translate";
  private static final String STATUS = "io.egressgateway.k8s.status";
  private static final String WATCH = "io.egressgateway.k8s.watch";
  private static final String REFLECTOR = "io.egressgateway.k8s.reflector";
  private static final String APP = "io.egressgateway.k8s.app";
  private static final String EGCTL = "io.egressgateway.k8s.egctl";

  @ArchTest
  static final ArchRule theResourcesAreOnlyShapes =
      noClasses()
          .that()
          .resideInAPackage(CRD)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              TRANSLATE,
              STATUS,
              WATCH,
              APP,
              "akka..",
              "io.egressgateway.core..",
              "io.egressgateway.policy..");

  /** It computes: no API, no clock, no actors, no engine. */
  @ArchTest
  static final ArchRule translationIsPure =
      classes()
          .that()
          .resideInAPackage(TRANSLATE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              TRANSLATE,
              CRD,
              "io.egressgateway.core.collection",
              "io.egressgateway.core.model",
              "io.fabric8.kubernetes.api.model",
              "java.lang",
              "java.lang.invoke",
              "java.lang.runtime",
              "java.math",
              "java.time",
              "java.time.format",
              "java.util",
              "java.util.function",
              "java.util.stream",
              "org.jspecify.annotations");

  /** What the watcher knows and plans is computed apart from how it hears and tells. */
  @ArchTest
  static final ArchRule whatTheWatcherKnowsIsPure =
      noClasses()
          .that()
          .resideInAPackage(WATCH)
          .and()
          .haveNameMatching(
              ".*\\.(Absences|Gateways|MeshPlanner|Nodes|Outbox|PodIndex|Policies|PolicyIndex|Standing|SubnetTable"
                  + "|Touched)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "io.fabric8..", "java.io", "java.net", "java.time");

  @ArchTest
  static final ArchRule aReflectorKnowsNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage(REFLECTOR)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.egressgateway..").and(resideOutsideOfPackage(REFLECTOR)));

  @ArchTest
  static final ArchRule nothingIsReadBackFromWhatIsShown =
      noClasses()
          .that()
          .resideInAPackage(STATUS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(WATCH, APP);

  @ArchTest
  static final ArchRule theWatcherIsBelowItsProcess =
      noClasses()
          .that()
          .resideInAPackage(WATCH)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(APP);

  @ArchTest
  static final ArchRule onlyTheProcessesReadTheClock =
      noClasses()
          .that()
          .resideOutsideOfPackages(APP, EGCTL)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule noPackageDependsOnItself =
      slices().matching("io.egressgateway.k8s.(*)..").should().beFreeOfCycles();
}
