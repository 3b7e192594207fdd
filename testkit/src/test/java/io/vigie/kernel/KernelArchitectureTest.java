package io.vigie.kernel;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

class KernelArchitectureTest {

  private static final JavaClasses KERNEL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.vigie.kernel");

  @Test
  void itsRoomsDependOnEachOtherInOneDirection() {
    slices().matching("io.vigie.kernel.(*)..").should().beFreeOfCycles().check(KERNEL);
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

  @Test
  void itKnowsNoService() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vigie.asset..",
            "io.vigie.access..",
            "io.vigie.incident..",
            "io.vigie.backup..",
            "io.vigie.audit..")
        .check(KERNEL);
  }
}
