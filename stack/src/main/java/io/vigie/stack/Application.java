package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A packaged Quarkus application of this checkout.
 *
 * @param name of its component
 * @param module the module that builds it
 */
record Application(Site site, String name, String module, int port) {
  private static final String JAR = "quarkus-run.jar";

  String address() {
    return "http://" + Site.LOOPBACK + ":" + port;
  }

  /** Puts what was built where it is run from. */
  void prepare() throws IOException {
    Path built = site.root().resolve(module + "/target/quarkus-app");
    Path jar = built.resolve(JAR);
    if (!Files.exists(jar)) {
      throw new StackException(
          module + " is not built: " + jar + " is missing. ./vigie up builds it.");
    }
    Archives.link(built, site.app(name));
  }

  ProcessBuilder command() {
    // The first compiler alone: six start at once, each with a third less work.
    ProcessBuilder process =
        Tool.java(
            List.of(
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                site.app(name).resolve(JAR).toString()));
    // Not the checkout: an application reads configuration from the directory it starts in.
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
                "VIGIE_OIDC",
                "http://" + Site.LOOPBACK + ":" + site.port(8180) + "/realms/vigie"));
    return process;
  }

  List<Path> programs() {
    return List.of(site.app(name));
  }

  void probe() throws IOException {
    Http.get(URI.create(address() + "/q/health/ready"));
  }
}
