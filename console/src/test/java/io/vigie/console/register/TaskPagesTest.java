package io.vigie.console.register;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.console.service.TaskService.Task;
import io.vigie.console.task.TaskPages;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Holds each kind of task that a service has against the page where it is done. */
class TaskPagesTest {

  /**
   * Where a kind of task is done.
   *
   * @param service that has it
   * @param subject the kind of what it is about
   * @param href where the service has it, with the ids of the task, of its subject, or of what that
   *     belongs to in braces
   * @param page here, as {@code href}
   * @param act of a register; empty for a page of its own, or where looking is all there is to do
   */
  private record Place(String service, String subject, String href, String page, String act) {}

  /** Services all of whose kinds of tasks have a place here. */
  private static final Set<String> SERVICES = Set.of("access", "audit");

  private static final Map<String, Place> PLACES =
      Map.ofEntries(
          // access
          Map.entry("badge.recover", in("badge", "badges", "get-back")),
          Map.entry(
              "business-profile.approve", in("business-profile", "business-profiles", "approve")),
          Map.entry("campaign.close", in("campaign", "campaigns", "close")),
          Map.entry(
              "campaign.review",
              new Place(
                  "access",
                  "campaign",
                  "/v1/campaigns/{subject}",
                  "/campaigns/{subject}/review",
                  "")),
          Map.entry("client-access.decide", in("client-access", "client-accesses", "approve")),
          Map.entry("client.renew-or-end", in("client", "clients", "renew-contract")),
          Map.entry(
              "client.settle-data",
              on(
                  "access",
                  "client",
                  "/v1/clients/{subject}/data-settlement",
                  "clients",
                  "clients/settle-data")),
          Map.entry("drift.decide", in("drift", "drifts", "put-right")),
          Map.entry("duty-conflict.decide", in("duty-conflict", "duty-conflicts", "except")),
          Map.entry("entitlement.assign-owner", in("entitlement", "entitlements", "assign-owner")),
          Map.entry(
              "inspection-finding.resolve",
              in("inspection-finding", "inspection-findings", "settle-finding")),
          Map.entry("key.recover", in("key", "keys", "get-back")),
          Map.entry("person.reassign", in("person", "people", "reassign")),
          Map.entry("person.replan", in("person", "people", "plan-move")),
          Map.entry(
              "review.confirm",
              new Place(
                  "access",
                  "review",
                  "/v1/campaigns/{whole}/confirmations",
                  "/campaigns/{whole}/confirmations",
                  "")),
          Map.entry("right.accept", in("right", "rights", "accept-justification")),
          // The pages of what is to be certified lead to the review that does it.
          Map.entry(
              "right.certify",
              on("access", "right", "/v1/certifications", "rights", "campaigns/plan-review")),
          Map.entry("right.decide", in("right", "rights", "approve")),
          Map.entry("right.justify", in("right", "rights", "justify")),
          Map.entry(
              "right.unjustified", on("access", "right", "/v1/rights/{subject}", "rights", "")),
          Map.entry("right.without-client-access", in("right", "rights", "revoke")),
          Map.entry(
              "service-account.certify",
              on(
                  "access",
                  "service-account",
                  "/v1/certifications",
                  "service-accounts",
                  "campaigns/plan-review")),
          Map.entry(
              "service-account.take-over", in("service-account", "service-accounts", "take-over")),
          Map.entry(
              "training.attend",
              new Place("access", "course", "/v1/courses/{subject}", "/my/courses", "")),
          Map.entry("visit.approve", in("visit", "visits", "approve")),
          Map.entry("visit.end", in("visit", "visits", "see-out")),
          // audit
          Map.entry(
              "audit-finding.act",
              new Place(
                  "audit",
                  "control-audit",
                  "/v1/audit-findings/{id}/action",
                  "/audit-findings/{id}",
                  "audit-findings/say-done")),
          Map.entry(
              "audit-finding.verify",
              new Place(
                  "audit",
                  "control-audit",
                  "/v1/audit-findings/{id}/verification",
                  "/audit-findings/{id}",
                  "audit-findings/verify")),
          Map.entry(
              "control-attestation.give",
              new Place(
                  "audit",
                  "control",
                  "/v1/controls/{subject}/attestations",
                  "/controls/{subject}/attestation",
                  "")),
          Map.entry(
              "control-exception.decide",
              on(
                  "audit",
                  "control-exception",
                  "/v1/control-exceptions/{subject}",
                  "control-exceptions",
                  "control-exceptions/approve")),
          Map.entry(
              "evidence-request.answer",
              new Place(
                  "audit",
                  "control-audit",
                  "/v1/evidence-requests/{id}/answer",
                  "/evidence-requests/{id}",
                  "")),
          Map.entry(
              "evidence-request.review",
              new Place(
                  "audit",
                  "control-audit",
                  "/v1/evidence-requests/{id}/review",
                  "/evidence-requests/{id}",
                  "")),
          Map.entry(
              "re-evaluation.answer",
              on(
                  "audit",
                  "re-evaluation",
                  "/v1/re-evaluations/{subject}/answer",
                  "re-evaluations",
                  "re-evaluations/answer")));

  private static final Registers REGISTERS = new Registers(new ObjectMapper());

