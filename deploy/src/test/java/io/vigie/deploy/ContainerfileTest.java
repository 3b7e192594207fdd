package io.vigie.deploy;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.deploy.Manifests.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The images: no shell, no root, nothing from elsewhere, and what changes seldom first. */
class ContainerfileTest {
  private static final List<String> APPLICATION =
      Containers.instructions(Containers.DEPLOY.resolve("Containerfile"));

  @ParameterizedTest
  @ValueSource(strings = {"Containerfile", "keycloak/Containerfile"})
  void nothingNeedsAShell(String file) {
    List<String> run =
        Containers.instructions(Containers.DEPLOY.resolve(file)).stream()
            .filter(line -> line.matches("(RUN|CMD|ENTRYPOINT|HEALTHCHECK) .*"))
            .toList();

    assertTrue(run.stream().anyMatch(line -> line.startsWith("HEALTHCHECK ")));
    assertEquals(
        List.of(),
        run.stream()
            .filter(
                line ->
                    !line.matches(
                        "(RUN|CMD|ENTRYPOINT|HEALTHCHECK( --\\S+)* CMD) \\[\"[^\\]]*\"\\]"))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Containerfile", "keycloak/Containerfile"})
  void anImageIsOfItsBaseAndOfWhatWasBuiltHere(String file) {
    List<String> instructions = Containers.instructions(Containers.DEPLOY.resolve(file));
    List<PathMatcher> context =
        Manifests.text(ROOT.resolve(".containerignore"))
            .lines()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1).replaceAll("/$", ""))
            .flatMap(path -> Stream.of(path, path + "/**"))
            .map(path -> FileSystems.getDefault().getPathMatcher("glob:" + path))
            .toList();

    assertTrue(instructions.get(0).startsWith("ARG "), "a base that can be another");
    assertTrue(instructions.get(1).matches("FROM \\$\\{[A-Z]+}"), instructions.get(1));
    assertTrue(instructions.stream().noneMatch(line -> line.startsWith("ADD ")));
    List<String> sources =
        instructions.stream()
            .filter(line -> line.startsWith("COPY "))
            .map(line -> line.split(" "))
            .flatMap(words -> Stream.of(words).skip(1).limit(words.length - 2))
            .map(source -> source.replace("${SERVICE}", "asset-service"))
            .toList();
    assertFalse(sources.isEmpty());
    assertEquals(
        List.of(),
        sources.stream()
            .filter(source -> context.stream().noneMatch(path -> path.matches(Path.of(source))))
            .toList());
  }

  @Test
  void itRunsAsNobodyInParticular() {
    int user = APPLICATION.indexOf("USER 10001:10001");

    assertTrue(user > 0);
    assertTrue(
        APPLICATION.subList(user + 1, APPLICATION.size()).stream()
            .noneMatch(line -> line.matches("(USER|RUN|COPY) .*")));
  }

  @Test
  void whatItLogsIsForProgramsToRead() {
    assertTrue(
        APPLICATION.stream()
            .anyMatch(line -> line.matches("ENV .*\\bQUARKUS_LOG_CONSOLE_JSON_ENABLED=true\\b.*")));
  }

  /** Beside one of the command line, that of the environment would keep a JVM from starting. */
  @Test
  void theArchiveIsMadeWithTheCollectorThatItIsUsedWithAndAnotherCanTakeItsPlace() {
    int collector = APPLICATION.indexOf("ENV JDK_JAVA_OPTIONS=-XX:+UseSerialGC");
    List<String> after = APPLICATION.subList(collector + 1, APPLICATION.size());

    assertTrue(collector > 0);
    assertTrue(after.stream().anyMatch(line -> line.contains("io.vigie.deploy.Image")));
    assertTrue(after.stream().noneMatch(line -> line.matches(".*-XX:\\+Use\\w+GC.*")));
  }

  @Test
  void whatChangesSeldomComesFirst() {
    assertEquals(
        List.of("tools/", "lib/", "quarkus/", "app/", "./", "./"),
        APPLICATION.stream()
            .filter(line -> line.startsWith("COPY "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList());
  }

  @Test
  void noImageIsWithoutItsBillOfMaterialsAndLicences() {
    assertTrue(
        APPLICATION.contains("COPY ${SERVICE}/target/sbom.json ${SERVICE}/target/licences.txt ./"));
    assertTrue(
        Containers.instructions(Containers.DEPLOY.resolve("keycloak/Containerfile"))
            .contains("COPY deploy/target/sbom.json deploy/target/licences.txt /opt/vigie/"));
  }
}
