package io.vigie.system;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static io.vigie.system.Platform.create;
import static org.hamcrest.Matchers.oneOf;

/**
 * What is written down to be worked by, and worked, with hostile names. Each that a test opens is
 * there by its id.
 *
 * @param task of the incident
 * @param plan of {@code function}, which waits for approval
 */
record Procedures(String document, String task, String function, String plan) {

  private static final String SOMEBODY = "5e1f0000-0000-4000-8000-000000000007";

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
    client(names);
    course(names);
    profile(names);
    key(zone(names.get(0), asset));
    playbook(names);
    monitor(names.get(1), asset);
    silence(names);
    String function =
        create(
            "sysadmin",
            "backup",
            "/v1/critical-functions",
            Map.of("name", names.get(0), "owner", SOMEBODY, "description", names.get(1)));
    return new Procedures(
        document(names, person),
        task(names.get(2), incident),
        function,
        create(
            "sysadmin",
            "backup",
            "/v1/continuity-plans",
            Map.of(
                "criticalFunction",
                function,
                "title",
                names.get(2),
                "procedure",
                Map.of("rtoSeconds", 3_600, "rpoSeconds", 3_600, "steps", names.subList(0, 3)))));
  }

  private static void client(List<String> names) {
    create(
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

  private static void profile(List<String> names) {
    create(
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

  /** The one of its category: where these tests were before, it is there. */
  private static void playbook(List<String> names) {
    Platform.as("responder", "incident")
        .body(Map.of("category", "TEST", "title", names.get(0), "steps", names.subList(0, 3)))
        .post("/v1/playbooks")
        .then()
        .statusCode(oneOf(201, 409));
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
