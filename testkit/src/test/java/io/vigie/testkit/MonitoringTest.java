package io.vigie.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Rules and dashboards ask for what programs tell, and alerts say what to do. That figures of the
 * framework are told is FiguresTest of asset-service, of a running service.
 */
class MonitoringTest {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final Path MONITORING = ROOT.resolve("deploy/monitoring");
  private static final String RUNBOOK = "docs/operations.md#";

  /** How programs name their figures. */
  private static final Pattern METER =
      Pattern.compile("\\b(gauge|counter|timer)\\(\\s*\"(vigie\\.[a-z.]+)\"");

  private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");

  private static List<JsonNode> alerts() {
    return Monitoring.rules().stream().filter(rule -> rule.has("alert")).toList();
  }

  private static String name(JsonNode alert) {
    return alert.get("alert").textValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max by (job) (vigie_events_blocked{x=\"some_text\"}) > 0 | vigie_events_blocked",
        "a / on(job) group_left(d) b and sum(rate(c[5m])) == 0 | a,b,c",
        "x < scalar(max(y offset 15m)) or absent(up{job=~\"z(-service)?\"}) | x,y",
        "histogram_quantile(0.95, sum by (job, le) (rate(job:a_bucket{uri!~\".*/(b)\"}[5m]))) | job:a_bucket",
        "0 * instance:b:ratio > 1 | instance:b:ratio"
      })
  void namesAreFoundInQueries(String query, String names) {
    assertEquals(new TreeSet<>(List.of(names.split(","))), Monitoring.named(query));
  }

  @Test
  void everyFigureOfOursThatIsAskedForIsToldByAProgram() throws IOException {
    Set<String> told = new HashSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path sources : modules.map(module -> module.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(sources)) {
          told.addAll(told(sources));
        }
      }
    }
    Set<String> asked = Monitoring.figures();
    asked.removeIf(figure -> !figure.startsWith("vigie_"));

