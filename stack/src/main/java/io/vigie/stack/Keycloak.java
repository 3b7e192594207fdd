package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Keycloak on the stack's PostgreSQL, with the realm {@code vigie} and its demo accounts imported
 * at the first start.
 */
final class Keycloak implements Component {
  static final String NAME = "keycloak";

  /** The name of the secret of the client by which access-service keeps accounts. */
  static final String DIRECTORY_CLIENT = "directory_client";

  /** The name of the secret of the client by which people sign in at the console. */
  static final String CONSOLE_CLIENT = "console_client";

  /** The name of the secret of the client by which incident-service asks for people's addresses. */
  static final String INCIDENT_CLIENT = "incident_client";

  /** The client of internal tools. */
  static final String TOOL = "vigie-tool";

  /** The client of the HR software. */
  static final String HR = "vigie-hr";

  /** The clients of programs, each with the name of its secret. */
  static final Map<String, String> PROGRAMS =
      Map.of(
          "vigie-incident",
          INCIDENT_CLIENT,
          TOOL,
          "tool_client",
          "vigie-prometheus",
          "prometheus_client",
          "vigie-alertmanager",
          "alertmanager_client",
          HR,
          "hr_client");

  /** The server's own administrator. */
  static final String ADMIN = "admin";

  private static final int PORT = 8180;

  /** The demo accounts. */
  static final List<String> ACCOUNTS =
      List.of(
          "staff", "asset-manager", "access-manager", "responder", "sysadmin", "ciso", "auditor");

  /**
   * What Keycloak's own script gives its JVM, but the first compiler alone: that starts a third
   * faster, and nobody measures Keycloak's throughput here.
   */
  private static final String JVM =
      """
      -Xms64m
      -Xmx512m
      -XX:MaxMetaspaceSize=256m
      -XX:+ExitOnOutOfMemoryError
      -XX:TieredStopAtLevel=1
      -XX:ReservedCodeCacheSize=128m
      --add-opens=java.base/java.util=ALL-UNNAMED
      --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
      --add-opens=java.base/java.security=ALL-UNNAMED
      --add-opens=java.base/java.lang=ALL-UNNAMED
      --enable-native-access=ALL-UNNAMED
      -Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory
      -Djava.util.logging.manager=org.jboss.logmanager.LogManager
      -Dpicocli.disable.closures=true
      """;

  private final Site site;
  private final Secrets secrets;
  private final Postgres postgres;
  private final int port;

