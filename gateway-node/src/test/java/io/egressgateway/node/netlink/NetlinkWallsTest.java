package io.egressgateway.node.netlink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know what, below the node's kernel plan. */
@AnalyzeClasses(packages = "io.egressgateway.node", importOptions = DoNotIncludeTests.class)
final class NetlinkWallsTest {
  @ArchTest
  static final ArchRule onlyTheSocketSeesJnr =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.egressgateway.node.netlink.socket")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jnr..", "com.kenai.jffi..");

  @ArchTest
  static final ArchRule wireIsPure =
      classes()
          .that()
          .resideInAPackage("..node.netlink.wire..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang",
              "java.lang.annotation",
              "java.lang.invoke",
              "java.lang.runtime",
              "java.nio",
              "java.nio.charset",
              "java.time",
              "java.util",
              "java.util.function",
              "java.util.stream",
              "io.egressgateway.core.model",
              "io.egressgateway.node.netlink.wire..",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule theSocketKnowsNoObjects =
      noClasses()
          .that()
          .resideInAPackage("..node.netlink.socket..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.egressgateway.node.netlink",
              "..node.netlink.wire.route..",
              "..node.netlink.wire.nft..",
              "..node.netlink.wire.frame..");

  @ArchTest
  static final ArchRule netlinkKnowsNothingOfTheAgent =
      noClasses()
          .that()
          .resideInAPackage("..node.netlink..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..node.kernel..",
              "..node.agent..",
              "..node.app..",
              "io.egressgateway.core.plan",
              "akka..",
              "io.grpc..");
}
