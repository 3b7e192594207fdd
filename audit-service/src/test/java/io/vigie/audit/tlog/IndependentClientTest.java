package io.vigie.audit.tlog;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The log as another implementation reads it: a Go program on {@code sumdb/note} and {@code
 * sumdb/tlog} (src/test/go/readlog). Skipped where there is no Go, or not these packages; on Debian
 * {@code apt-get install golang-go golang-golang-x-mod-dev} brings both.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@TestProfile(GrowingLog.Profile.class)
class IndependentClientTest {

  private static final Path PACKAGES = Path.of("/usr/share/gocode");

  /** What a run said, and how it ended. */
  private record Said(int status, String text) {}

  @TestHTTPResource URL service;
  @TempDir Path folder;

  @Test
  void aClientThatSharesNoCodeWithTheLogAgreesWithAllOfIt() throws Exception {
    Path program = program();
    try (GrowingLog log = new GrowingLog()) {
      log.growTo(257);
      Path older = file("older", log.publish());
      log.growTo(70_000);
      String newest = log.publish();
      Path receipt =
          file(
              "receipt",
              Rest.as(Tokens.of(AUDITOR)).get("/v1/log/entries/65535/tlog-proof").asString());

      Said good = read(program, "-older", older, receipt);
      assertEquals(0, good.status(), good.text());
      assertTrue(good.text().contains("70000 entries are those of root"), good.text());
      assertTrue(good.text().contains("404 tiles are made of them"), good.text());
      assertTrue(good.text().contains("the tree extends that of 257 entries"), good.text());
      assertTrue(good.text().contains("receipt proves its entry"), good.text());

      // It would have said so, had a byte been another one
      log.execute(
          "update tile set hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) where level = 1");
      assertRefused("tile/8/1/000 is not made of the entries", program, "-older", older, receipt);
      log.execute("update entry set canonical = set_byte(canonical, 9, 0) where index = 300");
      assertRefused("is signed", program, "-older", older, receipt);
      Path forged = file("forged", newest.replace("70000", "69999"));
      assertRefused("checkpoint: invalid signature", program, "-checkpoint", forged);
    }
  }

  private void assertRefused(String reason, Path program, Object... arguments) throws Exception {
    Said refused = read(program, arguments);
    assertEquals(1, refused.status(), refused.text());
    assertTrue(refused.text().contains(reason), refused.text());
  }

  private Said read(Path program, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-url", service.toString().replaceAll("/$", "") + "/log"));
    command.addAll(List.of("-vkey", GrowingLog.verifierKey()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return run(folder, Map.of("TOKEN", Tokens.of(AUDITOR)), command.toArray(new String[0]));
  }

  /** Builds it offline, against the packages of the system alone. */
  private Path program() throws Exception {
    assumeTrue(
        Files.isDirectory(PACKAGES.resolve("src/golang.org/x/mod/sumdb/tlog")),
        "golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)");
    assumeTrue(hasGo(), "Go is not installed (Debian: golang-go)");
    Path sources = Path.of(System.getProperty("vigie.root"), "audit-service/src/test/go/readlog");
    Path program = folder.resolve("readlog");
    Path cache = Path.of(System.getProperty("vigie.root"), "audit-service/target/go-cache");
    Said built =
        run(
            sources,
            Map.of(
                "GO111MODULE",
                "off",
                "GOPATH",
                PACKAGES.toString(),
                "GOFLAGS",
                "",
                "GOCACHE",
                cache.toAbsolutePath().toString()),
            "go",
            "build",
            "-o",
            program.toString(),
            ".");
    assertEquals(0, built.status(), built.text());
    return program;
  }

  private boolean hasGo() throws Exception {
    try {
      return run(folder, Map.of(), "go", "version").status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Said run(Path where, Map<String, String> environment, String... command)
      throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Said(process.waitFor(), Files.readString(output));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
  }
}
