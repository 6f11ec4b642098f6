package io.egressgateway.node;

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
    packages = "io.egressgateway.node",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class NodeArchitectureTest {
  private static final String MODEL = "io.egressgateway.core.model";
  private static final String PLAN = "io.egressgateway.core.plan";
  private static final String KERNEL = "io.egressgateway.node.kernel";
  private static final String WIRE = "io.egressgateway.node.netlink.wire..";
  private static final String AGENT = "io.egressgateway.node.agent";
  private static final String APP = "io.egressgateway.node.app";

  /** It computes: no I/O, no clock, no chance, no actors, no sockets. */
  @ArchTest
  static final ArchRule theDesiredKernelIsPure =
      classes()
          .that()
          .resideInAPackage(KERNEL)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              KERNEL,
              WIRE,
              "io.egressgateway.core.collection",
              MODEL,
              PLAN,
              "java.lang",
              "java.lang.annotation",
              "java.lang.invoke",
              "java.lang.runtime",
              "java.nio",
              "java.nio.charset",
              "java.security",
              "java.util",
              "java.util.function",
              "java.util.regex",
              "java.util.stream",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule theAgentIsBelowItsProcess =
      noClasses()
          .that()
          .resideInAPackage(AGENT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(APP);

  @ArchTest
  static final ArchRule onlyTheProcessReadsTheClock =
      noClasses()
          .that()
          .resideOutsideOfPackage(APP)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule nobodyForksATool =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class)
          .orShould()
          .callMethod(Runtime.class, "exec", String.class);

  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices().matching("io.egressgateway.node.(*)..").should().beFreeOfCycles();
}
