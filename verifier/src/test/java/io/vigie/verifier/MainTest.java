package io.vigie.verifier;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(InputStream in, String... args) {
    return Main.run(args, in, new PrintStream(out, true), new PrintStream(err, true));
  }

  private int run(String... args) {
    return run(InputStream.nullInputStream(), args);
  }

  @Test
  void anExportInAFileIsVerified(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("export.ndjson"), SampleExport.of(10).bytes());
    assertEquals(Main.VERIFIED, run("export", file.toString()));
    assertTrue(
        out.toString(StandardCharsets.UTF_8).startsWith("agrees with itself: 10 entries"),
        out::toString);
    assertTrue(
        out.toString(StandardCharsets.UTF_8).contains("no signature was checked"), out::toString);
    assertTrue(
        out.toString(StandardCharsets.UTF_8)
            .contains("\"/vigie/asset\": numbers 1 to 5, none missing"),
        out::toString);
  }

  @Test
  void aChangedExportOnStandardInputDoesNotMatch() {
    SampleExport export = SampleExport.of(10);
    export.line(7).put("payload", "Zm9yZ2Vk");
    assertEquals(Main.DOES_NOT_MATCH, run(new ByteArrayInputStream(export.bytes()), "export", "-"));
    assertTrue(
        out.toString(StandardCharsets.UTF_8).startsWith("DOES NOT MATCH: entry 7 "), out::toString);
  }

  @Test
  void anExportThatMatchesButLacksNumbersOfASourceHasAnExitCodeOfItsOwn(@TempDir Path folder)
      throws IOException {
    SampleExport export = SampleExport.of(10);
    export.add(SampleExport.entry("/vigie/asset", 9), "after a hole");
    Path file = Files.write(folder.resolve("export.ndjson"), export.bytes());
    assertEquals(Main.NUMBERS_MISSING, run("export", file.toString()));
    assertTrue(
        out.toString(StandardCharsets.UTF_8).contains("3 missing, the first is 6"), out::toString);
  }

  @Test
  void foreignTextReachesTheTerminalWithoutControlCharacters() {
    SampleExport export = SampleExport.of(2);
    export.line(1).put("index", "\u001b[2Jgone");
    run(new ByteArrayInputStream(export.bytes()), "export", "-");
    assertFalse(out.toString(StandardCharsets.UTF_8).contains("\u001b"));
  }

  @Test
  void aFileThatIsNotThereIsUnusable(@TempDir Path folder) {
    assertEquals(Main.UNUSABLE, run("export", folder.resolve("none").toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("there is no file"), err::toString);
  }

  @Test
  void aFolderIsUnusable(@TempDir Path folder) {
    assertEquals(Main.UNUSABLE, run("export", folder.toString()));
  }

  @Test
  void anInputThatFailsMidwayIsUnusable() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("device gone");
          }
        };
    assertEquals(Main.UNUSABLE, run(failing, "export", "-"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("device gone"), err::toString);
  }

  @Test
  void noMemoryLeftDoesNotSayThatSomethingWasChanged() {
    InputStream exhausting =
        new InputStream() {
          @Override
          public int read() {
            throw new OutOfMemoryError("no room");
          }
        };
    assertEquals(Main.UNUSABLE, run(exhausting, "export", "-"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("no room"), err::toString);
  }

  @Test
  void wrongUsageShowsTheUsage() {
    assertEquals(Main.UNUSABLE, run());
    assertEquals(Main.UNUSABLE, run("import", "x"));
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("Usage:"));
    assertEquals(Main.VERIFIED, run("--help"));
  }

  @Test
  void theVerifierDependsOnTheJavaRuntimeAlone() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.vigie.verifier");
    ArchRuleDefinition.classes()
        .that()
        .doNotHaveSimpleName("WitnessServer")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.vigie.verifier..")
        .because("an outsider runs it without trusting anything of ours")
        .check(classes);
    ArchRuleDefinition.classes()
        .that()
        .haveSimpleName("WitnessServer")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "com.sun.net.httpserver..", "io.vigie.verifier..")
        .because("a server comes with the JDK, outside java.*")
        .check(classes);
  }
}