  Keycloak(Site site, Secrets secrets, Postgres postgres) {
    this.site = site;
    this.secrets = secrets;
    this.postgres = postgres;
    this.port = site.port(PORT);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Integer> ports() {
    return List.of(port);
  }

  @Override
  public List<String> needs() {
    return List.of(Postgres.NAME);
  }

  @Override
  public String address() {
    return site.url(port);
  }

  /** The issuer of every token. */
  URI realm() {
    return issuer(site);
  }

  /** The same, for who has the site alone. */
  static URI issuer(Site site) {
    return URI.create(site.url(site.port(PORT)) + "/realms/vigie");
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(480);
  }

  @Override
  public void prepare(Progress progress) throws Exception {
    Path archive = archive();
    Archives.once(
        home(),
        fresh -> {
          progress.say(NAME, "unpacking and building its server (once, about 30 s)");
          Archives.unzip(archive, fresh);
          try (Stream<Path> unpacked = Files.list(fresh.resolve(directory(archive)))) {
            for (Path file : unpacked.toList()) {
              Files.move(file, fresh.resolve(file.getFileName()));
            }
          }
          Files.delete(fresh.resolve(directory(archive)));
          Tool.run(site.log(NAME), server(fresh, "build", "--db=postgres", "--cache=local"));
        });
    Path realm = home().resolve("data/import/vigie-realm.json");
    Files.createDirectories(realm.getParent());
    Files.copy(realm(site), realm, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path realm(Site site) {
    return site.root().resolve("deploy/keycloak/vigie-realm.json");
  }

  /** The realm as it must be. */
  static JsonNode realmFile(Site site) throws IOException {
    return Http.JSON.readTree(realm(site).toFile());
  }

  /**
   * A realm that an earlier version imported gets what it lacks, the clients their secrets, and the
   * console's the address that people reach it at with the ports of this start.
   */
  @Override
  public void provision() throws IOException {
    RealmUpdate realm =
        new RealmUpdate(
            URI.create(address()), realmFile(site), ADMIN, secrets.of("keycloak_admin"));
    realm.renewPasswords();
    realm.run(secrets.of(DIRECTORY_CLIENT));
    realm.console(Console.address(site), secrets.of(CONSOLE_CLIENT));
    for (String client : PROGRAMS.keySet()) {
      realm.program(client, secret(client));
    }
  }

  /**
   * Straight Java instead of Keycloak's script, which would stay between us and the process we must
   * signal.
   */
  private ProcessBuilder server(Path home, String... arguments) {
    List<String> command = new ArrayList<>(JVM.lines().toList());
    command.add("-Dkc.home.dir=" + home);
    command.add("-Djboss.server.config.dir=" + home.resolve("conf"));
    // Connections that broke with the database are found out before they fail somebody's sign-in.
    command.add("-Dquarkus.datasource.jdbc.validate-on-borrow=true");
    // The unpacked server may be shared with other stacks, what it writes may not.
    command.add("-Dquarkus.transaction-manager.object-store.directory=" + site.data(NAME));
    // It tells the console by itself who signed out.
    command.addAll(site.tls().javaOptions());
    command.addAll(List.of("-cp", home.resolve("lib/quarkus-run.jar").toString()));
    command.add("io.quarkus.bootstrap.runner.QuarkusEntryPoint");
    command.addAll(List.of(arguments));
    return Tool.java(command).directory(home.toFile());
  }

  @Override
  public ProcessBuilder command() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "start",
                "--optimized",
                "--import-realm",
                "--http-host=" + Site.LOOPBACK,
                "--hostname=" + address(),
                // Again, although the server was built so: without it this one looks for others.
                "--cache=local"));
    if (site.tls().used()) {
      arguments.addAll(
          List.of(
              "--https-port=" + port,
              "--https-certificate-file=" + site.tls().certificate(NAME),
              "--https-certificate-key-file=" + site.tls().key(NAME)));
    } else {
      arguments.addAll(List.of("--http-enabled=true", "--http-port=" + port));
    }
    ProcessBuilder process = server(home(), arguments.toArray(String[]::new));
    process
        .environment()
        .putAll(
            Map.of(
                "KC_DB_URL", postgres.jdbcUrl(Postgres.KEYCLOAK),
                "KC_DB_USERNAME", Postgres.KEYCLOAK,
                "KC_DB_PASSWORD", secrets.of(Postgres.KEYCLOAK),
                "KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD", secrets.of("keycloak_admin")));
    return process;
  }

  @Override
  public List<Path> programs() {
    return List.of(home().resolve("lib"));
  }

  @Override
  public void probe() throws IOException {
    Http.get(URI.create(realm() + "/.well-known/openid-configuration"));
  }

  /** Access tokens of the demo accounts and of programs. */
  RealmTokens tokens() {
    return new RealmTokens(realm());
  }

  /** The password of a demo account, which everybody knows. */
  static String password(String account) {
    return account + "-demo-only";
  }

  /** The secret of the client of a program. */
  String secret(String client) {
    return secrets.of(PROGRAMS.get(client));
  }

  /** An access token of the server's own administrator; it lives a minute. */
  String adminToken() throws IOException {
    return RealmTokens.administrator(URI.create(address()), secrets.of("keycloak_admin"));
  }

  private Path home() {
    return site.cache().resolve(directory(archive()));
  }

  /** The one directory the archive holds: keycloak-VERSION. */
  private static String directory(Path archive) {
    return archive.getFileName().toString().replace("-quarkus-dist", "").replace(".zip", "");
  }

  private Path archive() {
    Path directory = site.root().resolve("stack/target/dist");
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> f.toString().endsWith(".zip"))
          .sorted()
          .reduce((older, newer) -> newer)
          .orElseThrow();
    } catch (IOException | NoSuchElementException e) {
      throw new StackException(
          "Keycloak is missing from " + directory + ". Build it: ./vigie up does.", e);
    }
  }
}
