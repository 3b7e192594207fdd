package io.vigie.system;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import static io.vigie.system.Platform.create;

/**
 * What is written down to be worked by, and worked, with hostile names. Each is there by its id.
 *
 * @param task of the incident
 * @param plan of {@code function}, which waits for approval
 */
record Procedures(String document, String task, String function, String plan) {

  private static final String SOMEBODY = "5e1f0000-0000-4000-8000-000000000007";

  /**
   * Makes them.
   *
   * @param names three that are hostile, or more
   * @param person who looks, and owns the document
   */
  static Procedures make(List<String> names, String person, String incident) {
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
