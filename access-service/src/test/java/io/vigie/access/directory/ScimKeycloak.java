package io.vigie.access.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;

/**
 * The SCIM API of Keycloak, in the distribution that the stack runs: a service provider for every
 * realm. It is a preview, which the stack does not build in; so this is a server of its own, in
 * development mode, that keeps everything in memory.
 */
final class ScimKeycloak implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final String ADMIN = "admin";
  private static final String CLIENT = "vigie-directory";

  private final String server;
  private final Process process;

  ScimKeycloak() throws IOException, InterruptedException {
    Path home = home();
    int port = freePort();
    server = "http://127.0.0.1:" + port;
    ProcessBuilder command =
        new ProcessBuilder(
                "sh",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--features=scim-api",
                "--http-host=127.0.0.1",
                "--http-port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    command
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "JAVA_OPTS_APPEND",
                "-Xmx512m -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=128m",
                "KC_BOOTSTRAP_ADMIN_USERNAME",
                ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD",
                Realm.PASSWORD));
    process = command.start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(500))
        .failFast("Keycloak ended: see " + home.resolve("log"), () -> !process.isAlive())
        .ignoreExceptions()
        .until(() -> RestAssured.get(server + "/realms/master").statusCode() == 200);
  }

  /** Unpacked once; whoever unpacks it at the same time brings the same. */
  private static Path home() throws IOException, InterruptedException {
    Path archive;
    try (Stream<Path> files = Files.list(ROOT.resolve("stack/target/dist"))) {
      archive = files.filter(file -> file.toString().endsWith(".zip")).findAny().orElseThrow();
    }
    String name = archive.getFileName().toString().replaceAll("-quarkus-dist|\\.zip", "");
    Path home = ROOT.resolve("access-service/target/scim").resolve(name);
    if (!Files.exists(home)) {
      Files.createDirectories(home.getParent());
      Path fresh = Files.createTempDirectory(home.getParent(), "half");
      Path jar = Path.of(System.getProperty("java.home"), "bin", "jar");
      Process unpacking =
          new ProcessBuilder(jar.toString(), "xf", archive.toString())
              .directory(fresh.toFile())
              .inheritIO()
              .start();
      if (unpacking.waitFor() != 0) {
        throw new IOException(archive + " cannot be unpacked");
      }
      Files.move(fresh.resolve(name), home);
      Files.delete(fresh);
    }
    return home;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A realm with these Groups, each with its externalId by its name, and nobody in it. */
  String makeRealm(Map<String, String> groups) {
    String realm = "scim-" + UUID.randomUUID();
    List<Map<String, Object>> marked = new ArrayList<>();
    groups.forEach(
        (name, externalId) ->
            marked.add(
                Map.of("name", name, "attributes", Map.of("externalId", List.of(externalId)))));
    // It takes tokens alone that were made for this very address.
    Map<String, Object> audience =
        Map.of(
            "name", "audience",
            "protocol", "openid-connect",
            "protocolMapper", "oidc-audience-mapper",
            "config", Map.of("included.custom.audience", url(realm), "access.token.claim", "true"));
    Map<String, Object> client =
        Map.of(
            "clientId",
            CLIENT,
            "secret",
            Realm.PASSWORD,
            "publicClient",
            false,
            "serviceAccountsEnabled",
            true,
            "protocolMappers",
            List.of(audience));
    Map<String, Object> account =
        Map.of(
            "username",
            "service-account-" + CLIENT,
            "enabled",
            true,
            "serviceAccountClientId",
            CLIENT,
            "clientRoles",
            Map.of("realm-management", List.of("manage-users")));
    admin()
        .body(
            Map.of(
                "realm",
                realm,
                "enabled",
                true,
                "scimApiEnabled",
                true,
                "groups",
                marked,
                "clients",
                List.of(client),
                "users",
                List.of(account)))
        .post("")
        .then()
        .statusCode(201);
    return realm;
  }

  String url(String realm) {
    return server + "/realms/" + realm + "/scim/v2";
  }

  String token(String realm) {
    return token(
        realm,
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            CLIENT,
            "client_secret",
            Realm.PASSWORD));
  }

  private String token(String realm, Map<String, String> form) {
    return RestAssured.given()
        .formParams(form)
        .post(server + "/realms/" + realm + "/protocol/openid-connect/token")
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }

  /** Its own API, not SCIM. */
  RequestSpecification admin() {
    String token =
        token(
            "master",
            Map.of(
                "grant_type",
                "password",
                "client_id",
                "admin-cli",
                "username",
                ADMIN,
                "password",
                Realm.PASSWORD));
    return RestAssured.given()
        .baseUri(server)
        .basePath("/admin/realms")
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    // The script stays between us and the server.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
