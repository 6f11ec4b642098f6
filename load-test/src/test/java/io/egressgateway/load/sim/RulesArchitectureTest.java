package io.egressgateway.load.sim;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.egressgateway.core.lease.Rule;
import io.egressgateway.core.lease.Rules;

@AnalyzeClasses(packages = "io.egressgateway", importOptions = ImportOption.DoNotIncludeTests.class)
class RulesArchitectureTest {

  @ArchTest
  static final ArchRule onlyTheSimulatorBreaksRules =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.egressgateway.load.sim")
          .should()
          .callMethod(Rules.class, "without", Rule[].class);
}
