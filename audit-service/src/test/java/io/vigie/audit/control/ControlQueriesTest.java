package io.vigie.audit.control;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.control.Judgement.Verdict;
import io.vigie.testkit.ServiceEnvironment;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every query of contracts/controls against its own cases, asked of objects that it alone sees. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ControlQueriesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of(System.getProperty("vigie.root"), "contracts");

  static Stream<String> rules() throws IOException {
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("controls"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sql"))
          .map(name -> name.replace(".sql", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static JsonNode read(String file) {
    try {
      return JSON.readTree(CONTRACTS.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  static Control control(String rule) {
    try {
      return Control.of(
          Files.readString(CONTRACTS.resolve("controls/" + rule + ".sql")),
          read("controls/" + rule + ".watch.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(rule, e);
    }
  }

  private static List<JsonNode> cases(String rule) {
    JsonNode tests = read("controls/" + rule + ".tests.json");
    assertEquals(rule, tests.get("rule").textValue());
    return StreamSupport.stream(tests.get("cases").spliterator(), false).toList();
  }

  private static UUID id(String number) {
    return new UUID(0x7000, 0x8000_0000_0000_0000L + Long.parseLong(number));
  }

  private static JsonNode withIds(JsonNode node) throws IOException {
    Matcher number = Pattern.compile("\"#([1-9])\"").matcher(node.toString());
    return JSON.readTree(number.replaceAll(found -> "\"" + id(found.group(1)) + "\""));
  }

  /** The objects of a case, without what the query does not say it reads. */
  private static Map<String, JsonNode> objects(Control control, JsonNode test) throws IOException {
    Map<String, JsonNode> objects = new TreeMap<>();
    for (var object : withIds(test.get("objects")).properties()) {
      String[] name = object.getKey().split("/");
      Set<String> read = control.watch().reads().getOrDefault(name[0], Set.of());
      objects.put(
          name[0] + "/" + id(name[1]), ((ObjectNode) object.getValue()).deepCopy().retain(read));
    }
    return objects;
  }

  private static Map<UUID, Verdict> expected(JsonNode test) throws IOException {
    Map<UUID, Verdict> expected = new TreeMap<>();
    for (var verdict : withIds(test.get("verdicts")).properties()) {
      String[] name = verdict.getKey().split("/");
      JsonNode told = verdict.getValue();
      expected.put(
          id(name[1]),
          new Verdict(
              name[0],
              told.get("holds").booleanValue(),
              told.get("why").textValue(),
              told.path("owner").textValue(),
              told.has("turnsAt") ? Instant.parse(told.get("turnsAt").textValue()) : null,
              null));
    }
    return expected;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aQueryAnswersWhatItsCasesSayForAllObjectsAndForEachAlone(String rule) throws Exception {
    Control control = control(rule);
    Instant now = Instant.parse(read("controls/" + rule + ".tests.json").get("now").textValue());
    for (JsonNode test : cases(rule)) {
      String name = test.get("name").textValue();
      try (Judgement judgement = Judgement.of(objects(control, test))) {
        Map<UUID, Verdict> expected = expected(test);
        assertEquals(expected, judgement.all(control, now), name);
        for (UUID id : expected.keySet()) {
          assertEquals(
              Map.of(id, expected.get(id)), judgement.of(control, now, id), name + ": filtered");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aControlKeepsTheSchemasAndEachOfItsReasonsIsShown(String rule) {
    assertValid("controls/watch.schema.json", "controls/" + rule + ".watch.json");
    assertValid("controls/tests.schema.json", "controls/" + rule + ".tests.json");
    Control control = control(rule);
    assertEquals(rule, control.rule());

    Set<String> shown = new TreeSet<>();
    Set<Boolean> outcomes = new TreeSet<>();
    boolean isOutOfScope = false;
    for (JsonNode test : cases(rule)) {
      isOutOfScope |= test.get("verdicts").isEmpty();
      for (JsonNode verdict : test.get("verdicts")) {
        shown.add(verdict.get("why").textValue());
        outcomes.add(verdict.get("holds").booleanValue());
      }
    }
    assertEquals(new TreeSet<>(control.watch().whys().keySet()), shown);
    assertEquals(Set.of(false, true), outcomes);
    assertTrue(isOutOfScope, "no case in which the rule does not apply");
  }

  private static void assertValid(String schema, String file) {
    assertEquals(
        "[]",
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(read(schema))
            .validate(read(file))
            .toString(),
        file);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aQueryReadsObjectsAndNothingElse(String rule) {
    String code = control(rule).query().replaceAll("--.*", "");
    List<String> read = new ArrayList<>();
    Matcher relation =
        Pattern.compile("\\b(?:from|join)\\s+(?:lateral\\s+)?([a-z_.]+|\\()").matcher(code);
    while (relation.find()) {
      read.add(relation.group(1));
    }
    read.removeAll(List.of("(", "object", "unnest"));
    assertEquals(List.of(), read);
    assertEquals(-1, code.indexOf(';'));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatAControlReadsSomebodyPublishesAndItWatchesEachKindThatItReads(String rule) {
    Control control = control(rule);
    Set<String> watched = new TreeSet<>();
    control.watch().watches().forEach(trigger -> watched.add(trigger.kind()));
    assertEquals(control.watch().reads().keySet(), watched);
    for (String kind : watched) {
      assertTrue(
          kind.equals("verification")
              || Files.exists(CONTRACTS.resolve("events/" + kind + ".snapshot.v1.schema.json")),
          kind);
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatNobodyOwnsByItsNatureHasARoleInCharge(String rule) {
    boolean isOwnedAtTimes =
        cases(rule).stream()
            .flatMap(test -> StreamSupport.stream(test.get("verdicts").spliterator(), false))
            .anyMatch(verdict -> verdict.has("owner"));
    boolean hasRole = read("controls/" + rule + ".json").has("inCharge");
    assertTrue(isOwnedAtTimes || hasRole, "an owner in no case, and no role");
    assertTrue(hasRole || !control(rule).query().contains("null::text"));
  }

  @Test
  void aVerificationOfTheLogTellsWhatAQueryReadsOfIt() {
    Set<String> told = new TreeSet<>();
    read("events/audit.log-verified.v1.example.json")
        .get("changes")
        .fieldNames()
        .forEachRemaining(told::add);
    assertEquals(control("R11.4").watch().reads().get("verification"), told);
  }

  @Test
  void theAlertsAboutTheLogThatAQueryNamesAreThoseOfThePolicy() {
    Set<String> codes = new TreeSet<>();
    for (JsonNode reaction : read("policy/reactions.json").get("reactions")) {
      if (reaction.get("rule").textValue().equals("R11.4") && reaction.at("/opens").has("alert")) {
        codes.add(reaction.get("code").textValue());
      }
    }
    String query = control("R11.4").query();
    assertTrue(query.contains("in ('" + String.join("', '", codes) + "')"), codes.toString());
  }

  @Test
  void theKindsOfAssetsThatQueriesNameAreThoseOfThePolicy() {
    Set<String> networked = new TreeSet<>();
    read("policy/asset-kinds.json").get("kinds").properties().stream()
        .filter(kind -> kind.getValue().get("networked").booleanValue())
        .forEach(kind -> networked.add(kind.getKey()));
    assertEquals(networked, kindsIn("R9.1"));

    Set<String> media = new TreeSet<>();
    read("policy/asset-kinds.json").get("kinds").properties().stream()
        .filter(kind -> kind.getValue().path("medium").booleanValue())
        .forEach(kind -> media.add(kind.getKey()));
    assertEquals(media, kindsIn("R10.2"));

    Set<String> servers = new TreeSet<>();
    read("policy/posture.json")
        .at("/rules/ports-declared/kinds")
        .forEach(kind -> servers.add(kind.textValue()));
    assertEquals(servers, kindsIn("R11.1"));

    Set<String> without = new TreeSet<>();
    read("policy/backup-plans.json").get("without").fieldNames().forEachRemaining(without::add);
    for (String rule : List.of("R11.8", "R12.1", "R12.2", "R12.3")) {
      assertEquals(without, kindsIn(rule), rule);
    }
  }

  @Test
  void theRulesOfPostureThatQueriesNameAreThoseOfThePolicy() {
    for (String policy : List.of("R7.1", "R7.2", "R7.3")) {
      Set<String> rules = new TreeSet<>();
      Set<String> kinds = new TreeSet<>();
      for (var rule : read("policy/posture.json").get("rules").properties()) {
        if (rule.getValue().get("policy").textValue().equals(policy)) {
          rules.add(rule.getKey());
          rule.getValue().get("kinds").forEach(kind -> kinds.add(kind.textValue()));
        }
      }
      assertEquals(rules, postureRulesIn(policy), policy);
      assertEquals(kinds, kindsIn(policy), policy);
    }
  }

  @Test
  void theRulesOfSigningInThatAQueryNamesAreAllOfThePolicy() {
    Set<String> rules = new TreeSet<>();
    Set<String> kinds = new TreeSet<>();
    for (var rule : read("policy/posture.json").get("rules").properties()) {
      JsonNode asks = rule.getValue();
      if (asks.path("fact").asText().equals("signIn")
          || asks.path("attribute").asText().equals("authentication")) {
        rules.add(rule.getKey());
        asks.get("kinds").forEach(kind -> kinds.add(kind.textValue()));
      } else {
        assertNotEquals("R10.1", asks.get("policy").textValue(), rule.getKey());
      }
    }
    assertTrue(
        control("R10.1").query().contains("array['" + String.join("', '", rules) + "'] as names"));
    assertEquals(kinds, kindsIn("R10.1"));
  }

  private static Set<String> postureRulesIn(String rule) {
    Matcher array =
        Pattern.compile("unnest\\(array\\['(.*?)']\\) as rule").matcher(control(rule).query());
    assertTrue(array.find(), rule);
    return new TreeSet<>(List.of(array.group(1).split("', '")));
  }

  @Test
  void theProfilesOfDevelopersAreThoseOfThePolicy() {
    assertEquals(
        "[\"developer\"]",
        read("policy/training.json").at("/courses/owasp-top-ten/audience/profiles").toString());
    for (String rule : List.of("R2.3", "R11.14")) {
      assertTrue(control(rule).query().contains("held.since ? 'developer'"), rule);
    }
  }

  @Test
  void theDifferencesOfTheDirectoryThatAQueryNamesAreThoseOfThePolicy() {
    assertEquals(driftsOf("R4.1"), kindsIn("R4.1"));
    String kinds = "in ('" + String.join("', '", driftsOf("R4.2")) + "')";
    assertEquals(3, control("R4.2").query().split(Pattern.quote(kinds), -1).length);
  }

  private static Set<String> driftsOf(String rule) {
    Set<String> kinds = new TreeSet<>();
    for (var drift : read("policy/directory.json").get("drifts").properties()) {
      if (drift.getValue().get("rule").textValue().equals(rule)) {
        kinds.add(drift.getKey());
      }
    }
    return kinds;
  }

  @Test
  void aCertificationCountsAsLongAsThePolicySays() {
    Period within = Period.parse(read("policy/reviews.json").get("certifiedWithin").textValue());
    for (String rule : List.of("R4.7", "R6.3")) {
      String months = "interval '%d months'".formatted(within.toTotalMonths());
      assertTrue(control(rule).query().contains(months), rule);
    }
  }

  @Test
  void theRulesThatNeedADocumentAreThoseOfTheirControls() {
    List<String> needed = new ArrayList<>();
    for (JsonNode rule : read("policy/rules.json").get("rules")) {
      if (read("controls/" + rule.textValue() + ".json").get("documentNeeded").booleanValue()) {
        needed.add(rule.textValue());
      }
    }
    assertTrue(control("R5.1").query().contains("in ('" + String.join("', '", needed) + "')"));
  }

  @Test
  void auditsComeAsOftenAsTheirControlIsReEvaluatedAndNoticesWaitNoLonger() {
    for (String rule : List.of("R15.3", "R15.4")) {
      Period interval =
          Period.parse(read("controls/" + rule + ".json").get("interval").textValue());
      String years = "interval '%d year'".formatted(interval.getYears());
      assertTrue(control(rule).query().contains(years), rule);
    }
  }

  @Test
  void roundsComeAsOftenAsTheirControlIsReEvaluated() {
    Period interval = Period.parse(read("controls/R6.5.json").get("interval").textValue());
    String months = "interval '%d months'".formatted(interval.toTotalMonths());
    assertTrue(control("R6.5").query().contains(months));
  }

  @Test
  void theAgeOfBackupsIsThatOfThePolicy() {
    Duration age =
        Duration.parse(read("policy/backup-plans.json").at("/rules/production/age").textValue());
    assertTrue(control("R11.8").query().contains("interval '%d hours'".formatted(age.toHours())));
  }

  @Test
  void theGradesOfTlsThatAreEnoughAreThoseOfThePolicy() {
    assertEquals("B", read("policy/tls-grades.json").get("required").textValue());
    assertTrue(control("R11.2").query().contains("'grade' in ('A', 'B')"));
  }

  @Test
  void theCategoriesOfIncidentsThatHaveAPlaybookAreThoseOfThePolicy() {
    Set<String> categories = new TreeSet<>();
    read("policy/playbooks.schema.json")
        .at("/properties/exercises/items/properties/categories/items/enum")
        .forEach(category -> categories.add(category.textValue()));
    assertTrue(categories.removeAll(Set.of("OTHER", "TEST")));
    String query = control("R13.1").query().replaceAll("\\s+", " ");
    assertTrue(query.contains("in ( '" + String.join("', '", categories) + "')"), query);
    assertTrue(query.contains("categories.covered < " + categories.size()));
  }

  @Test
  void theTimesWithinWhichOneLooksAreThoseOfTheServices() throws IOException {
    int day = 24 * 60 * 60;
    assertTrue(read("policy/monitors.json").at("/types/TLS/longestSeconds").intValue() < day);
    assertTrue(control("R11.2").query().contains("interval '24 hours'"));
    int seconds = read("policy/monitors.json").at("/types/EXPOSURE/longestSeconds").intValue() * 2;
    assertTrue(
        control("R11.5")
            .query()
            .contains("interval '%d days'".formatted(Duration.ofSeconds(seconds).toDays())));

    Properties assets = new Properties();
    try (Reader file =
        Files.newBufferedReader(
            CONTRACTS.resolveSibling("asset-service/src/main/resources/application.properties"))) {
      assets.load(file);
    }
    String hours = assets.getProperty("vigie.feed.late-after").replace("h", " hours");
    for (String rule : List.of("R11.9", "R15.3")) {
      assertTrue(control(rule).query().contains("interval '%s'".formatted(hours)), rule);
    }
  }

  @Test
  void thePacesOfMailAreThoseOfThePolicy() {
    JsonNode alerting = read("policy/alerting.json");
    String query = control("R11.6").query();
    for (var every : alerting.at("/mail/every").properties()) {
      assertEquals(every.getValue().textValue(), pace(query, "FIRING " + every.getKey()));
    }
    for (var every : alerting.at("/mail/acknowledged").properties()) {
      assertEquals(every.getValue().textValue(), pace(query, "ACKNOWLEDGED " + every.getKey()));
    }
    assertEquals("[\"SOURCE\",\"RULE\"]", alerting.get("groupBy").toString());
  }

  @Test
  void mailOfMonitorsAlertsIsJudgedLikeThatOfOthersAndTheyTryOftenEnoughToBeTold() {
    assertEquals(mail("R11.6"), mail("R11.7"));
    for (String type : List.of("HTTP", "TCP")) {
      int longest =
          read("policy/monitors.json").at("/types/" + type + "/longestSeconds").intValue();
      assertTrue(longest < 12 * 60 * 60, "told twice a day, and so within one");
    }
    assertTrue(control("R11.7").query().contains("interval '1 day'"));
  }

  /** From what holds mail back to when it is late. */
  private static String mail(String rule) {
    String query = control(rule).query();
    return query.substring(query.indexOf("left join object s on"), query.lastIndexOf("\nwhere"));
  }

  @Test
  void aFailingMonitorHasAnAlertWhenItsMailWouldBeRepeatedAtTheLatest() {
    for (JsonNode reaction : read("policy/reactions.json").get("reactions")) {
      if (reaction.get("code").textValue().equals("monitor-failed")) {
        assertEquals("CRITICAL", reaction.at("/opens/alert").textValue());
      }
    }
    Duration every =
        Duration.parse(read("policy/alerting.json").at("/mail/every/CRITICAL").textValue());
    String minutes = "interval '%d minutes'".formatted(every.toMinutes());
    assertTrue(control("R14.1").query().contains(minutes));
  }

  private static String pace(String query, String of) {
    Matcher pace =
        Pattern.compile("when '" + of + "' then interval '([0-9]+) (minutes|hours?)'")
            .matcher(query);
    assertTrue(pace.find(), of);
    return "PT" + pace.group(1) + pace.group(2).substring(0, 1).toUpperCase(Locale.ROOT);
  }

  @Test
  void whatReachesAClientsDataIsWhatThePolicySays() {
    List<String> types = new ArrayList<>();
    read("policy/client-data-categories.json")
        .get("reachedBy")
        .forEach(type -> types.add(type.textValue()));

    String asked = "->> 'type' in ('" + String.join("', '", types) + "')";
    assertTrue(control("R10.3").query().contains(asked), asked);
  }

  private static Set<String> kindsIn(String rule) {
    String query = control(rule).query();
    Set<String> kinds = new TreeSet<>();
    Matcher kind =
        Pattern.compile("'([A-Z_]+)'").matcher(query.substring(query.lastIndexOf(" in (")));
    while (kind.find()) {
      kinds.add(kind.group(1));
    }
    return kinds;
  }

  @Test
  void everyRuleWithAQueryIsInForce() throws IOException {
    String inForce = ConfigProvider.getConfig().getValue("vigie.controls", String.class);
    assertEquals(
        rules().toList(), Stream.of(inForce.split(",")).map(String::strip).sorted().toList());
  }

  @Test
  void whatIsNoIdNoTimeAndNoNumberIsNothing() {
    String state =
        "'{\"id\":\"x\",\"at\":\"2026-02-30T00:00:00Z\",\"day\":\"now-ish\",\"level\":\"1e9\"}'";
    assertEquals(
        "t",
        LogDatabase.text(
            ("select ref(s, 'id') is null and moment(s, 'at') is null and day(s, 'day') is null"
                    + " and number(s, 'level') is null and moment(s, 'none') is null"
                    + " from (select %s::jsonb as s) o")
                .formatted(state)));
  }
}
