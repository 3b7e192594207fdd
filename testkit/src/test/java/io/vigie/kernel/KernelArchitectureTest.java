package io.vigie.kernel;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vigie.testkit.VigieRules;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class KernelArchitectureTest {

  private static final JavaClasses KERNEL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.vigie.kernel");

  @Test
  void itKeepsTheRulesOfTheServices() {
    VigieRules.check("io.vigie.kernel");
  }

  @Test
  void itsCoreKnowsNoneOfItsRooms() {
    noClasses()
        .that()
        .resideInAPackage("io.vigie.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vigie.kernel.*..")
        .check(KERNEL);
  }
}
