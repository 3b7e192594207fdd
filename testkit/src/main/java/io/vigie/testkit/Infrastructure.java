package io.vigie.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The components that tests run on, started once per JVM: inside it by default, or in containers
 * with {@code -Dvigie.test.containers=true} where a Docker API answers.
 */
public final class Infrastructure {

  static final String PASSWORD = "test";

  private static Infrastructure running;

  private final String host;
  private final int port;
  private final String superuser;
  private final String superPassword;
  private final String kafka;

  private Infrastructure(
      String host, int port, String superuser, String superPassword, String kafka) {
    this.host = host;
    this.port = port;
    this.superuser = superuser;
    this.superPassword = superPassword;
    this.kafka = kafka;
  }

  public static synchronized Infrastructure running() {
    if (running == null) {
      running = Boolean.getBoolean("vigie.test.containers") ? containers() : embedded();
    }
    return running;
  }

  private static Infrastructure embedded() {
    EmbeddedBroker broker = EmbeddedBroker.start();
    int port = EmbeddedDatabase.start().getPort();
    return new Infrastructure("localhost", port, "postgres", "postgres", broker.bootstrapServers());
  }

  private static Infrastructure containers() {
    return Containers.start(Infrastructure::new);
  }

  /** How {@link Containers} hands over what it started. */
  interface Started {
    Infrastructure at(String host, int port, String superuser, String superPassword, String kafka);
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Bootstrap servers of the broker. */
  public String kafka() {
    return kafka;
  }

  /** A connection of the database's superuser, who may do what no service may. */
  public Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(url(database), superuser, superPassword);
  }

  /** A connection of the service's own runtime role. */
  public Connection runtimeRole(String service) throws SQLException {
    return DriverManager.getConnection(url(service), service, PASSWORD);
  }

  /** The JDBC URL of a database. */
  public String url(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  /** The service's empty database, with its runtime role and the role that owns the schema. */
  public void createDatabase(String name) throws SQLException {
    String owner = name + "_owner";
    try (Connection connection = superuser("postgres");
        Statement sql = connection.createStatement()) {
      sql.execute("create role \"%s\" login password '%s'".formatted(name, PASSWORD));
      sql.execute("create role \"%s\" login password '%s'".formatted(owner, PASSWORD));
      sql.execute("create database \"%s\" owner \"%s\"".formatted(name, owner));
      sql.execute("revoke all on database \"%s\" from public".formatted(name));
      sql.execute("grant connect on database \"%s\" to \"%s\"".formatted(name, name));
    }
    try (Connection connection = superuser(name);
        Statement sql = connection.createStatement()) {
      sql.execute("alter schema public owner to \"%s\"".formatted(owner));
      sql.execute("grant usage on schema public to \"%s\"".formatted(name));
    }
  }
}
