package io.vigie.deploy;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import static io.vigie.deploy.Manifests.ROOT;
import static io.vigie.deploy.Manifests.each;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What {@code deploy/compose.yaml} runs, and of which images. */
final class Containers {
  static final Path DEPLOY = ROOT.resolve("deploy");

  private static final JsonNode COMPOSE = Manifests.read(DEPLOY.resolve("compose.yaml")).get(0);
  private static final Pattern WORD = Pattern.compile("([A-Z_]+)=(\\S+)");
  private static final List<String> TOOLS = List.of("openssl", "jq", "keytool");

  private Containers() {}

  static JsonNode compose() {
    return COMPOSE;
  }

  /** By name. */
  static Map<String, JsonNode> services() {
    Map<String, JsonNode> services = new TreeMap<>();
    COMPOSE.get("services").properties().forEach(s -> services.put(s.getKey(), s.getValue()));
    return services;
  }

  /** The name of the container of a module. */
  static String container(String module) {
    return module.equals(Settings.CONSOLE) ? module : module + "-service";
  }

  /** The networks that a service is in. */
  static Set<String> networks(JsonNode service) {
    JsonNode networks = service.get("networks");
    Set<String> names = new TreeSet<>();
    if (networks.isObject()) {
      networks.fieldNames().forEachRemaining(names::add);
    } else {
      names.addAll(Manifests.texts(networks));
    }
    return names;
  }

  /** The services in a network. */
  static Set<String> members(String network) {
    return services().entrySet().stream()
        .filter(service -> networks(service.getValue()).contains(network))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What stands in the compose file. */
  static Map<String, String> environment(JsonNode service) {
    Map<String, String> environment = new TreeMap<>();
    service
        .path("environment")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    return environment;
  }

  /** What a module is started with: by its image, the compose file and its file of secrets. */
  static Map<String, String> settings(String module, Path secrets) {
    Map<String, String> settings = new TreeMap<>();
    instructions(DEPLOY.resolve("Containerfile")).stream()
        .filter(instruction -> instruction.startsWith("ENV "))
        .flatMap(instruction -> WORD.matcher(instruction).results())
        .forEach(variable -> settings.put(variable.group(1), variable.group(2)));
    settings.putAll(environment(services().get(container(module))));
    Properties file = properties(secrets.resolve(module + ".properties"));
    file.stringPropertyNames()
        .forEach(name -> settings.put(Settings.variable(name), file.getProperty(name)));
    return settings;
  }

  static Properties properties(Path file) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /** Secrets by source, with where each is in the container. */
  static Map<String, String> secrets(JsonNode service) {
    Map<String, String> secrets = new TreeMap<>();
    each(service.path("secrets"))
        .forEach(
            secret -> {
              String source = secret.isTextual() ? secret.asText() : secret.get("source").asText();
              String target = secret.path("target").asText(source);
              secrets.put(source, target.startsWith("/") ? target : "/run/secrets/" + target);
            });
    return secrets;
  }

  /**
   * Has the secrets made in a directory, for {@code vigie.test}. The test that asks is skipped
   * where a tool for it is missing.
   */
  static void makeSecrets(Path directory, String... options) throws InterruptedException {
    assumeTrue(TOOLS.stream().allMatch(Containers::isThere), "secrets are made with " + TOOLS);
    List<String> command = new ArrayList<>(List.of(DEPLOY.resolve("secrets.sh").toString()));
    command.addAll(List.of(options));
    ProcessBuilder making = new ProcessBuilder(command).redirectErrorStream(true);
    making.environment().put("VIGIE_SECRETS", directory.toString());
    making.environment().put("VIGIE_DOMAIN", "vigie.test");
    try {
      Process made = making.start();
      String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, made.waitFor(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isThere(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  /** The instructions of a Containerfile, each in a line. */
  static List<String> instructions(Path containerfile) {
    return Manifests.text(containerfile)
        .replaceAll("\\\\\n\\s*", "")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }
}
