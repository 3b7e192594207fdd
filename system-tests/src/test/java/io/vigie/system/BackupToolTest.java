package io.vigie.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The packaged backup tool beside a repository of a real restic, and what follows in services. */
class BackupToolTest {

  private static final Path JAR =
      Path.of(System.getProperty("vigie.root"), "backup-tool/target/vigie-backup.jar");

  private static final int ASK_LATER = 75;
  private static final int HELD = 77;

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
    environment.put("VIGIE_BACKUP_URL", Platform.url("backup").toString());
    environment.put(
        "VIGIE_TOKEN_URL",
        Platform.url("keycloak") + "/realms/vigie/protocol/openid-connect/token");
    environment.put("VIGIE_CLIENT_ID", "vigie-tool");
    environment.put("VIGIE_CLIENT_SECRET", Platform.reached().toolSecret());
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
    String asset = asset();
    String plan = plan(asset);
    assertEquals(0, backup(plan), this::output);
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
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                events(asset)
                    .body("items.state", contains("REPORTED"))
                    .body("items.category", contains("AVAILABILITY"))
                    .body("items.causeSubject", contains("restore-test/" + failed))
                    .body("items.occurredAt", contains(endedAt)));
  }

  @Test
  void nothingIsPrunedWhileCopiesAreHeldOrNobodySaysAndAfterwardsWhatIsToBeKeptIsThere()
      throws Exception {
    // Given two copies
    String asset = asset();
    String plan = plan(asset);
    assertEquals(0, backup(plan), this::output);
    assertEquals(0, backup(plan), this::output);
    List<String> both = snapshots();
    assertEquals(2, both.size(), both::toString);

    // When the platform is away, or does not know the tool
    for (String lacking : List.of("VIGIE_BACKUP_URL", "VIGIE_TOKEN_URL", "VIGIE_CLIENT_SECRET")) {
      String known = environment.put(lacking, "http://127.0.0.1:1");
      assertEquals(ASK_LATER, prune(plan), this::output);
      environment.put(lacking, known);

      // Then
      assertTrue(output().contains("nothing was pruned"), this::output);
      assertEquals(both, snapshots(), lacking);
    }

    // When malicious code is on the asset
    String incident = incident(asset);
    String compromise = incident + "/compromises/" + declare(incident, asset);
    awaitPruning(plan, false);
    assertEquals(HELD, prune(plan), this::output);

    // Then
    assertTrue(output().contains("Malicious code is on the asset"), this::output);
    assertEquals(both, snapshots());

    // When the CISO lifts that
    change("ciso", compromise, "lifting", Map.of("reason", "Built anew")).statusCode(200);
    awaitPruning(plan, true);
    assertEquals(0, prune(plan), this::output);

    // Then the newest copy is there, and all of it
    assertEquals(List.of(both.get(1)), snapshots());
    assertEquals(0, restore(plan), this::output);

    // And that the other one is not is known
    runs(plan).body("items[0].prunedAt", notNullValue()).body("items[1].prunedAt", nullValue());
  }

  private int prune(String plan) throws Exception {
    return tool("prune", "--plan", plan, "--", "restic", "forget", "--keep-last", "1", "--prune");
  }

  private static void awaitPruning(String plan, boolean allowed) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("tool", "backup")
                    .get("/v1/plans/" + plan + "/pruning")
                    .then()
                    .statusCode(200)
                    .body("allowed", is(allowed)));
  }

  /** The copies in the repository, from the oldest on. */
  private List<String> snapshots() throws Exception {
    assertEquals(0, run("restic", "snapshots", "--json"), this::output);
    return JsonPath.from(output()).getList("sort { it.time }.id");
  }

  /** The path of an incident about an asset, once incident-service knows that. */
  private static String incident(String asset) {
    Map<String, ?> report =
        Map.of(
            "title",
            "Files are encrypted",
            "description",
            "None opens any more",
            "occurredAt",
            Instant.now().minusSeconds(60).toString(),
            "asset",
            asset);
    String event =
        await()
            .atMost(Duration.ofMinutes(3))
            .until(
                () -> Platform.as("staff", "incident").body(report).post("/v1/security-events"),
                answer -> answer.statusCode() == 201)
            .path("id");
    return "/v1/incidents/"
        + change(
                "responder",
                "/v1/security-events/" + event,
                "promotion",
                Map.of("category", "MALICIOUS_CODE", "severity", 4))
            .statusCode(201)
            .extract()
            .path("id");
  }

  private static String declare(String incident, String asset) {
    return change(
            "responder",
            incident,
            "compromises",
            Map.of(
                "asset",
                asset,
                "compromisedSince",
                Instant.now().minusSeconds(60).toString(),
                "reason",
                "A mail brought it"))
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Lets something happen to an object of incident-service as it is now. */
  private static ValidatableResponse change(
      String account, String object, String what, Map<String, ?> body) {
    return Platform.as(account, "incident")
        .header("If-Match", Platform.as(account, "incident").get(object).header("ETag"))
        .body(body)
        .post(object + "/" + what)
        .then();
  }

  private static String asset() {
    return create(
        "asset-manager",
        "asset",
        "/v1/assets",
        Map.of("name", "shop", "kind", "SERVER", "production", true));
  }

  private static String plan(String asset) {
    return create(
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
  }

  private int backup(String plan) throws Exception {
    return tool("--plan", plan, "--form", "restic", "restic", "backup", "--json", data.toString());
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
    command.addAll(Platform.javaOptions());
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
