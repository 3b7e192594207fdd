package io.vigie.access.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vigie.stack.Site;
import io.vigie.stack.Stack;

/** The platform's own Keycloak with its realm, on free ports, for the service under test. */
public class RealKeycloak implements QuarkusTestResourceLifecycleManager {

  static final String FIRST_CISO_TOKEN = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

  private static final String OFFSET = "vigie.test.keycloak-offset";
  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));

  @Override
  public Map<String, String> start() {
    // Another class loader than that of the tests: what they share is outside Java.
    System.setProperty(OFFSET, Integer.toString(Stack.freeOffset()));
    stack().wipe();
    Stack stack = stack();
    Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
    stack.start((component, what) -> System.out.println(component + " " + what));
    return Map.of(
        "vigie.directory.kind", "KEYCLOAK",
        "vigie.directory.realm", realm(stack),
        "vigie.directory.secret", secret("directory_client"),
        "vigie.directory.look-every", "1s",
        "vigie.directory.check-every", "1s",
        "vigie.directory.retry-within", "2s",
        "vigie.directory.reconcile-every", "10s",
        "vigie.access.first-ciso-token", FIRST_CISO_TOKEN);
  }

  static String realm(Stack stack) {
    return stack.url("keycloak") + "/realms/vigie";
  }

  private static Site site() {
    return new Site(
        ROOT,
        ROOT.resolve("access-service/target/keycloak"),
        ROOT.resolve(".vigie/cache"),
        Integer.getInteger(OFFSET));
  }

  static Stack stack() {
    return new Stack(site(), "postgresql", "keycloak");
  }

  /** A secret of the stack, by its name. */
  static String secret(String name) {
    Properties secrets = new Properties();
    try (var file = Files.newBufferedReader(site().state().resolve("secrets.properties"))) {
      secrets.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return secrets.getProperty(name);
  }

  /** Runs {@code ./vigie realm} on it, as operators do; what it said. */
  static String updateRealm() throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dvigie.root=" + ROOT,
            "-cp",
            ROOT.resolve("stack/target/classes")
                + ":"
                + Files.readString(ROOT.resolve("stack/target/classpath")).strip(),
            "io.vigie.stack.Vigie",
            "realm",
            "--keycloak",
            stack().url("keycloak").toString());
    command.environment().put("KEYCLOAK_ADMIN_PASSWORD", secret("keycloak_admin"));
    command.environment().put("VIGIE_DIRECTORY_SECRET", secret("directory_client"));
    Process process = command.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
    return said;
  }

  @Override
  public void stop() {
    stack().stop();
  }
}
