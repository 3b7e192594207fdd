package io.vigie.console.register;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.console.register.Register.Action;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Each kind of task of asset-service, incident-service and backup-service leads to a page where it
 * can be done.
 */
class TaskPagesOfThingsTest {

  private static final String ID = "01937f1c-6b1e-7a44-9d1c-2f6d5a0c8e11";
  private static final String PART = "01938010-4a5b-7c6d-8e7f-9a0b1c2d3e01";
  private static final Registers REGISTERS = new Registers(new ObjectMapper());

  /** Who has a page of their own: {@code TaskResource.OWN_PAGES}. */
  private static final Set<String> OWN = Set.of("document.acknowledge");

  /**
   * @param service that has the task
   * @param subject its kind
   * @param href without {@code /v1}, with {@code ID} and {@code PART} for ids
   * @param page the register of the page that it leads to
   * @param actions one of which does it
   */
  private record Lead(
      String service, String subject, String href, String page, List<String> actions) {

    static Lead to(String service, String subject, String href, String page, String... actions) {
      return new Lead(service, subject, href, page, List.of(actions));
    }
  }

  private static final Map<String, Lead> LEADS =
      Map.ofEntries(
          Map.entry("asset.adopt-or-reject", asset("/adoption", "adopt", "reject")),
          Map.entry("asset.check-client", asset("", "give-to-client", "take-from-client")),
          Map.entry("asset.check-owner", asset("", "assign-owner")),
          Map.entry("asset.guard-medium", asset("", "hand-over", "move")),
          Map.entry("asset.place-in-zone", asset("/zone", "place")),
          Map.entry("asset.reassign", asset("/owner", "assign-owner")),
          Map.entry("asset.sign-handover", asset("/handover/signature", "sign-handover")),
          Map.entry("asset.take-back", asset("/return", "return", "call-off-handover")),
          Map.entry("asset.test-alarm", asset("/alarm-tests", "test-alarm")),
          Map.entry("site.move-asset", asset("", "move")),
          Map.entry("asset.dispose", Lead.to("asset", "asset", "/disposals", "assets", "dispose")),
          Map.entry("disposal.approve", disposal("approve", "refuse")),
          Map.entry("disposal.sanitise", disposal("sanitise", "verify")),
          Map.entry("disposal.complete", disposal("complete")),
          Map.entry(
              "posture.restore",
              Lead.to("asset", "asset", "/assets/ID/posture", "postures", "request-exemption")),
          Map.entry(
              "posture-exemption.decide",
              Lead.to(
                  "asset",
                  "asset",
                  "/posture-exemptions/ID",
                  "posture-exemptions",
                  "approve",
                  "refuse")),
          Map.entry("document.approve", document("/versions/PART", "approve-version")),
          Map.entry("document.review", document("/review", "confirm-document")),
          Map.entry("document.reassign", document("", "assign-owner")),
          Map.entry("supplier.assess", supplier("/assessments", "plan-assessment")),
          Map.entry("supplier.raise-criticality", supplier("", "rate")),
          Map.entry("supplier.mend", supplier("/reservations/PART/lifting", "lift-reservation")),
          Map.entry(
              "supplier.accept-assessment",
              supplier("/assessments/PART/acceptance", "accept-assessment")),
          Map.entry(
              "supplier.decide-exception",
              supplier("/exceptions/PART", "grant-exception", "refuse-exception")),
          Map.entry(
              "supplier.decide-sub-processor",
              supplier("/sub-processors/PART", "approve-sub-processor", "object-to-sub-processor")),
          Map.entry(
              "network.examine-finding",
              own("asset", "network-finding", "network-findings", "/dismissal", "set-aside")),
          Map.entry("flow.decide", own("asset", "flow", "flows", "/approval", "approve", "refuse")),
          Map.entry("site.move-zone", own("asset", "zone", "zones", "", "move", "retire")),
          Map.entry(
              "deployment.review",
              own("asset", "deployment", "deployments", "/review", "say-findings")),
          Map.entry("notice.take-up", own("asset", "notice", "notices", "", "take-up")),
          Map.entry("feed.mend", own("asset", "feed", "feeds", "", "end")),
          Map.entry(
              "vulnerability.assess",
              own("asset", "vulnerability", "vulnerabilities", "", "assess")),
          Map.entry(
              "vulnerability.mend", own("asset", "vulnerability", "vulnerabilities", "", "fix")),
          Map.entry(
              "vulnerability.decide-acceptance",
              own(
                  "asset",
                  "vulnerability",
                  "vulnerabilities",
                  "/acceptance",
                  "approve-acceptance",
                  "refuse-acceptance")),
          Map.entry(
              "alert.acknowledge",
              own("incident", "monitoring-alert", "alerts", "", "acknowledge")),
          Map.entry(
              "scan-finding.mend",
              own("incident", "scan-finding", "scan-findings", "", "set-aside")),
          Map.entry(
              "scan-finding.decide-acceptance",
              own(
                  "incident",
                  "scan-finding",
                  "scan-findings",
                  "/acceptance",
                  "approve-acceptance",
                  "refuse-acceptance")),
          Map.entry(
              "notification-clock.notify",
              own("incident", "notification-clock", "notification-clocks", "", "notify")),
          Map.entry("monitor.mend", own("incident", "monitor", "monitors", "", "pause", "retire")),
          Map.entry("rota.fill", Lead.to("incident", "rota-gap", "/rota", "rota", "put-on-call")),
          Map.entry(
              "playbook.exercise",
              Lead.to("incident", "playbook", "/playbook-runs", "playbooks", "exercise")),
          Map.entry(
              "playbook-run.settle",
              own("incident", "playbook-run", "playbook-runs", "/steps", "settle")),
          Map.entry(
              "playbook-run.follow-up",
              Lead.to(
                  "incident",
                  "playbook-run",
                  "/playbook-runs/ID/lessons/PART/follow-up",
                  "playbook-lessons",
                  "follow-up")),
          Map.entry(
              "security-event.decide",
              Lead.to(
                  "incident",
                  "security-event",
                  "/security-events/ID",
                  "reports",
                  "promote",
                  "merge",
                  "dismiss")),
          Map.entry(
              "incident.task",
              Lead.to(
                  "incident",
                  "incident",
                  "/incidents/ID/tasks/PART",
                  "incident-tasks",
                  "complete")),
          Map.entry(
              "incident.advance",
              own("incident", "incident", "incidents", "", "acknowledge", "close")),
          Map.entry("backup-plan.catch-up", plan("/runs", "report-run")),
          Map.entry("backup-plan.decide-retention", plan("/ending", "end")),
          Map.entry("backup-plan.hold-copies", plan("/ending", "end")),
          Map.entry("asset-coverage.plan", coverage("plan-backup", "request-exception")),
          Map.entry("asset-coverage.complete", coverage("plan-backup", "request-exception")),
          Map.entry(
              "backup-exception.decide",
              Lead.to(
                  "backup",
                  "asset",
                  "/backup-exceptions/ID",
                  "backup-exceptions",
                  "approve",
                  "refuse")),
          Map.entry(
              "backup-access.decide",
              own("backup", "backup-access", "backup-accesses", "/approval", "approve", "refuse")),
          Map.entry(
              "backup-deletion.decide",
              own(
                  "backup",
                  "backup-deletion",
                  "backup-deletions",
                  "/approval",
                  "approve",
                  "refuse")),
          Map.entry(
              "retention-decision.make",
              Lead.to("backup", "asset", "/retention-decisions", "assets", "decide-retention")),
          Map.entry(
              "retention-decision.prove",
              own("backup", "retention-decision", "retention-decisions", "/proof", "prove")),
          Map.entry(
              "restore-test.verify",
              own("backup", "restore-test", "restore-tests", "/verification", "verify")),
          Map.entry(
              "restore-duty.test",
              Lead.to("backup", "restore-duty", "/restore-tests", "restore-duties", "begin-test")),
          Map.entry(
              "critical-function.prove-redundancy",
              own(
                  "backup",
                  "critical-function",
                  "critical-functions",
                  "/failover-tests",
                  "record-failover")),
          Map.entry(
              "continuity-plan.exercise",
              Lead.to(
                  "backup",
                  "continuity-plan",
                  "/continuity-exercises",
                  "continuity-plans",
                  "exercise")),
          Map.entry(
              "continuity-plan.decide",
              own(
                  "backup",
                  "continuity-plan",
                  "continuity-plans",
                  "/approval",
                  "approve",
                  "send-back")),
          Map.entry(
              "continuity-exercise.follow-up",
              Lead.to(
                  "backup",
                  "continuity-exercise",
                  "/continuity-exercises/ID/lessons/PART/follow-up",
                  "continuity-lessons",
                  "follow-up")));

