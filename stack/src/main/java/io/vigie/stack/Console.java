package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The web console, from its packaged build. It works, less well, while services are away. */
final class Console implements Component {
  static final String NAME = "console";

  private final Site site;
  private final Secrets secrets;
  private final Application application;

  Console(Site site, Secrets secrets) {
    this.site = site;
    this.secrets = secrets;
    this.application = new Application(site, NAME, NAME, port(site));
  }

  private static int port(Site site) {
    return site.port(8080);
  }

  /** Where people reach it. */
  static String address(Site site) {
    return site.url(port(site));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Integer> ports() {
    return List.of(port(site));
  }

  @Override
  public List<String> needs() {
    return List.of(Postgres.NAME, Keycloak.NAME);
  }

  @Override
  public String address() {
    return application.address();
  }

  @Override
  public void prepare(Progress progress) throws IOException {
    application.prepare();
  }

  @Override
  public ProcessBuilder command() {
    ProcessBuilder process = application.command();
    Map<String, String> environment = process.environment();
    environment.put("VIGIE_DB_PASSWORD", secrets.of(Postgres.CONSOLE));
    environment.put("VIGIE_CONSOLE_SECRET", secrets.of(Keycloak.CONSOLE_CLIENT));
    for (String service : Service.NAMES) {
      environment.put(
          "VIGIE_" + service.toUpperCase(Locale.ROOT) + "_URL", Service.address(site, service));
    }
    return process;
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
