package io.vigie.system;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import io.restassured.response.Response;

import static io.vigie.system.Platform.create;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.oneOf;

/**
 * What is written down to be worked by, and worked, with hostile names. Each that a test opens is
 * there by its id.
 *
 * @param task of the incident
 * @param plan of {@code function}, which waits for approval
 * @param compromise of another incident, by the path of its page
 */
record Procedures(String document, String task, String function, String plan, String compromise) {

  private static final String SOMEBODY = "5e1f0000-0000-4000-8000-000000000007";
  private static final String SOMEBODY_ELSE = "5e1f0000-0000-4000-8000-000000000001";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** SHA-256 of a contract that nobody opens. */
  private static final String CONTRACT =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  /**
   * Makes them, and one object of each of those registers that nothing else here fills.
   *
   * @param names three that are hostile, or more
   * @param person who looks, and owns the document
   * @param asset that is watched, and a site
   */
  static Procedures make(List<String> names, String person, String incident, String asset) {
    course(names);
    monitor(names.get(1), asset);
    silence(names);
    access(names, person, asset);
    assets(names, asset);
    backups(names, asset);
    checklist(playbook(names));
    shift();
    String function = function(names.get(0), names.get(1));
    return new Procedures(
        document(names, person),
        task(names.get(2), incident),
        function,
        plan(names, function),
        compromise(names));
  }

  /** What hangs on somebody who works here, for whom {@code person} approves meanwhile. */
  private static void access(List<String> names, String person, String site) {
    String host = Access.join("host-" + UUID.randomUUID(), "staff");
    delegation(host, person, names.get(2));
    clientAccess(client(names), host, names.get(0));
    assignment(profile(names), host, names.get(1));
    serviceAccount(names, host);
    conflict(dutyRule(names, host), host, names.get(2));
    String zone = zone(names.get(0), site);
    key(zone);
    badge(host);
    visit(names, zone, host);
    inspection(names.get(1), zone, host);
  }

  private static void assets(List<String> names, String application) {
    feed(names.get(0));
    deployment(names, application);
    exemption(names.get(1), application);
    closure(names);
  }

  private static void backups(List<String> names, String asset) {
    exception(names.get(2), asset);
    deletion(names, asset);
    disposal(names);
    exercise(names);
  }

  private static String function(String name, String description) {
    return create(
        "sysadmin",
        "backup",
        "/v1/critical-functions",
        Map.of("name", name, "owner", SOMEBODY, "description", description));
  }

  private static String plan(List<String> names, String function) {
    return create(
        "sysadmin",
        "backup",
        "/v1/continuity-plans",
        Map.of(
            "criticalFunction",
            function,
            "title",
            names.get(2),
            "procedure",
            Map.of("rtoSeconds", 3_600, "rpoSeconds", 3_600, "steps", names.subList(0, 3))));
  }

  /** Of a plan that is approved. */
  private static void exercise(List<String> names) {
    String plan = plan(names, function(names.get(1), names.get(0)));
    Exhibits.done("ciso", "backup", "/v1/continuity-plans/" + plan + "/approval");
    create(
        "sysadmin",
        "backup",
        "/v1/continuity-exercises",
        Map.of("plan", plan, "method", "FUNCTIONAL", "scenario", names.get(0)));
  }

  private static void exception(String reason, String asset) {
    create(
        "sysadmin",
        "backup",
        "/v1/backup-exceptions",
        Map.of("asset", asset, "scope", "WITHOUT_PLAN", "reason", reason, "endsAt", inDays(30)));
  }

  /** One that waits for approval, under an access that has it. */
  private static void deletion(List<String> names, String asset) {
    String run = Exhibits.run(Exhibits.plan(names.get(0), asset));
    String access =
        create(
            "sysadmin",
            "backup",
            "/v1/backup-accesses",
            Map.of("assets", List.of(asset), "reason", names.get(1), "minutes", 60));
    Exhibits.done("ciso", "backup", "/v1/backup-accesses/" + access + "/approval");
    create(
        "sysadmin",
        "backup",
        "/v1/backup-deletions",
        Map.of("access", access, "run", run, "reason", names.get(2)));
  }

