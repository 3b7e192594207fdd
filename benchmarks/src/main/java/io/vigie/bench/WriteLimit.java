package io.vigie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.flywaydb.core.Flyway;

/**
 * The statements of one request and nothing else, prepared, from as many connections as there are
 * callers, by pgbench: into tables as a service's migrations make them, in a database of their own.
 */
final class WriteLimit {

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String DATABASE = "bench_limit";
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) ");

  private final Bed bed;
  private final Path program;
  private final Path script;

  /**
   * @param service whose tables
   * @param fill what is in them before
   */
  WriteLimit(Bed bed, String service, String fill) throws SQLException, IOException {
    this.bed = bed;
    this.program = requireProgram();
    script = bed.root().resolve("benchmarks/target/limit.sql");
    try (Connection server = bed.stack().superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("drop database if exists " + DATABASE);
      statement.execute("drop role if exists " + DATABASE);
      statement.execute("create role " + DATABASE + " login password '" + DATABASE + "'");
      statement.execute("create database " + DATABASE + " owner " + DATABASE);
    }
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://" + bed.stack().address("postgresql") + "/" + DATABASE,
            DATABASE,
            DATABASE)
        .locations(
            "filesystem:" + bed.root().resolve("kernel/src/main/resources/db/kernel"),
            "filesystem:"
                + bed.root().resolve(service + "-service/src/main/resources/db/migration"))
        .outOfOrder(true)
        .placeholders(Map.of("runtime", service))
        .load()
        .migrate();
    try (Connection limit = bed.stack().superuser(DATABASE);
        Statement statement = limit.createStatement()) {
      limit.setNetworkTimeout(Runnable::run, 0); // millions of rows take minutes
      statement.execute(fill);
      statement.execute("vacuum analyze");
    }
  }

  /**
   * The program; asked for before anything is measured, since without it not every row can be.
   *
   * @throws IllegalStateException when this machine has none
   */
  static Path requireProgram() throws IOException {
    if (Files.isDirectory(VERSIONS)) {
      try (Stream<Path> installed = Files.list(VERSIONS)) {
        Optional<Path> program =
            installed
                .map(version -> version.resolve("bin/pgbench"))
                .filter(Files::exists)
                .findFirst();
        if (program.isPresent()) {
          return program.get();
        }
      }
    }
    throw new IllegalStateException(
        "there is no %s/*/bin/pgbench: install it (Debian: apt install postgresql)"
            .formatted(VERSIONS));
  }

  /**
   * Transactions per second.
   *
   * @param statements a transaction, for pgbench
   */
  double rate(String statements, Duration time)
      throws SQLException, IOException, InterruptedException {
    Files.writeString(script, statements);
    String[] address = bed.stack().address("postgresql").split(":");
    String callers = Integer.toString(Load.CONNECTIONS);
    ProcessBuilder command =
        new ProcessBuilder(
            List.of(
                program.toString(),
                "-n",
                "-M",
                "prepared",
                "-c",
                callers,
                "-T",
                Long.toString(Math.max(1, time.toSeconds())), // it takes no less
                "-f",
                script.toString(),
                "-h",
                address[0],
                "-p",
                address[1],
                "-U",
                DATABASE,
                DATABASE));
    command.environment().put("PGPASSWORD", DATABASE);
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    Matcher rate = RATE.matcher(output);
    if (process.waitFor() != 0 || !rate.find()) {
      throw new IllegalStateException("pgbench says: " + output);
    }
    return Double.parseDouble(rate.group(1));
  }
}
