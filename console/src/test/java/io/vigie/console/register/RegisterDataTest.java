package io.vigie.console.register;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.console.register.Register.Action;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.Register.Section;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Holds what the registers' data say against the contracts of the services. */
class RegisterDataTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of("..", "contracts");
  private static final Registers REGISTERS = new Registers(JSON);
  private static final Set<String> NOBODY = Set.of("internal-tool", "hr-import");

  /** The example of a register's objects. */
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("assets", "Asset"),
          Map.entry("suppliers", "Supplier"),
          Map.entry("components", "HeldComponent"),
          Map.entry("vulnerabilities", "Vulnerability"),
          Map.entry("zones", "Zone"),
          Map.entry("flows", "Flow"),
          Map.entry("network-findings", "NetworkFinding"),
          Map.entry("people", "Person"),
          Map.entry("rights", "Right"),
          Map.entry("entitlements", "Entitlement"),
          Map.entry("campaigns", "Campaign"),
          Map.entry("reports", "SecurityEvent"),
          Map.entry("incidents", "Incident"),
          Map.entry("alerts", "Alert"),
          Map.entry("scan-findings", "ScanFinding"),
          Map.entry("notification-clocks", "NotificationClock"),
          Map.entry("backup-plans", "BackupPlan"),
          Map.entry("backup-runs", "BackupRun"),
          Map.entry("restore-tests", "RestoreTest"));

  /** The example of what a section's list has, where that is no register's. */
  private static final Map<String, String> SECTIONS =
      Map.ofEntries(
          Map.entry("alarm-tests", "AlarmTest"),
          Map.entry("attachments", "Attachment"),
          Map.entry("components", "HeldComponent"),
          Map.entry("contracts", "SupplierContract"),
          Map.entry("steps", "IncidentNote"),
          Map.entry("tasks", "IncidentTask"),
          Map.entry("timeline", "IncidentEntry"),
          Map.entry("evidence", "RestoreEvidence"),
          Map.entry("restore-measures", "RestoreMeasure"),
          Map.entry("items", "ReviewItem"),
          Map.entry("confirmations", "ReviewItem"));

  /** The example of what an action takes. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("assets/assign-owner", "Ownership"),
          Map.entry("assets/classify", "Assessment"),
          Map.entry("assets/reject", "Rejection"),
          Map.entry("assets/hand-over", "Handover"),
          Map.entry("assets/repair", "Repair"),
          Map.entry("assets/recover", "Recovery"),
          Map.entry("assets/lose", "Loss"),
          Map.entry("assets/retire", "Retirement"),
          Map.entry("suppliers/suspend", "SupplierSuspension"),
          Map.entry("suppliers/end", "SupplierEnding"),
          Map.entry("vulnerabilities/assess", "VulnerabilityAssessment"),
          Map.entry("vulnerabilities/fix", "VulnerabilityFix"),
          Map.entry("vulnerabilities/request-acceptance", "RiskAcceptanceRequest"),
          Map.entry("vulnerabilities/refuse-acceptance", "RiskAcceptanceRefusal"),
          Map.entry("flows/refuse", "FlowDecision"),
          Map.entry("flows/take-back", "FlowDecision"),
          Map.entry("network-findings/set-aside", "Dismissal"),
          Map.entry("rights/refuse", "RightRefusal"),
          Map.entry("rights/refuse-renewal", "RightRefusal"),
          Map.entry("rights/renew", "RightRenewal"),
          Map.entry("rights/revoke", "RightRevocation"),
          Map.entry("entitlements/ask", "RightRequest"),
          Map.entry("campaigns/cancel", "CampaignCancellation"),
          Map.entry("campaigns/cancel-open", "CampaignCancellation"),
          Map.entry("reports/promote", "Promotion"),
          Map.entry("reports/merge", "IncidentMerge"),
          Map.entry("reports/dismiss", "Dismissal"),
          Map.entry("incidents/acknowledge", "Step"),
          Map.entry("incidents/investigate", "Step"),
          Map.entry("incidents/contain", "Step"),
          Map.entry("incidents/eradicate", "Step"),
          Map.entry("incidents/resolve", "Step"),
          Map.entry("incidents/review", "Step"),
          Map.entry("incidents/close", "Step"),
          Map.entry("incidents/assign", "Assignment"),
          Map.entry("incidents/judge", "IncidentAssessment"),
          Map.entry("alerts/acknowledge", "AlertAcknowledgement"),
          Map.entry("alerts/resolve", "AlertResolution"),
          Map.entry("scan-findings/request-acceptance", "ScanFindingAcceptanceRequest"),
          Map.entry("scan-findings/refuse-acceptance", "ScanFindingReason"),
          Map.entry("scan-findings/set-aside", "ScanFindingReason"),
          Map.entry("scan-findings/restore", "ScanFindingReason"),
          Map.entry("notification-clocks/notify", "IncidentNotification"),
          Map.entry("notification-clocks/do-not-notify", "NoIncidentNotification"),
          Map.entry("backup-plans/suspend", "Suspension"),
          Map.entry("backup-plans/end", "Ending"),
          Map.entry("restore-tests/add-evidence", "NewRestoreEvidence"),
          Map.entry("restore-tests/give-result", "RestoreTestResult"),
          Map.entry("restore-tests/verify", "RestoreTestVerification"),
          Map.entry("restore-tests/abandon", "RestoreTestAbandonment"));

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode example(String service, String name) {
    JsonNode example =
        read(CONTRACTS.resolve("examples").resolve(service + "-service.json")).path(name);
    assertFalse(example.isMissingNode(), service + " has no example " + name);
    return example;
  }

  /** Who may do it: of people, not of tools. */
  private static Set<String> roles(String service, String method, String path) {
    JsonNode all = read(CONTRACTS.resolve("roles").resolve(service + "-service.json"));
    String wanted = method + " " + plain(path);
    return all.properties().stream()
        .filter(each -> isSame(plain(each.getKey()), wanted))
        .findFirst()
        .map(
            each ->
                each.getValue()
                    .valueStream()
                    .map(JsonNode::asText)
                    .filter(role -> !NOBODY.contains(role))
                    .collect(Collectors.toCollection(TreeSet::new)))
        .orElseThrow(() -> new AssertionError(service + " does not serve " + wanted));
  }

  private static String plain(String path) {
    return path.replaceAll("\\?.*", "").replaceAll("\\{[^}]*}", "{}");
  }

  /** The steps of an incident are one path with the step's name in it. */
  private static boolean isSame(String served, String wanted) {
    return served.equals(wanted)
        || served.equals("POST /v1/incidents/{}/{}")
            && wanted.matches("POST /v1/incidents/\\{}/[a-z]+");
  }

  @Test
  void theNamesThatPathsMayHaveAreThoseOfTheRegisters() {
    assertEquals(
        Registers.NAMES,
        REGISTERS.all().stream().map(Register::name).collect(Collectors.joining("|")));
  }

  @Test
  void whoMayReadIsWhoTheServicesLet() {
    for (Register register : REGISTERS.all()) {
      Set<String> here = new TreeSet<>(register.roles());
      assertEquals(roles(register.service(), "GET", register.path()), here, register.name());
      if (register.item() != null) {
        assertEquals(roles(register.service(), "GET", register.item()), here, register.name());
      }
      if (register.export() != null) {
        assertEquals(roles(register.service(), "GET", register.export()), here, register.name());
      }
      if (register.report() != null) {
        assertEquals(
            roles(register.service(), "GET", register.report().path()),
            new TreeSet<>(register.report().roles()),
            register.name());
      }
      for (Section section : register.sections()) {
        Set<String> let = roles(section.service(), "GET", section.path());
        // Some of what one may ask is for fewer people than the rest of its path.
        assertTrue(
            let.contains("staff") || let.equals(new TreeSet<>(section.roles())),
            register.name() + "/" + section.name());
      }
    }
    assertEquals(
        roles("audit", "GET", "/v1/objects/{kind}/{id}/timeline"),
        new TreeSet<>(RegisterResource.READ_TIMELINES));
  }

  @Test
  void whoMayBringATableInIsWhoTheServicesLetAndItsColumnsAreTheirs() {
    List<Register> taking =
        REGISTERS.all().stream().filter(register -> register.imports() != null).toList();
    assertTrue(taking.size() > 1, taking::toString);
    for (Register register : taking) {
      Register.Imports imports = register.imports();
      assertEquals(
          roles(register.service(), "POST", imports.path()), new TreeSet<>(imports.roles()));
      String sources = String.join("", sources(register.service()).values());
      imports
          .columns()
          .forEach(
              column -> assertTrue(sources.contains('"' + column + '"'), register.name() + column));
    }
    assertTrue(
        example("asset", "Imported").path("rows").path(0).has("asset")
            && example("access", "ImportedPeople").path("rows").path(0).has("person")
            && example("access", "ImportedPeople").path("taken").path(0).has("person"));
  }

  @Test
  void whoMayActIsWhoTheServicesLet() {
    for (Register register : REGISTERS.all()) {
      Map<String, Set<String>> offered = new TreeMap<>();
      for (Action action : register.actions()) {
        assertTrue(Set.of("POST", "PUT").contains(action.method()), action.name());
        offered
            .computeIfAbsent(
                action.method() + " " + action.at(register.item()), any -> new TreeSet<>())
            .addAll(action.roles());
      }
      offered.forEach(
          (action, roles) -> {
            String[] parts = action.split(" ");
            assertEquals(
                roles(register.service(), parts[0], parts[1]),
                roles,
                register.name() + " " + action);
          });
    }
  }

  @Test
  void whatIsShownIsInTheServicesAnswers() {
    for (Register register : REGISTERS.all()) {
      JsonNode example = example(register.service(), EXAMPLES.get(register.name()));
      Stream.of(register.title(), register.columns())
          .flatMap(List::stream)
          .forEach(
              path ->
                  assertFalse(
                      Registers.at(example, path).isMissingNode(), register.name() + " " + path));
      for (Action action : register.actions()) {
        action
            .when()
            .keySet()
            .forEach(
                path ->
                    assertFalse(
                        Registers.at(example, path).isMissingNode(),
                        register.name() + "/" + action.name() + " " + path));
      }
      for (Section section : register.sections()) {
        String name =
            SECTIONS.containsKey(section.name())
                ? SECTIONS.get(section.name())
                : EXAMPLES.get(section.register());
        JsonNode item = example(section.service(), name);
        section
            .columns()
            .forEach(
                path ->
                    assertFalse(
                        Registers.at(item, path).isMissingNode(),
                        register.name() + "/" + section.name() + " " + path));
      }
    }
  }

  @Test
  void whatIsTypedIsWhatTheServicesTake() {
    for (Register register : REGISTERS.all()) {
      for (Action action : register.actions()) {
        String name = register.name() + "/" + action.name();
        if (action.inputs().isEmpty()) {
          assertFalse(BODIES.containsKey(name), name);
          continue;
        }
        assertTrue(BODIES.containsKey(name), name);
        JsonNode body = example(register.service(), BODIES.get(name));
        action.inputs().forEach(input -> assertTrue(body.has(input.name()), name + " " + input));
        action.with().keySet().forEach(field -> assertTrue(body.has(field), name + " " + field));
      }
    }
  }

  @Test
  void whatIsAskedOftenIsAskedWithTheFiltersThatThereAre() {
    for (Register register : REGISTERS.all()) {
      Set<String> filters =
          register.filters().stream().map(Input::name).collect(Collectors.toSet());
      Stream.concat(
              register.views().values().stream(),
              // What a section leads to, the register must be able to show.
              REGISTERS.all().stream()
                  .flatMap(each -> each.sections().stream())
                  .filter(each -> register.name().equals(each.register()))
                  .filter(each -> each.path().startsWith(register.path() + "?"))
                  .map(each -> each.path().replaceAll(".*\\?", "")))
          .flatMap(query -> Stream.of(query.split("&")))
          .map(part -> part.replaceAll("=.*", ""))
          .forEach(name -> assertTrue(filters.contains(name), register.name() + " " + name));
    }
  }

  private static final Pattern PATH = Pattern.compile("@Path\\(\"([^\"]*)\"\\)");
  private static final Pattern ASKED = Pattern.compile("@QueryParam\\(\"(\\w+)\"\\)");
  private static final Pattern BEAN = Pattern.compile("@BeanParam (?:\\w+\\.)*(\\w+) ");

  /** What a list is asked with, by the sources of its service. */
  private static Set<String> asked(String service, String path) {
    Map<String, String> sources = sources(service);
    return sources.values().stream()
        .flatMap(source -> lists(source, path))
        .flatMap(
            list ->
                Stream.concat(
                    Stream.of(list),
                    all(BEAN, list).map(bean -> sources.getOrDefault(bean + ".java", ""))))
        .flatMap(text -> all(ASKED, text))
        .collect(Collectors.toSet());
  }

  private static Map<String, String> sources(String service) {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of(service + "-service", "kernel")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          sources.merge(file.getFileName().toString(), Files.readString(file), String::concat);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sources;
  }

  /** What answers to this path alone: from where it says that it reads to the next that answers. */
  private static Stream<String> lists(String source, String path) {
    String[] parts = source.split("(?=@(?:GET|POST|PUT|DELETE)\\b)");
    String root = all(PATH, parts[0]).findFirst().orElse("");
    return Stream.of(parts)
        .filter(part -> part.startsWith("@GET"))
        .filter(
            part -> path.equals(root + all(PATH, part).findFirst().map("/"::concat).orElse("")));
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1));
  }

  /** A filter that a service does not know it leaves out: the list would have all. */
  @Test
  void filtersAreWhatTheServicesAreAskedWith() {
    for (Register register : REGISTERS.all()) {
      Set<String> filters =
          register.filters().stream()
              .map(Input::name)
              .collect(Collectors.toCollection(TreeSet::new));
      filters.removeAll(asked(register.service(), register.path()));
      assertEquals(Set.of(), filters, register.name());
    }
  }

  /** Where mails lead, and labels of assets. */
  @Test
  void eachAddressInAMailHasItsPage() throws IOException {
    Set<String> addresses = new TreeSet<>(Set.of("/assets/{asset}"));
    Pattern link = Pattern.compile("\\{console}(/[^\\s\\\\\"]+)");
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("notices"))) {
      for (Path file : files.filter(each -> !each.toString().contains("schema")).toList()) {
        link.matcher(Files.readString(file)).results().forEach(at -> addresses.add(at.group(1)));
      }
    }
    assertTrue(addresses.size() > 5, addresses::toString);
    for (String address : addresses) {
      String[] parts = address.replaceAll("\\?.*", "").split("/");
      Register register = REGISTERS.named(parts[1]);
      assertTrue(register != null, address);
      assertTrue(parts.length == 2 || register.item() != null, address);
      if (address.contains("?")) {
        String filter = address.replaceAll(".*\\?", "").replaceAll("=.*", "");
        assertTrue(
            register.filters().stream().anyMatch(each -> each.name().equals(filter)), address);
      }
    }
  }

  private static Properties words(String suffix) throws IOException {
    Properties words = new Properties();
    try (InputStream file =
        RegisterDataTest.class.getResourceAsStream("/words/registers" + suffix + ".properties")) {
      words.load(new java.io.InputStreamReader(file, UTF_8));
    }
    return words;
  }

  @Test
  void whatPeopleReadIsWrittenInBothLanguages() throws IOException {
    Properties english = words("");
    Properties french = words("_fr");
    assertEquals(english.keySet(), french.keySet());

    List<String> missing = new ArrayList<>();
    BiConsumer<String, String> require =
        (kind, name) -> {
          if (!english.containsKey(kind + "." + name)) {
            missing.add(kind + "." + name);
          }
        };
    for (Register register : REGISTERS.all()) {
      require.accept("register", register.name());
      require.accept("object", register.name());
      require.accept("group", register.group());
      register.views().keySet().forEach(view -> require.accept("view", view));
      register.sections().forEach(section -> require.accept("section", section.name()));
      register.actions().forEach(action -> require.accept("action", action.name()));
      Stream.concat(
              register.filters().stream(),
              register.actions().stream().flatMap(action -> action.inputs().stream()))
          .forEach(
              input -> {
                require.accept("field", input.name());
                if (input.name().equals(Register.SORT)) {
                  register.sorts().forEach(sort -> require.accept("field", Values.lastName(sort)));
                } else if (!input.type().equals("level")) {
                  input
                      .options()
                      .forEach(option -> require.accept("value." + input.name(), option));
                }
              });
      fields(example(register.service(), EXAMPLES.get(register.name())))
          .forEach(field -> require.accept("field", field));
    }
    assertEquals(List.of(), missing.stream().distinct().sorted().toList());
  }

  /** All names in it, but for those that people or tools gave. */
  private static Set<String> fields(JsonNode object) {
    Set<String> names = new TreeSet<>();
    Map<String, JsonNode> inside = new HashMap<>();
    object
        .properties()
        .forEach(
            each -> {
              names.add(each.getKey());
              if (!Set.of("labels", "attributes").contains(each.getKey())) {
                inside.put(each.getKey(), each.getValue());
              }
            });
    inside
        .values()
        .forEach(
            value -> {
              if (value.isArray()) {
                value.forEach(each -> names.addAll(fields(each)));
              } else {
                names.addAll(fields(value));
              }
            });
    return names;
  }
}
