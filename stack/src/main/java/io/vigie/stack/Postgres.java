package io.vigie.stack;

import java.io.InputStream;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * PostgreSQL on a data directory of its own: passwords checked with SCRAM, every commit flushed to
 * disk, one database per service. A service's runtime role may only connect; what it may do inside
 * is granted by the migrations, which run as the database's owner.
 */
final class Postgres implements Component {
  static final String NAME = "postgresql";
  static final String SUPERUSER = "postgres";
  static final String KEYCLOAK = "keycloak";

  /** The console's sessions and saved views: its role makes its tables itself. */
  static final String CONSOLE = "console";

  private static final int PORT = 15432;

  private static final String INITDB =
      """
      --username=postgres
      --auth=scram-sha-256
      --encoding=UTF8
      --locale=C
      --locale-provider=builtin
      --builtin-locale=C.UTF-8
      --no-instructions
      """;

  private final Site site;
  private final Secrets secrets;
  private final int port;

  Postgres(Site site, Secrets secrets) {
    this.site = site;
    this.secrets = secrets;
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
    return List.of();
  }

  @Override
  public String address() {
    return Site.LOOPBACK + ":" + port;
  }

  int port() {
    return port;
  }

  /** The JDBC address of a database, without credentials. */
  String jdbcUrl(String database) {
    return jdbcUrl(site, database);
  }

  /** The same, for who has the site alone. */
  static String jdbcUrl(Site site, String database) {
    String address = "jdbc:postgresql://" + Site.LOOPBACK + ":" + site.port(PORT) + "/" + database;
    return site.tls().used()
        ? address
            + "?sslmode=verify-full&sslrootcert="
            + URLEncoder.encode(site.tls().authority().toString(), StandardCharsets.UTF_8)
        : address;
  }

  Connection connect(String database) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", SUPERUSER);
    login.setProperty("password", secrets.of(SUPERUSER));
    login.setProperty("loginTimeout", "3");
    login.setProperty("connectTimeout", "3");
    login.setProperty("socketTimeout", "10");
    return DriverManager.getConnection(jdbcUrl(database), login);
  }

  @Override
  public void prepare(Progress progress) throws Exception {
    Archives.once(
        binaries(),
        fresh -> {
          progress.say(NAME, "unpacking (once)");
          try (InputStream in = Postgres.class.getResourceAsStream(archive())) {
            Archives.untarXz(in, fresh);
          }
        });
    Archives.once(data(), this::initialise);
    if (site.tls().used()) {
      Files.writeString(
          whoMayConnect(),
          "hostssl all %s %s/32 scram-sha-256\n".formatted(SUPERUSER, Site.LOOPBACK)
              + Files.readString(site.root().resolve("deploy/postgres/pg_hba.conf")));
    }
  }

  /** In a stack that speaks TLS: the sample for servers of others, and this one's superuser. */
  private Path whoMayConnect() {
    return site.run().resolve("pg_hba.conf").toAbsolutePath();
  }

  private Stream<String> encrypted() {
    return Stream.of(
        "ssl=on",
        "ssl_cert_file=" + site.tls().certificate(NAME),
        "ssl_key_file=" + site.tls().key(NAME),
        "hba_file=" + whoMayConnect());
  }

  private void initialise(Path fresh) throws Exception {
    Path password =
        Files.createTempFile(
            site.state(),
            "pw",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(password, secrets.of(SUPERUSER));
      Tool.run(
          site.log(NAME),
          unprivileged(
              "initdb",
              Stream.concat(
                  Stream.of("-D", fresh.toString(), "--pwfile=" + password), INITDB.lines())));
    } finally {
      Files.delete(password);
    }
  }

  @Override
  public ProcessBuilder command() {
    Stream<String> always =
        """
        listen_addresses=%s
        port=%d
        unix_socket_directories=
        max_connections=200
        tcp_keepalives_idle=5
        tcp_keepalives_interval=2
        tcp_keepalives_count=2
        wal_writer_delay=20ms
        timezone=UTC
        log_timezone=UTC
        log_error_verbosity=terse
        """
            .formatted(Site.LOOPBACK, port)
            .lines();
    Stream<String> settings =
        (site.tls().used() ? Stream.concat(always, encrypted()) : always)
            .flatMap(setting -> Stream.of("-c", setting));
    return unprivileged("postgres", Stream.concat(Stream.of("-D", data().toString()), settings));
  }

  /**
   * PostgreSQL refuses to run as root, so root runs it in a user namespace in which it is nobody in
   * particular.
   */
  private ProcessBuilder unprivileged(String program, Stream<String> arguments) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries().resolve("bin").resolve(program).toString());
    arguments.forEach(command::add);
    return new ProcessBuilder(command);
  }

  @Override
  public void probe() throws SQLException {
    try (Connection connection = connect(SUPERUSER);
        Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  /** Fast shutdown: open connections are ended, what was committed is on disk. */
  @Override
  public String stopSignal() {
    return "INT";
  }

  @Override
  public void provision() throws SQLException {
    try (Connection server = connect(SUPERUSER);
        Statement sql = server.createStatement()) {
      sql.execute("revoke all on database postgres from public");
      for (String alone : List.of(KEYCLOAK, CONSOLE)) {
        role(sql, alone);
        database(sql, alone, alone);
      }
      for (String service : Service.NAMES) {
        role(sql, service);
        role(sql, owner(service));
        database(sql, service, owner(service));
        sql.execute("grant connect on database " + service + " to " + service);
      }
    }
    for (String service : Service.NAMES) {
      try (Connection database = connect(service);
          Statement sql = database.createStatement()) {
        sql.execute("alter schema public owner to " + owner(service));
        sql.execute("revoke all on schema public from public");
        sql.execute("grant usage on schema public to " + service);
      }
    }
  }

  /** The role that owns a service's database and runs its migrations. */
  static String owner(String service) {
    return service + "_owner";
  }

  private void role(Statement sql, String role) throws SQLException {
    if (!exists(sql, "select 1 from pg_roles where rolname = '" + role + "'")) {
      sql.execute("create role " + role);
    }
    sql.execute(
        "alter role "
            + role
            + " login nosuperuser nocreatedb nocreaterole noreplication password '"
            + secrets.of(role)
            + "'");
  }

  private void database(Statement sql, String database, String owner) throws SQLException {
    if (!exists(sql, "select 1 from pg_database where datname = '" + database + "'")) {
      sql.execute("create database " + database + " owner " + owner);
    }
    sql.execute("revoke all on database " + database + " from public");
  }

  private static boolean exists(Statement sql, String query) throws SQLException {
    try (ResultSet found = sql.executeQuery(query)) {
      return found.next();
    }
  }

  Path data() {
    return site.data(NAME);
  }

  /** Named after the jar that holds the archive, hence after the version. */
  private Path binaries() {
    URL archive = Postgres.class.getResource(archive());
    if (archive == null) {
      throw new StackException(
          "No PostgreSQL for this kind of machine ("
              + archive()
              + "): Linux and macOS on amd64 and arm64 are supported.");
    }
    String jar = archive.getPath().replaceAll("\\.jar!.*", "");
    return site.cache().resolve(jar.substring(jar.lastIndexOf('/') + 1));
  }

  private static String archive() {
    String system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    return "/postgres-" + system + "-" + machine + ".txz";
  }
}
