package io.vigie.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Which settings a service, or the console, reads: its files, its sources and its extensions say.
 */
final class Settings {
  static final String CONSOLE = "console";

  /** The five services and the console. */
  static final List<String> MODULES =
      Stream.concat(services().stream(), Stream.of(CONSOLE)).toList();

  private static final Set<String> OF_THE_JVM = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([a-z0-9.-]+)");
  private static final Pattern EXTENSION = Pattern.compile("<artifactId>(quarkus-[a-z-]+)<");
  private static final Pattern INJECTED =
      Pattern.compile(
          "@ConfigProperty\\(\\s*name = \"([^\"]+)\"(,\\s*defaultValue = \"[^\"]*\")?\\)\\s+(\\w+)");
  private static final Pattern MAPPING =
      Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"\\)(.*?)\n\\}", Pattern.DOTALL);
  private static final Pattern NESTED =
      Pattern.compile("(interface|enum) \\w+ \\{[^{}]*\\}", Pattern.DOTALL);
  private static final Pattern METHOD = Pattern.compile("\\s(\\w+)\\(\\);");

  private final String module;
  private final String sources;
  private final Properties defaults = new Properties();
  private final Properties own = new Properties();
  private final String text;

  private Settings(String module, Stream<Path> sources, List<Path> files, Path ownFile) {
    this.module = module;
    this.sources = sources.map(Manifests::text).collect(Collectors.joining("\n"));
    this.text = files.stream().map(Manifests::text).collect(Collectors.joining("\n"));
    load(defaults, text);
    load(own, Manifests.text(ownFile));
  }

  /** The names of the five services. */
  static List<String> services() {
    try (Stream<Path> modules = Files.list(Manifests.ROOT)) {
      return modules
          .map(module -> module.getFileName().toString())
          .filter(module -> module.endsWith("-service"))
          .map(module -> module.replace("-service", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Settings of(String name) {
    boolean service = !name.equals(CONSOLE);
    String module = service ? name + "-service" : name;
    Path ownFile = Manifests.ROOT.resolve(module + "/src/main/resources/application.properties");
    Path kernel = Manifests.ROOT.resolve("kernel/src/main");
    Path shared = kernel.resolve("resources/META-INF/microprofile-config.properties");
    return new Settings(
        module,
        Stream.concat(
            java(Manifests.ROOT.resolve(module + "/src/main/java")),
            service ? java(kernel.resolve("java")) : Stream.empty()),
        service ? List.of(shared, ownFile) : List.of(ownFile),
        ownFile);
  }

  /** The value that holds where the environment says nothing; null where there is none. */
  String inFile(String property) {
    return defaults.getProperty(property);
  }

  /** All names in its files. */
  Set<String> inFiles() {
    return defaults.stringPropertyNames();
  }

  /** Names of environment variables that have no effect on it. */
  Set<String> unread(Map<String, String> environment) {
    Set<String> known = new HashSet<>(OF_THE_JVM);
    defaults.stringPropertyNames().stream()
        .filter(property -> !property.startsWith("quarkus.") && isRead(property))
        .forEach(property -> known.add(variable(property)));
    expressions(text).forEach(property -> known.add(variable(property)));
    environment
        .values()
        .forEach(value -> expressions(value).map(Settings::variable).forEach(known::add));
    injected().forEach(found -> known.add(variable(found.group(1))));
    mapped().forEach(property -> known.add(variable(property)));
    ofExtensions().forEach(known::add);
    Stream.of(
            ProducerConfig.configNames(),
            ConsumerConfig.configNames(),
            AdminClientConfig.configNames())
        .flatMap(Set::stream)
        .forEach(property -> known.add(variable("kafka." + property)));
    Set<String> unread = new TreeSet<>(environment.keySet());
    unread.removeAll(known);
    return unread;
  }

  /**
   * Names of environment variables that it needs: what has no value, and what its files look for on
   * the machine where it runs.
   */
  Set<String> needed() {
    Set<String> needed = new TreeSet<>();
    for (String property : defaults.stringPropertyNames()) {
      String value = defaults.getProperty(property);
      boolean here = value.contains("127.0.0.1") || value.contains("localhost");
      boolean empty = value.isEmpty() && property.startsWith("vigie.");
      if (!property.startsWith("%") && (here || empty) && isRead(property)) {
        needed.add(variable(property));
      }
    }
    injected()
        .filter(found -> found.group(2) == null && !found.group(3).equals("Optional"))
        .map(found -> found.group(1))
        .filter(property -> !defaults.containsKey(property) && !property.startsWith("quarkus."))
        .forEach(property -> needed.add(variable(property)));
    return needed;
  }

  /** How an environment variable is named that sets a property. */
  static String variable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** What is shared is read where somebody asks for it; what is a module's own always is. */
  private boolean isRead(String property) {
    return !property.startsWith("vigie.")
        || own.containsKey(property)
        || sources.contains('"' + property + '"')
        || text.contains("${" + property + "}");
  }

  private Stream<MatchResult> injected() {
    return INJECTED.matcher(sources).results();
  }

  private Stream<String> mapped() {
    return MAPPING
        .matcher(sources)
        .results()
        .flatMap(
            mapping ->
                METHOD
                    .matcher(NESTED.matcher(mapping.group(2)).replaceAll(""))
                    .results()
                    .map(method -> mapping.group(1) + "." + kebab(method.group(1))));
  }

  /**
   * What extensions read when they start. One that some services alone have is of those that name
   * it.
   */
  private Stream<String> ofExtensions() {
    Set<String> others =
        MODULES.stream()
            .map(name -> name.equals(CONSOLE) ? name : name + "-service")
            .flatMap(other -> extensions(other).stream())
            .collect(Collectors.toSet());
    others.removeAll(extensions("kernel"));
    others.removeAll(extensions(module));
    Map<String, String> variables = new HashMap<>();
    ObjectMapper json = new ObjectMapper();
    try {
      for (URL model :
          Collections.list(
              Settings.class
                  .getClassLoader()
                  .getResources("META-INF/quarkus-config-doc/quarkus-config-model.json"))) {
        for (JsonNode root : read(json, model).get("configRoots")) {
          String extension = root.at("/extension/artifactId").asText();
          for (JsonNode item : root.findParents("environmentVariable")) {
            variables.put(item.get("environmentVariable").asText(), extension);
          }
          // Fixed when the service was built: its environment says nothing about it any more.
          for (JsonNode item : root.findParents("phase")) {
            if (!item.get("phase").asText().equals("RUN_TIME")) {
              variables.remove(item.at("/path/environmentVariable").asText());
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    variables.values().removeAll(others);
    return variables.keySet().stream();
  }

  private static JsonNode read(ObjectMapper json, URL resource) throws IOException {
    try (InputStream in = resource.openStream()) {
      return json.readTree(in);
    }
  }

  private static Set<String> extensions(String module) {
    return EXTENSION
        .matcher(Manifests.text(Manifests.ROOT.resolve(module + "/pom.xml")))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  private static Stream<String> expressions(String text) {
    return EXPRESSION.matcher(text).results().map(found -> found.group(1));
  }

  private static String kebab(String method) {
    return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static void load(Properties properties, String text) {
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> java(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