  private static final UUID ID = UUID.fromString("01937f0a-2c55-7b02-8f3e-6a1b9c7d4e01");
  private static final UUID SUBJECT = UUID.fromString("01937f0a-2c55-7b02-8f3e-6a1b9c7d4e02");
  private static final UUID WHOLE = UUID.fromString("01937f0a-2c55-7b02-8f3e-6a1b9c7d4e03");

  /** A kind of task, alone in a text of Java or SQL. */
  private static final Pattern KIND =
      Pattern.compile("[\"']([a-z]+(?:-[a-z]+)*\\.[a-z]+(?:-[a-z]+)*)[\"']");

  /** What a kind of task would be put together from: nobody would find it. */
  private static final Pattern HALF = Pattern.compile("\"(?:[a-z-]+\\.|\\.[a-z-]+)\"");

  /** On the page of what it is about. */
  private static Place on(String service, String subject, String href, String page, String act) {
    return new Place(service, subject, href, "/" + page + "/{subject}", act);
  }

  /** Where the service has it as the console does. */
  private static Place in(String subject, String register, String act) {
    return on("access", subject, "/v1/" + register + "/{subject}", register, register + "/" + act);
  }

  /** The sources that say what waits. */
  private static List<String> sources(String service) throws IOException {
    try (Stream<Path> files =
        Files.walk(Path.of("..", service + "-service", "src", "main", "java"))) {
      List<String> found = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        if (source.contains("Task.Source")) {
          found.add(source);
        }
      }
      return found;
    }
  }

  private static Set<String> kinds(List<String> sources) {
    return sources.stream()
        .flatMap(source -> KIND.matcher(source).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void eachKindOfTaskHasItsPlace() throws IOException {
    Set<String> known = new TreeSet<>();
    for (String service : SERVICES) {
      List<String> sources = sources(service);
      assertTrue(kinds(sources).size() > 3, service);
      sources.forEach(
          source ->
              HALF.matcher(source)
                  .results()
                  .forEach(half -> assertEquals("", half.group(), "half a kind of " + service)));
      known.addAll(kinds(sources));
    }
    assertEquals(new TreeSet<>(PLACES.keySet()), known);
  }

  @Test
  void whatATaskIsAboutIsWhatItsServiceSays() throws IOException {
    String sources = "";
    for (String service : SERVICES) {
      sources += String.join("", sources(service));
    }
    for (Place place : PLACES.values()) {
      assertTrue(
          sources.contains('"' + place.subject() + "/\"")
              || sources.contains('"' + place.subject() + '"'),
          place.subject());
    }
  }

  private static String filled(String template) {
    return template
        .replace("{id}", ID.toString())
        .replace("{subject}", SUBJECT.toString())
        .replace("{whole}", WHOLE.toString());
  }

  @Test
  void whereATaskLeadsItIsDone() {
    TaskPages pages = new TaskPages(REGISTERS);
    PLACES.forEach(
        (kind, place) -> {
          Task task =
              new Task(
                  ID,
                  kind,
                  place.subject() + "/" + SUBJECT,
                  filled(place.href()),
                  Instant.EPOCH,
                  null);
          assertEquals(filled(place.page()), pages.of(place.service(), task), kind);
          if (!place.act().isEmpty()) {
            String[] act = place.act().split("/");
            Register register = REGISTERS.named(act[0]);
            assertTrue(register.acts().anyMatch(each -> each.name().equals(act[1])), place.act());
          }
        });
  }

  /** Of what nobody knows there is no page. */
  @Test
  void whatIsNotKnownLeadsNowhere() {
    Task task = new Task(ID, "nothing.do", "nothing/" + SUBJECT, "/v1/nothing", null, null);
    assertNull(new TaskPages(REGISTERS).of("access", task));
  }

  /** A page that is no register's has a resource of its own. */
  @Test
  void pagesOfTheirOwnAreThere() throws IOException {
    String resources = "";
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("Resource.java")).toList()) {
        resources += Files.readString(file);
      }
    }
    String paths = resources.replaceAll("\\{[a-z]+}", "{id}");
    Set<String> own = new TreeSet<>();
    for (Place place : PLACES.values()) {
      String[] parts = place.page().split("/");
      Register register = REGISTERS.named(parts[1]);
      if (register == null || parts.length > 3) {
        own.add(place.page().replaceAll("\\{[a-z]+}", "{id}"));
      } else {
        assertTrue(register.item() != null, place.page());
      }
    }
    assertTrue(own.size() > 3, own::toString);
    for (String page : own) {
      assertTrue(paths.contains('"' + page + '"'), page);
    }
  }

  @Test
  void peopleHaveWordsForEach() throws IOException {
    for (String suffix : List.of("", "_fr")) {
      Properties words = new Properties();
      try (InputStream file =
          TaskPagesTest.class.getResourceAsStream("/words/tasks" + suffix + ".properties")) {
        words.load(new InputStreamReader(file, UTF_8));
      }
      Set<String> missing = new TreeSet<>(PLACES.keySet());
      missing.removeAll(words.stringPropertyNames());
      assertEquals(Set.of(), missing, suffix);
      Properties kinds = new Properties();
      try (InputStream file =
          TaskPagesTest.class.getResourceAsStream("/words/kinds" + suffix + ".properties")) {
        kinds.load(new InputStreamReader(file, UTF_8));
      }
      PLACES.values().forEach(place -> assertNotNull(kinds.get(place.subject()), place.subject()));
    }
  }
}