  /** Of a tape that was backed up; until when its copies are kept is decided. */
  private static void disposal(List<String> names) {
    String tape = Exhibits.asset(names.get(0), "TAPE");
    Exhibits.plan(names.get(1), tape);
    Platform.as("asset-manager", "asset")
        .header("If-Match", "*")
        .body(Map.of("reason", names.get(2)))
        .post("/v1/assets/" + tape + "/retirement")
        .then()
        .statusCode(200);
    create(
        "asset-manager",
        "asset",
        "/v1/disposals",
        Map.of(
            "asset",
            tape,
            "reason",
            names.get(0),
            "media",
            List.of(Map.of("medium", "TAPE", "identifier", names.get(1)))));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                "RETIRED"
                    .equals(
                        Platform.as("sysadmin", "backup")
                            .get("/v1/plans?asset=" + tape)
                            .jsonPath()
                            .getString("items[0].assetState")));
    create(
        "sysadmin",
        "backup",
        "/v1/retention-decisions",
        Map.of("asset", tape, "keepUntil", inDays(30), "reason", names.get(2)));
  }

  /**
   * Of a server of its own, for nothing of what is compromised is deleted: a hold is on its copies.
   */
  private static String compromise(List<String> names) {
    String server = Exhibits.asset(names.get(0), "SERVER");
    String incident = Exhibits.incident(names.get(1), "MALICIOUS_CODE", server);
    String compromise =
        Platform.as("responder", "incident")
            .header("If-Match", "*")
            .body(
                Map.of(
                    "asset",
                    server,
                    "compromisedSince",
                    Instant.now().minusSeconds(600).toString(),
                    "reason",
                    names.get(2)))
            .post("/v1/incidents/" + incident + "/compromises")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !Platform.as("sysadmin", "backup")
                    .get("/v1/backup-holds?asset=" + server)
                    .jsonPath()
                    .getList("items")
                    .isEmpty());
    return "/compromises/" + compromise + "?incident=" + incident;
  }

  /** One that cannot be read: there is no such host. */
  private static void feed(String name) {
    create(
        "asset-manager",
        "asset",
        "/v1/feeds",
        Map.of("name", name, "url", "https://feed.invalid/" + UUID.randomUUID()));
  }

  private static void deployment(List<String> names, String application) {
    create(
        "tool",
        "asset",
        "/v1/deployments",
        Map.of(
            "report",
            Map.of(
                "asset",
                application,
                "release",
                names.get(0),
                "environment",
                "production",
                "commit",
                "0123456789abcdef0123456789abcdef01234567",
                "repository",
                "https://git.example/exhibit",
                "author",
                SOMEBODY,
                "reviewer",
                SOMEBODY_ELSE,
                "pipeline",
                names.get(1),
                "runUrl",
                "https://ci.example/" + UUID.randomUUID(),
                "deployedAt",
                Instant.now().minusSeconds(60).toString()),
            "outcome",
            "SUCCEEDED"));
  }

  private static void exemption(String reason, String application) {
    create(
        "sysadmin",
        "asset",
        "/v1/posture-exemptions",
        Map.of(
            "asset",
            application,
            "rule",
            "terminal-sign-in",
            "reason",
            reason,
            "endsAt",
            inDays(30)));
  }

  private static void closure(List<String> names) {
    create(
        "asset-manager",
        "asset",
        "/v1/site-closures",
        Map.of(
            "site",
            Exhibits.asset(names.get(1), "PREMISES"),
            "closesOn",
            today().plusDays(30).toString(),
            "reason",
            names.get(2)));
  }

  private static void delegation(String person, String substitute, String reason) {
    create(
        "access-manager",
        "access",
        "/v1/delegations",
        Map.of(
            "person",
            person,
            "substitute",
            substitute,
            "validUntil",
            inDays(10),
            "reason",
            reason));
  }

  private static void clientAccess(String client, String person, String reference) {
    create(
        "access-manager",
        "access",
        "/v1/client-accesses",
        Map.of(
            "client",
            client,
            "person",
            person,
            "purpose",
            Map.of("ground", "INSTRUCTION", "reference", reference, "file", CONTRACT),
            "validUntil",
            inDays(7)));
  }

  private static void assignment(String profile, String person, String reason) {
    create(
        "access-manager",
        "access",
        "/v1/profile-assignments",
        Map.of("person", person, "profile", profile, "reason", reason));
  }

  /** Of a program that never signs in. */
  private static void serviceAccount(List<String> names, String responsible) {
    create(
        "access-manager",
        "access",
        "/v1/service-accounts",
        Map.of(
            "subject",
            UUID.randomUUID().toString(),
            "name",
            unique(names.get(0)),
            "purpose",
            names.get(1),
            "responsible",
            responsible));
  }

  /** It keeps two things apart that nobody has. */
  private static String dutyRule(List<String> names, String owner) {
    return create(
        "ciso",
        "access",
        "/v1/duty-rules",
        Map.of(
            "name",
            unique(names.get(0)),
            "explanation",
            names.get(1),
            "sides",
            List.of(
                side(names.get(0), Access.entitlement(names.get(0), owner)),
                side(names.get(1), Access.entitlement(names.get(1), owner))),
            "scope",
            "ANYWHERE",
            "mode",
            "RECORD"));
  }

  private static Map<String, Object> side(String name, String entitlement) {
    return Map.of("name", name, "entitlements", List.of(entitlement));
  }

  /** Excepted ahead, as nobody is in one. */
  private static void conflict(String rule, String person, String reason) {
    create(
        "ciso",
        "access",
        "/v1/duty-conflicts",
        Map.of(
            "rule",
            rule,
            "person",
            person,
            "exception",
            Map.of("reason", reason, "compensatingControl", reason, "until", inDays(30))));
  }

  private static void badge(String person) {
    create(
        "access-manager",
        "access",
        "/v1/badges",
        Map.of("number", unique("exhibit"), "person", person));
  }

  /** For what its zone is there for. */
  private static void visit(List<String> names, String zone, String host) {
    create(
        "access-manager",
        "access",
        "/v1/visits",
        Map.of(
            "visitorKind",
            "VISITOR",
            "visitor",
            names.get(1),
            "company",
            names.get(2),
            "host",
            host,
            "zones",
            List.of(zone),
            "purpose",
            names.get(0),
            "plannedFrom",
            inDays(1),
            "plannedUntil",
            inDays(2)));
  }

  private static void inspection(String found, String zone, String assignee) {
    create(
        "access-manager",
        "access",
        "/v1/inspections",
        Map.of(
            "zone",
            zone,
            "inspectedOn",
            today().toString(),
            "findings",
            List.of(
                Map.of(
                    "category",
                    "SCREEN_UNLOCKED",
                    "description",
                    found,
                    "assignee",
                    assignee,
                    "dueOn",
                    today().plusDays(7).toString()))));
  }

  /** In an exercise. */
  private static void checklist(String playbook) {
    create("responder", "incident", "/v1/playbook-runs", Map.of("playbook", playbook));
  }

  /** In an hour of years ahead: no two are on call at a time, whoever had these tests before. */
  private static void shift() {
    Instant from =
        Instant.now().plus(Duration.ofHours(ThreadLocalRandom.current().nextInt(8_760, 87_600)));
    create(
        "responder",
        "incident",
        "/v1/rota",
        Map.of(
            "person",
            SOMEBODY,
            "from",
            from.toString(),
            "until",
            from.plus(Duration.ofHours(1)).toString()));
  }

  private static String inDays(int days) {
    return Instant.now().plus(Duration.ofDays(days)).toString();
  }

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  private static String client(List<String> names) {
    return create(
        "access-manager",
        "access",
        "/v1/clients",
        Map.of(
            "name",
            unique(names.get(0)),
            "contract",
            Map.of("reference", names.get(1), "startsOn", "2026-01-01", "file", CONTRACT),
            "data",
            List.of(),
            "notificationDelayHours",
            48,
            "contact",
            Map.of("name", names.get(2), "email", "contact@client.example")));
  }

  /** A course that is for nobody: what others have to learn stays as it is. */
  private static void course(List<String> names) {
    create(
        "access-manager",
        "access",
        "/v1/courses",
        Map.of(
            "code",
            unique("exhibit"),
            "titleFr",
            names.get(0),
            "titleEn",
            names.get(1),
            "rules",
            List.of("R2.3"),
            "audience",
            Map.of("everyone", false, "profiles", List.of(unique(names.get(2)))),
            "content",
            Map.of("reference", names.get(2), "version", names.get(0)),
            "firstWithinDays",
            30,
            "validityMonths",
            12,
            "remindDays",
            30,
            "selfStudy",
            true));
  }

  private static String profile(List<String> names) {
    return create(
        "access-manager",
        "access",
        "/v1/business-profiles",
        Map.of(
            "name", unique(names.get(0)), "description", names.get(1), "entitlements", List.of()));
  }

  private static String zone(String name, String site) {
    return create(
        "access-manager",
        "access",
        "/v1/physical-zones",
        Map.of(
            "name",
            unique(name),
            "site",
            site,
            "sensitivity",
            "NORMAL",
            "purposes",
            List.of(name),
            "doors",
            List.of()));
  }

  private static void key(String zone) {
    create(
        "access-manager",
        "access",
        "/v1/keys",
        Map.of("code", unique("exhibit"), "copy", 1, "zones", List.of(zone)));
  }

  /** The one of its category, in force: where these tests were before, it is there. */
  private static String playbook(List<String> names) {
    Platform.as("responder", "incident")
        .body(Map.of("category", "TEST", "title", names.get(0), "steps", names.subList(0, 3)))
        .post("/v1/playbooks")
        .then()
        .statusCode(oneOf(201, 409));
    Response known = Platform.as("responder", "incident").get("/v1/playbooks?category=TEST");
    String playbook = known.path("items[0].id");
    if (known.path("items[0].inForce") == null) {
      Exhibits.done("ciso", "incident", "/v1/playbooks/" + playbook + "/approval");
    }
    return playbook;
  }

  /** Of a job that has a week to call: no alert comes of it. */
  private static void monitor(String name, String asset) {
    create(
        "sysadmin",
        "incident",
        "/v1/monitors",
        Map.of(
            "asset",
            asset,
            "name",
            name,
            "type",
            "HEARTBEAT",
            "target",
            Map.of("graceSeconds", 604_800)));
  }

  /** Of alerts that nobody sends. */
  private static void silence(List<String> names) {
    create(
        "responder",
        "incident",
        "/v1/silences",
        Map.of(
            "matchers",
            List.of(Map.of("label", "instance", "is", "EQUAL", "value", names.get(0))),
            "reason",
            names.get(1),
            "endsAt",
            Instant.now().plusSeconds(86_400).toString()));
  }

  /** Where there are no two of one name: the platform may have had these tests before. */
  private static String unique(String name) {
    return name + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static String document(List<String> names, String person) {
    return create(
        "asset-manager",
        "asset",
        "/v1/documents",
        Map.of(
            "titleFr",
            names.get(0),
            "titleEn",
            names.get(1),
            "kind",
            "PROCEDURE",
            "owner",
            person,
            "rules",
            List.of("R13.1"),
            "audience",
            Map.of("everyone", true, "profiles", List.of()),
            "reviewMonths",
            12));
  }

  private static String task(String title, String incident) {
    return Platform.as("responder", "incident")
        .header("If-Match", "*")
        .body(
            Map.of(
                "title",
                title,
                "assignee",
                SOMEBODY,
                "dueAt",
                Instant.now().plusSeconds(86_400).toString()))
        .post("/v1/incidents/" + incident + "/tasks")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }
}
