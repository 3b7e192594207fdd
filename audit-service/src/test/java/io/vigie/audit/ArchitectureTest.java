package io.vigie.audit;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.vigie.testkit.VigieRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

  @Test
  void theServiceKeepsTheRules() {
    VigieRules.check("io.vigie.audit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.vigie.audit.merkle", "io.vigie.audit.note"})
  void whatProvesTheLogDependsOnTheJavaRuntimeAlone(String proof) {
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", proof)
        .because("what proves the log must be readable by itself")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(proof));
  }
}
