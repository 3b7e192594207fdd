package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One of the five services, from its packaged build. */
final class Service implements Component {
  /** The services, in the order of their ports. */
  static final List<String> NAMES = List.of("asset", "access", "incident", "backup", "audit");

  /** The folder of what the log keeps outside its database. */
  static final String LOG = "log";

  /** The file there with the newest checkpoint. */
  static final String CHECKPOINT = "checkpoint";

  private static final String ACCESS = "access";
  private static final String INCIDENT = "incident";
  private static final String AUDIT = "audit";
  private static final int FIRST_PORT = 8081;

  private final Site site;
  private final Secrets secrets;
  private final String name;
  private final Application application;

  Service(Site site, Secrets secrets, String name) {
    this.site = site;
    this.secrets = secrets;
    this.name = name;
    this.application = new Application(site, name, name + "-service", port(site, name));
  }

  private static int port(Site site, String name) {
    return site.port(FIRST_PORT + NAMES.indexOf(name));
  }

  static String address(Site site, String name) {
    return site.url(port(site, name));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Integer> ports() {
    return List.of(application.port());
  }

  @Override
  public List<String> needs() {
    return List.of(Postgres.NAME, Kafka.NAME, Keycloak.NAME, Mail.NAME);
  }

  @Override
  public String address() {
    return application.address();
  }

  @Override
  public void prepare(Progress progress) throws IOException {
    application.prepare();
    if (name.equals(AUDIT)) {
      LogKey.ensure(logFile(site, "key"));
      PersonKeys.prepare(site);
    }
  }

  /** What the log keeps outside its database. */
  static Path logFile(Site site, String file) {
    return site.data(LOG).resolve(file);
  }

  @Override
  public ProcessBuilder command() {
    ProcessBuilder process = application.command();
    process
        .environment()
        .putAll(
            Map.of(
                "VIGIE_DB_PASSWORD", secrets.of(name),
                "VIGIE_DB_OWNER_PASSWORD", secrets.of(Postgres.owner(name)),
                "VIGIE_KAFKA", Site.LOOPBACK + ":" + site.port(9092),
                "VIGIE_KAFKA_SESSION_MS", "4000",
                "VIGIE_AUDIT_URL", address(site, AUDIT),
                "VIGIE_ACCESS_URL", address(site, ACCESS),
                "VIGIE_CONSOLE_URL", Console.address(site)));
    Kafka.login(site, secrets, Kafka.principal(name))
        .forEach((setting, value) -> process.environment().put(variable(setting), value));
    if (site.tls().used()) {
      process.environment().put("QUARKUS_DATASOURCE_JDBC_URL", Postgres.jdbcUrl(site, name));
    }
    if (name.equals(ACCESS)) {
      process.environment().put("VIGIE_DIRECTORY_SECRET", secrets.of(Keycloak.DIRECTORY_CLIENT));
    }
    if (name.equals(AUDIT)) {
      process.environment().put("VIGIE_LOG_KEY_FILE", logFile(site, "key").toString());
      process.environment().put("VIGIE_LOG_CHECKPOINT_FILE", logFile(site, CHECKPOINT).toString());
      process.environment().putAll(PersonKeys.environment(site));
    }
    if (name.equals(INCIDENT)) {
      process.environment().put("VIGIE_CLIENT_SECRET", secrets.of(Keycloak.INCIDENT_CLIENT));
      process.environment().put("VIGIE_ATTACHMENTS_DIRECTORY", site.data("attachments").toString());
    }
    if (name.equals(AUDIT) || name.equals(INCIDENT)) {
      process.environment().put("QUARKUS_MAILER_HOST", Site.LOOPBACK);
      process.environment().put("QUARKUS_MAILER_PORT", Integer.toString(site.port(1025)));
      if (site.tls().used()) {
        process.environment().put("QUARKUS_MAILER_START_TLS", "REQUIRED");
      }
    }
    return process;
  }

  /** By which a service takes a setting of Kafka's clients. */
  private static String variable(String setting) {
    return "KAFKA_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  @Override
  public List<Path> programs() {
    return application.programs();
  }

  @Override
  public void probe() throws IOException {
    application.probe();
  }
}
