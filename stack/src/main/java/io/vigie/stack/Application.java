package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    return site.url(port);
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
    // The first compiler alone: six start at once, each with a third less work. By itself it has
    // 48 MB for its code, which a service at work fills.
    List<String> java =
        new ArrayList<>(
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=128m"));
    java.addAll(site.tls().javaOptions());
    java.addAll(List.of("-jar", site.app(name).resolve(JAR).toString()));
    ProcessBuilder process = Tool.java(java);
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
                Keycloak.issuer(site).toString()));
    if (site.tls().used()) {
      process.environment().putAll(encrypted());
    }
    return process;
  }

  /** As deploy/kubernetes/base/vigie/service/settings.env has it for the cluster. */
  private Map<String, String> encrypted() {
    Tls tls = site.tls();
    return Map.of(
        "QUARKUS_HTTP_SSL_PORT",
        Integer.toString(port),
        "QUARKUS_HTTP_INSECURE_REQUESTS",
        "disabled",
        "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
        tls.certificate(name).toString(),
        "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
        tls.key(name).toString(),
        "QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE",
        "verify-full",
        "QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM",
        "HTTPS",
        "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM",
        "true",
        "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS",
        tls.authority().toString());
  }

  List<Path> programs() {
    return List.of(site.app(name));
  }

  void probe() throws IOException {
    Http.get(URI.create(address() + "/q/health/ready"));
  }
}
