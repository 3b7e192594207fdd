package io.vigie.stack;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Caller.Answer;

/** A {@link Company} in incident-service: what people report, what becomes of it, alerts. */
final class CompanyIncidents {
  private static final List<String> STEPS =
      List.of(
          "triage", "investigation", "containment", "eradication", "recovery", "review", "closure");

  private final CompanySeed seed;
  private final Caller responder;

  CompanyIncidents(CompanySeed seed) {
    this.seed = seed;
    responder = seed.accounts().responder;
  }

  void seed() throws IOException, InterruptedException {
    List<Crew.Work> works = new ArrayList<>();
    for (Company.Part part : seed.company().parts()) {
      part.events().forEach(event -> works.add(() -> event(event)));
      part.alerts().forEach(alert -> works.add(() -> alert(alert)));
    }
    seed.crew().together(works);
  }

  private Instant hoursAgo(int hours) {
    return seed.now().minus(Duration.ofHours(hours));
  }

  private void event(Company.Event event) throws IOException {
    Map<String, Object> report = new HashMap<>();
    report.put("title", event.title());
    report.put("description", event.description());
    report.put("category", event.category());
    report.put("occurredAt", hoursAgo(event.hoursAgo()).toString());
    report.put("noticedAt", hoursAgo(event.noticedHoursAgo()).toString());
    if (event.asset() != null) {
      report.put("asset", seed.id("asset", event.asset()));
    }
    Answer reported =
        seed.accounts().staff.postOnceKnown("incident", "/v1/security-events", report);
    String path = "/v1/security-events/" + reported.id();
    if (event.dismissed() != null) {
      responder.post(
          "incident", path + "/dismissal", Map.of("reason", event.dismissed()), reported.version());
    } else if (event.incident() != null) {
      Company.Incident incident = event.incident();
      Answer opened =
          responder.post(
              "incident",
              path + "/promotion",
              Map.of(
                  "category", event.category(),
                  "impact", incident.impact(),
                  "urgency", incident.urgency(),
                  "tlp", incident.tlp()),
              reported.version());
      work(incident, opened);
    }
    seed.progress().step();
  }

  /** Takes it as far as it came; its lessons are there before it is closed. */
  private void work(Company.Incident incident, Answer opened) throws IOException {
    String path = "/v1/incidents/" + opened.id();
    String version =
        responder
            .put(
                "incident",
                path + "/assignee",
                Map.of("assignee", responder.subject()),
                opened.version())
            .version();
    for (String step : STEPS.subList(0, STEPS.indexOf(incident.until()) + 1)) {
      if (step.equals("closure")) {
        version = learn(path, incident.lessons(), version);
      }
      version =
          post(
                  path + "/" + step,
                  Map.of("note", "Done by the team on duty: " + step + "."),
                  version)
              .version();
    }
    if (!incident.until().equals("closure")) {
      for (String lesson : incident.lessons()) {
        version = lesson(path, lesson, version).version();
      }
    }
  }

  /** Nothing is closed while a lesson of it is to be done. */
  private String learn(String path, List<String> lessons, String version) throws IOException {
    String current = version;
    for (String lesson : lessons) {
      Answer task = lesson(path, lesson, current);
      current = post(path + "/tasks/" + task.id() + "/completion", null, task.version()).version();
    }
    return current;
  }

  private Answer lesson(String path, String title, String version) throws IOException {
    return post(
        path + "/tasks",
        Map.of(
            "kind",
            "LESSON",
            "title",
            title,
            "assignee",
            responder.subject(),
            "dueAt",
            seed.now().plus(Duration.ofDays(30)).toString()),
        version);
  }

  private Answer post(String path, Object body, String version) throws IOException {
    return responder.post("incident", path, body, version);
  }

  private void alert(Company.Signal signal) throws IOException {
    seed.accounts()
        .tool
        .post(
            "incident",
            "/v1/alerts",
            Map.of(
                "source",
                signal.source(),
                "rule",
                signal.rule(),
                "severity",
                signal.severity(),
                "summary",
                signal.summary(),
                "asset",
                seed.id("asset", signal.asset()),
                "startsAt",
                hoursAgo(signal.hoursAgo()).toString()));
    JsonNode alert =
        responder
            .list(
                "incident",
                "/v1/alerts?rule=%s&asset=%s"
                    .formatted(signal.rule(), seed.id("asset", signal.asset())))
            .get(0);
    String path = "/v1/alerts/" + alert.path("id").asText();
    String version = "\"" + alert.path("version").asText() + "\"";
    if (signal.acknowledged() != null) {
      version =
          responder
              .post(
                  "incident",
                  path + "/acknowledgement",
                  Map.of("note", signal.acknowledged()),
                  version)
              .version();
    }
    if (signal.resolved() != null) {
      responder.post("incident", path + "/resolution", Map.of("note", signal.resolved()), version);
    }
    seed.progress().step();
  }
}
