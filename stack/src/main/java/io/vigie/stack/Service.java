package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One of the five services, from its packaged build. */
final class Service implements Component {
  /** The services, in the order of their ports. */
  static final List<String> NAMES = List.of("asset", "access", "incident", "backup", "audit");

  private static final String ACCESS = "access";
  private static final String INCIDENT = "incident";
  private static final String AUDIT = "audit";
  private static final int FIRST_PORT = 8081;
  private static final String JAR = "quarkus-run.jar";

  private final Site site;
  private final Secrets secrets;
  private final String name;
  private final int port;

  Service(Site site, Secrets secrets, String name) {
    this.site = site;
    this.secrets = secrets;
    this.name = name;
    this.port = port(site, name);
  }

  private static int port(Site site, String name) {
    return site.port(FIRST_PORT + NAMES.indexOf(name));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Integer> ports() {
    return List.of(port);
  }

  @Override
  public List<String> needs() {
    return List.of(Postgres.NAME, Kafka.NAME, Keycloak.NAME, Mail.NAME);
  }

  @Override
  public String address() {
    return "http://" + Site.LOOPBACK + ":" + port;
  }

  @Override
  public void prepare(Progress progress) throws IOException {
    Path built = site.root().resolve(name + "-service/target/quarkus-app");
    Path jar = built.resolve(JAR);
    if (!Files.exists(jar)) {
      throw new StackException(
          name + "-service is not built: " + jar + " is missing. ./vigie up builds it.");
    }
    Archives.link(built, site.app(name));
    if (name.equals(AUDIT)) {
      LogKey.ensure(logFile("key"));
      PersonKeys.prepare(site);
    }
  }

  /** What the log keeps outside its database. */
  private Path logFile(String file) {
    return site.data("log").resolve(file);
  }

  @Override
  public ProcessBuilder command() {
    // The first compiler alone: five start at once, each with a third less work.
    ProcessBuilder process =
        Tool.java(
            List.of(
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                site.app(name).resolve(JAR).toString()));
    // Not the checkout: a service reads configuration from the directory it starts in.
    process.directory(site.run().toFile());
    process
        .environment()
        .putAll(
            Map.of(
                "QUARKUS_HTTP_HOST",
                Site.LOOPBACK,
                "QUARKUS_HTTP_PORT",
                Integer.toString(port),
                "VIGIE_POSTGRES_HOST",
                Site.LOOPBACK,
                "VIGIE_POSTGRES_PORT",
                Integer.toString(site.port(15432)),
                "VIGIE_DB_PASSWORD",
                secrets.of(name),
                "VIGIE_DB_OWNER_PASSWORD",
                secrets.of(Postgres.owner(name)),
                "VIGIE_KAFKA",
                Site.LOOPBACK + ":" + site.port(9092),
                "VIGIE_OIDC",
                "http://" + Site.LOOPBACK + ":" + site.port(8180) + "/realms/vigie",
                "VIGIE_AUDIT_URL",
                "http://" + Site.LOOPBACK + ":" + port(site, AUDIT),
                "VIGIE_ACCESS_URL",
                "http://" + Site.LOOPBACK + ":" + port(site, ACCESS)));
    if (name.equals(ACCESS)) {
      process.environment().put("VIGIE_DIRECTORY_SECRET", secrets.of(Keycloak.DIRECTORY_CLIENT));
    }
    if (name.equals(AUDIT)) {
      process.environment().put("VIGIE_LOG_KEY_FILE", logFile("key").toString());
      process.environment().put("VIGIE_LOG_CHECKPOINT_FILE", logFile("checkpoint").toString());
      process.environment().putAll(PersonKeys.environment(site));
    }
    if (name.equals(INCIDENT)) {
      process.environment().put("VIGIE_CLIENT_SECRET", "vigie-incident-demo");
      process.environment().put("VIGIE_ATTACHMENTS_DIRECTORY", site.data("attachments").toString());
    }
    if (name.equals(AUDIT) || name.equals(INCIDENT)) {
      process.environment().put("QUARKUS_MAILER_HOST", Site.LOOPBACK);
      process.environment().put("QUARKUS_MAILER_PORT", Integer.toString(site.port(1025)));
    }
    return process;
  }

  @Override
  public List<Path> programs() {
    return List.of(site.app(name));
  }

  @Override
  public void probe() throws IOException {
    Http.get(URI.create(address() + "/q/health/ready"));
  }
}
