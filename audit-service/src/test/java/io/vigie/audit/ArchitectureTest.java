package io.vigie.audit;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.vigie.testkit.VigieRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void theServiceKeepsTheRules() {
    VigieRules.check("io.vigie.audit");
  }

  @Test
  void theTreeDependsOnTheJavaRuntimeAlone() {
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.vigie.audit.merkle")
        .because("what proves the log must be readable by itself")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.vigie.audit.merkle"));
  }
}
