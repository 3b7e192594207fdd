package io.vigie.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The packaged backup tool beside a repository of a real restic, and what follows in services. */
class BackupToolTest {

  private static final Path JAR =
      Path.of(System.getProperty("vigie.root"), "backup-tool/target/vigie-backup.jar");

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Path data;
  private Path manifest;

  @BeforeEach
  void aFolderAndARepository() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/restic")), "restic is not installed");
    environment.put("RESTIC_REPOSITORY", folder.resolve("repository").toString());
    environment.put("RESTIC_PASSWORD", "secret");
    environment.put("RESTIC_CACHE_DIR", folder.resolve("cache").toString());
    environment.put("VIGIE_BACKUP_URL", Platform.stack().url("backup").toString());
    environment.put(
        "VIGIE_TOKEN_URL",
        Platform.stack().url("keycloak") + "/realms/vigie/protocol/openid-connect/token");
    environment.put("VIGIE_CLIENT_ID", "vigie-tool");
    environment.put("VIGIE_CLIENT_SECRET", "vigie-tool-demo");
    environment.put("VIGIE_SPOOL", folder.resolve("spool").toString());
    data = Files.createDirectories(folder.resolve("data"));
    byte[] orders = new byte[400_000];
    new Random(1).nextBytes(orders);
    Files.write(data.resolve("orders.db"), orders);
    Files.writeString(data.resolve("terms.txt"), "What must not be lost\n");
    assertEquals(0, run("restic", "init"), this::output);
    assertEquals(
        0,
        run("sh", "-c", "sha256sum \"$0\"/* > \"$1\"", data.toString(), folder + "/manifest"),
        this::output);
    manifest = folder.resolve("manifest");
  }

  @Test
  void aPackThatIsDamagedOpensASecurityEventAndBeforeEachByteCouldBeHadBack() throws Exception {
    // Given a folder that is backed up
    String asset =
        create(
            "asset-manager",
            "asset",
            "/v1/assets",
            Map.of("name", "shop", "kind", "SERVER", "production", true));
    String plan =
        create(
            "sysadmin",
            "backup",
            "/v1/plans",
            Map.of(
                "asset",
                asset,
                "name",
                "every day",
                "site",
                "elsewhere",
                "schedule",
                Map.of("interval", "P1D", "tolerance", "PT6H")));
    assertEquals(
        0,
        tool("--plan", plan, "--form", "restic", "restic", "backup", "--json", data.toString()),
        this::output);
    runs(plan)
        .body("items.outcome", contains("SUCCEEDED"))
        .body("items.bytes", contains(greaterThan(400_000)))
        .body("items.recoveryPoint", contains("UNVERIFIED"));

    // When all of it is restored, and compared with the folder byte by byte
    assertEquals(0, restore(plan), this::output);

    // Then it is known how long that took
    tests(plan)
        .body("items.outcome", contains("PASSED"))
        .body("items.depth", contains("L3"))
        .body("items.sampled", contains(2))
        .body("items.rtoSeconds", contains(notNullValue()))
        .body("items.rpoSeconds", contains(notNullValue()));
    runs(plan).body("items.recoveryPoint", contains("VERIFIED"));
    events(asset).body("items", empty());

    // When a pack is damaged
    damage();
    assertEquals(1, restore(plan), this::output);

    // Then
    ValidatableResponse both =
        tests(plan)
            .body("items.outcome", contains("PASSED", "FAILED"))
            .body("items[1].rtoSeconds", nullValue());
    String failed = both.extract().path("items[1].id");
    String endedAt = both.extract().path("items[1].endedAt");
    runs(plan).body("items.recoveryPoint", contains("UNUSABLE"));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                events(asset)
                    .body("items.state", contains("REPORTED"))
                    .body("items.category", contains("AVAILABILITY"))
                    .body("items.causeSubject", contains("restore-test/" + failed))
                    .body("items.occurredAt", contains(endedAt)));
  }

  private static ValidatableResponse runs(String plan) {
    return Platform.as("sysadmin", "backup")
        .get("/v1/plans/" + plan + "/runs")
        .then()
        .statusCode(200);
  }

  private static ValidatableResponse tests(String plan) {
    return Platform.as("sysadmin", "backup")
        .get("/v1/restore-tests?plan=" + plan)
        .then()
        .statusCode(200);
  }

  private static ValidatableResponse events(String asset) {
    return Platform.as("responder", "incident")
        .get("/v1/security-events?asset=" + asset)
        .then()
        .statusCode(200);
  }

  private static String create(String account, String service, String path, Map<String, ?> body) {
    return Platform.as(account, service)
        .body(body)
        .post(path)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private int restore(String plan) throws Exception {
    return tool(
        "restore-test",
        "--plan",
        plan,
        "--depth",
        "L3",
        "--subset",
        "100%",
        "--manifest",
        manifest.toString(),
        "--sandbox",
        folder.toString(),
        "--",
        "diff",
        "-r",
        "." + data,
        data.toString());
  }

  private int tool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private int run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    builder.environment().putAll(environment);
    return builder.start().waitFor();
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Bytes in the largest pack, where the data is. */
  private void damage() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("repository/data"))) {
      Path pack =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparing(file -> file.toFile().length()))
              .orElseThrow();
      assertTrue(pack.toFile().setWritable(true));
      try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
        file.seek(1_000);
        file.write("not what restic wrote".getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