    assertFalse(asked.isEmpty());
    assertEquals(Set.of(), without(asked, told));
  }

  private static Set<String> told(Path sources) throws IOException {
    Set<String> told = new HashSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        METER
            .matcher(Files.readString(file))
            .results()
            .forEach(meter -> told.addAll(series(meter.group(1), meter.group(2))));
      }
    }
    return told;
  }

  /** As Prometheus gets what a meter measures. */
  private static List<String> series(String kind, String meter) {
    String name = meter.replace('.', '_');
    return switch (kind) {
      case "counter" -> List.of(name + "_total");
      case "timer" ->
          List.of(name + "_seconds_count", name + "_seconds_sum", name + "_seconds_max");
      default -> List.of(name);
    };
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  @Test
  void whatIsRecordedIsAskedFor() {
    Set<String> asked = new HashSet<>();
    Monitoring.rules()
        .forEach(rule -> asked.addAll(Monitoring.named(rule.get("expr").textValue())));

    for (JsonNode rule : Monitoring.rules()) {
      if (rule.has("record")) {
        assertTrue(asked.contains(rule.get("record").textValue()), rule::toString);
      }
    }
  }

  @Test
  void everyAlertSaysHowBadItIsAndWhatToDo() throws IOException {
    JsonNode severities =
        new ObjectMapper()
            .readTree(ROOT.resolve("contracts/policy/alerting.json").toFile())
            .get("severities");
    Set<String> anchors = anchors(Files.readString(ROOT.resolve("docs/operations.md")));
    Set<String> names = new HashSet<>();
    Set<String> runbooks = new TreeSet<>();

    for (JsonNode alert : alerts()) {
      String name = name(alert);
      assertTrue(names.add(name) && name.matches("[A-Z][A-Za-z]+"), name);
      assertTrue(alert.path("for").asText().matches("[1-9][0-9]*[mh]"), name + ": for");
      assertTrue(severities.has(alert.at("/labels/severity").asText()), name + ": severity");
      JsonNode texts = alert.get("annotations");
      assertTrue(texts.path("summary").asText().length() > 20, name + ": summary");
      String description = texts.path("description").asText();
      assertTrue(description.length() > 60 && description.endsWith("."), name + ": description");
      String runbook = texts.path("runbook_url").asText();
      assertTrue(runbook.startsWith(RUNBOOK), name + ": runbook");
      runbooks.add(runbook.substring(RUNBOOK.length()));
    }
    assertFalse(names.isEmpty());
    assertEquals(Set.of(), without(runbooks, anchors), "docs/operations.md has no such heading");
  }

  /** As they are made of headings where Markdown is shown. */
  private static Set<String> anchors(String text) {
    return text.lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyAlertIsSeenQuietAndFiringAndOverInATest() {
    Map<String, JsonNode> tests = Monitoring.files("tests");
    assertEquals(Monitoring.files("rules").keySet(), tests.keySet());
    Map<String, JsonNode> byName = new TreeMap<>();
    tests.forEach(
        (file, test) -> {
          assertEquals("../rules/" + file, test.at("/rule_files/0").textValue());
          test.get("tests").forEach(each -> byName.put(each.get("name").textValue(), each));
        });

    assertEquals(
        alerts().stream().map(MonitoringTest::name).collect(Collectors.toCollection(TreeSet::new)),
        byName.keySet());
    for (JsonNode alert : alerts()) {
      String name = name(alert);
      String query = "ALERTS{alertname=\"" + name + "\", alertstate=\"firing\"}";
      List<Boolean> seen = new ArrayList<>();
      for (JsonNode look : byName.get(name).get("promql_expr_test")) {
        assertEquals(query, look.get("expr").textValue());
        seen.add(look.path("exp_samples").size() > 0);
      }
      assertEquals(List.of(false, true, false), seen, name);

      String labels = byName.get(name).findValue("labels").textValue();
      String severity = alert.at("/labels/severity").textValue();
      assertTrue(labels.contains("severity=\"" + severity + "\""), name);
      LABEL
          .matcher(alert.get("annotations").toString())
          .results()
          .forEach(used -> assertTrue(labels.contains(used.group(1) + "=\""), name + used.group()));
    }
  }

  @Test
  void everyPanelHasATitleAUnitAndAQuery() {
    Set<String> ids = new HashSet<>();
    Monitoring.files("grafana/dashboards")
        .forEach(
            (file, dashboard) -> {
              assertTrue(file.endsWith(".json"), file);
              assertTrue(ids.add(dashboard.get("uid").textValue()), file);
              assertTrue(dashboard.path("title").asText().startsWith("Vigie: "), file);
            });
    String source = sourceOfDashboards();

    assertFalse(Monitoring.panels().isEmpty());
    for (JsonNode panel : Monitoring.panels()) {
      String title = panel.path("title").asText();
      assertFalse(title.isBlank(), panel::toString);
      assertFalse(panel.at("/fieldConfig/defaults/unit").asText().isBlank(), title);
      assertEquals(source, panel.at("/datasource/uid").textValue(), title);
      assertFalse(panel.get("targets").isEmpty(), title);
      for (JsonNode target : panel.get("targets")) {
        String query = target.path("expr").asText();
        assertFalse(query.isBlank(), title);
        assertTrue(
            !Monitoring.named(query).isEmpty() || query.contains("up{") || query.contains("ALERTS"),
            query);
      }
    }
  }

  private static String sourceOfDashboards() {
    return Monitoring.files("grafana/provisioning/datasources")
        .get("prometheus.yml")
        .at("/datasources/0/uid")
        .textValue();
  }

  @Test
  void whatDashboardsTakeFromRulesIsRecorded() {
    Set<String> recorded = new HashSet<>();
    Monitoring.rules().forEach(rule -> recorded.add(rule.path("record").asText()));

    for (String figure : Monitoring.figures()) {
      assertFalse(figure.contains(":"), figure + " is recorded by no rule: " + recorded);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "compose"})
  void prometheusLooksAtEveryProgramAndTellsIncidentService(String folder) throws IOException {
    JsonNode prometheus = Monitoring.files(folder).get("prometheus.yml");
    Map<String, String> targets = new TreeMap<>();
    for (JsonNode each : prometheus.at("/scrape_configs/0/static_configs")) {
      targets.put(each.at("/labels/job").textValue(), each.at("/targets/0").textValue());
    }
    Map<String, String> ports = ports();

    assertEquals(ports.keySet(), targets.keySet());
    ports.forEach(
        (job, port) ->
            assertEquals(
                (folder.isEmpty() ? "127.0.0.1" : job) + ":" + port, targets.get(job), job));
    assertEquals("/q/metrics", prometheus.at("/scrape_configs/0/metrics_path").textValue());
    String rules = prometheus.at("/rule_files/0").textValue();
    assertEquals(
        MONITORING.resolve("rules"),
        MONITORING.resolve(folder).resolve(rules).getParent().normalize());

    JsonNode alertmanager = Monitoring.files(folder).get("alertmanager.yml");
    String url = alertmanager.at("/receivers/0/webhook_configs/0/url").textValue();
    assertEquals("http://" + targets.get("incident-service") + "/v1/alerts/alertmanager", url);
    JsonNode roles =
        new ObjectMapper()
            .readTree(ROOT.resolve("contracts/roles/incident-service.json").toFile())
            .get("POST /v1/alerts/alertmanager");
    assertTrue(roles.toString().contains("internal-tool"), roles::toString);
    JsonNode reads = prometheus.at("/scrape_configs/0/oauth2");
    JsonNode tells = alertmanager.at("/receivers/0/webhook_configs/0/http_config/oauth2");
    assertEquals(reads.get("token_url"), tells.get("token_url"));
    assertSignsInAs("vigie-prometheus", reads);
    assertSignsInAs("vigie-alertmanager", tells);
  }

  /** As a client of its own, whose secret is a file. */
  private static void assertSignsInAs(String client, JsonNode signIn) {
    assertEquals(client, signIn.path("client_id").textValue());
    assertEquals(
        client, Path.of(signIn.path("client_secret_file").textValue()).getFileName().toString());
    assertFalse(signIn.has("client_secret"), "secrets are files");
  }

  /** Of everything that runs, the port that it has unless it is told otherwise. */
  private static Map<String, String> ports() throws IOException {
    Map<String, String> ports = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path file = module.resolve("src/main/resources/application.properties");
        Optional<String> port =
            Files.exists(file)
                ? Optional.ofNullable(properties(file).getProperty("quarkus.http.port"))
                : Optional.empty();
        port.ifPresent(number -> ports.put(module.getFileName().toString(), number));
      }
    }
    return ports;
  }

  private static Properties properties(Path file) throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }

  @Test
  void noPathOfAnApiIsTooManyToBeMeasured() throws IOException {
    int most =
        Integer.parseInt(
            properties(
                    ROOT.resolve(
                        "kernel/src/main/resources/META-INF/microprofile-config.properties"))
                .getProperty("quarkus.micrometer.binder.http-server.max-uri-tags"));
    try (Stream<Path> files = Files.list(ROOT.resolve("contracts/roles"))) {
      for (Path file : files.toList()) {
        Set<String> paths = new HashSet<>();
        new ObjectMapper()
            .readTree(file.toFile())
            .fieldNames()
            .forEachRemaining(operation -> paths.add(operation.replaceFirst("^\\S+ ", "")));
        assertNotEquals(Set.of(), paths);
        assertTrue(paths.size() + 50 < most, () -> file + " has " + paths.size());
      }
    }
  }

  @Test
  void promtoolAcceptsTheRulesAndItsTestsOfThemPass() throws Exception {
    promtool("check", "rules", "rules");
    promtool("test", "rules", "tests");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus.yml", "compose/prometheus.yml"})
  void promtoolAcceptsTheConfiguration(String file) throws Exception {
    run(List.of(tool("promtool"), "check", "config", "--syntax-only", file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"alertmanager.yml", "compose/alertmanager.yml"})
  void amtoolAcceptsTheConfiguration(String file) throws Exception {
    run(List.of(tool("amtool"), "check-config", file));
  }

  private static void promtool(String command, String of, String folder) throws Exception {
    List<String> call = new ArrayList<>(List.of(tool("promtool"), command, of));
    Monitoring.files(folder).keySet().forEach(file -> call.add(folder + "/" + file));
    run(call);
  }

  private static void run(List<String> call) throws Exception {
    Path output = Files.createTempFile("vigie", ".log");
    Process process =
        new ProcessBuilder(call)
            .directory(MONITORING.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it does not end");
      assertEquals(0, process.exitValue(), () -> call + ": " + read(output));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Where the program is; without it the test is skipped. */
  private static String tool(String name) {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(":"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    String from = name.equals("amtool") ? "prometheus-alertmanager" : "prometheus";
    assumeTrue(found.isPresent(), name + " is not installed (Debian: " + from + ")");
    return found.get().toString();
  }
}