  /** Where the service has them as the console does. */
  private static Lead own(
      String service, String subject, String page, String below, String... actions) {
    return Lead.to(service, subject, "/" + page + "/ID" + below, page, actions);
  }

  private static Lead asset(String below, String... actions) {
    return own("asset", "asset", "assets", below, actions);
  }

  private static Lead disposal(String... actions) {
    return Lead.to("asset", "asset", "/disposals/ID", "disposals", actions);
  }

  private static Lead document(String below, String... actions) {
    return own("asset", "document", "documents", below, actions);
  }

  private static Lead supplier(String below, String... actions) {
    return own("asset", "supplier", "suppliers", below, actions);
  }

  private static Lead plan(String below, String... actions) {
    return Lead.to("backup", "backup-plan", "/plans/ID" + below, "backup-plans", actions);
  }

  private static Lead coverage(String... actions) {
    return Lead.to("backup", "asset", "/coverage/ID", "coverage", actions);
  }

  /** What the sources of tasks of a service have. */
  private static Stream<String> sources(String service) {
    try (Stream<Path> files = Files.walk(Path.of("..", service + "-service", "src", "main"))) {
      return files
          .filter(file -> file.toString().endsWith("Tasks.java"))
          .map(
              file -> {
                try {
                  return Files.readString(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kinds that people have words for, and of which a source names the whole or both halves. */
  private static Set<String> kinds() throws IOException {
    Set<String> told =
        Files.readAllLines(Path.of("src/main/resources/words/tasks.properties")).stream()
            .filter(line -> line.contains("="))
            .map(line -> line.replaceAll("=.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> sources =
        Stream.of("asset", "incident", "backup").flatMap(TaskPagesOfThingsTest::sources).toList();
    assertTrue(sources.size() > 30, "there are sources of tasks");
    return told.stream()
        .filter(kind -> sources.stream().anyMatch(source -> isNamed(kind, source)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isNamed(String kind, String source) {
    String of = kind.replaceAll("\\..*", "");
    String what = kind.replaceAll(".*\\.", "");
    return source.contains('"' + kind + '"')
        || source.contains('"' + of + ".\"") && source.contains('"' + what + '"')
        // Of sites: the thing that is moved comes from the database.
        || source.contains('"' + kind.replaceAll("-[a-z]+$", "-") + '"');
  }

  @Test
  void eachKindOfTaskLeadsToAPageWhereItIsDone() throws IOException {
    Set<String> kinds = kinds();
    kinds.removeAll(OWN);
    assertEquals(kinds, new TreeSet<>(LEADS.keySet()));
    LEADS.forEach(
        (kind, lead) -> {
          Register register = REGISTERS.named(lead.page());
          String page =
              REGISTERS.page(
                  lead.service(),
                  "/v1" + lead.href().replace("ID", ID).replace("PART", PART),
                  lead.subject() + "/" + ID);
          assertTrue(page != null, kind + " leads nowhere");
          assertTrue(
              Pattern.matches(
                  "/" + register.name() + "(/[0-9a-f-]{36}(\\?[a-z]+=" + ID + ")?)?", page),
              kind + " leads to " + page);
          Set<String> there =
              Stream.concat(
                      register.actions().stream(),
                      page.equals("/" + register.name())
                          ? Stream.ofNullable(register.create())
                          : Stream.empty())
                  .map(Action::name)
                  .collect(Collectors.toSet());
          assertTrue(there.containsAll(lead.actions()), kind + " is not done on " + page);
        });
  }

  @Test
  void whatIsBelowAnObjectLeadsToItsOwnPageWhereItHasOne() {
    String of = "/v1/incidents/" + ID;
    assertEquals(
        "/incident-tasks/" + PART + "?incident=" + ID,
        REGISTERS.page("incident", of + "/tasks/" + PART, "incident/" + ID));
    assertEquals(
        "/incidents/" + ID, REGISTERS.page("incident", of + "/steps/" + PART, "incident/" + ID));
    assertEquals("/incidents/" + ID, REGISTERS.page("incident", null, "incident/" + ID));
    assertNull(REGISTERS.page("audit", of, "nothing/" + ID));
    assertNull(REGISTERS.page("incident", "/v1/incidents/../x", "nothing"));
  }
}
