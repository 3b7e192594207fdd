package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is done about an incident beside its steps: a task, another report of the same, the
 * notifications that it asks for, its playbook with a lesson that the CISO sees to; and in the end
 * it turns out to be the same as another one.
 */
final class ResponseJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String CISO = "ciso";
  private static final String SERVICE = "incident";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String playbook = playbook(client);
    Client.Done incident = IncidentJourney.open(client);
    String path = "/v1/incidents/" + incident.id();
    String subject = "incident/" + incident.id();
    String version = task(client, path, subject, incident.version());
    version = merge(client, incident.id(), path, subject, version);
    version = notify(client, path, subject, version);
    checklist(client, playbook, incident.id());
    String other = IncidentJourney.open(client).id();
    client.act(
        RESPONDER,
        SERVICE,
        path + "/merge",
        Map.of("into", other, "note", "the same"),
        version,
        Write.to(subject, "incident.merged.v1"));
  }

  /** The approved playbook of one step; there is one, so it is not accounted for. */
  private static String playbook(Client client) throws Client.GaveUp {
    String playbooks = "/v1/playbooks";
    JsonNode known =
        client.look(RESPONDER, SERVICE, playbooks + "?category=TEST").body().path("items").path(0);
    if (known.isMissingNode()) {
      known =
          client
              .repeat(
                  RESPONDER,
                  "POST",
                  SERVICE,
                  playbooks,
                  Map.of("category", "TEST", "title", "chaos", "steps", List.of("Call")))
              .body();
    }
    String id = known.path("id").asText();
    if (!known.path("inForce").isInt()) {
      client.repeat(CISO, "POST", SERVICE, playbooks + "/" + id + "/approval", null, "*");
    }
    return id;
  }

  private static String task(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    Client.Done task =
        client.act(
            RESPONDER,
            SERVICE,
            path + "/tasks",
            Map.of(
                "title",
                "chaos",
                "assignee",
                UUID.randomUUID().toString(),
                "dueAt",
                Instant.now().plus(Duration.ofDays(7)).toString()),
            version,
            Write.to(subject, "incident.task-added.v1"));
    return client
        .act(
            RESPONDER,
            SERVICE,
            path + "/tasks/" + task.id() + "/completion",
            null,
            task.version(),
            Write.to(subject, "incident.task-done.v1"))
        .version();
  }

  /** Somebody else has reported it too. */
  private static String merge(
      Client client, String incident, String path, String subject, String version)
      throws Client.GaveUp {
    Client.Done event = IncidentJourney.report(client);
    client.act(
        RESPONDER,
        SERVICE,
        "/v1/security-events/" + event.id() + "/merge",
        Map.of("into", incident, "note", "the same"),
        event.version(),
        Write.to("security-event/" + event.id(), "security-event.merged.v1"));
    client.follows(Write.to(subject, "incident.noted.v1"));
    return client.look(RESPONDER, SERVICE, path).version();
  }

  /** The management is told, and has no account of it by the CISO's decision. */
  private static String notify(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    Client.Done classified =
        client.act(
            RESPONDER,
            SERVICE,
            path + "/classification",
            Map.of(
                "regimes", List.of("agency"), "awareAt", Instant.now().minusSeconds(60).toString()),
            version,
            Write.to(subject, "incident.classified.v1"));
    JsonNode clock = classified.body().path("clocks").path(0);
    end(client, clock, RESPONDER, "notification", Map.of("reference", "C-1"), "notified");
    String running =
        "/v1/notification-clocks?state=RUNNING&incident="
            + classified.body().path("incident").asText();
    JsonNode account = client.await(RESPONDER, SERVICE, running, 1).path(0);
    end(client, account, CISO, "non-notification", Map.of("reason", "none"), "not-notified");
    return classified.version();
  }

  private static void end(
      Client client, JsonNode clock, String account, String how, Object body, String event)
      throws Client.GaveUp {
    String id = clock.path("id").asText();
    String subject = "notification-clock/" + id;
    client.follows(Write.to(subject, "notification-clock.started.v1"));
    client.act(
        account,
        SERVICE,
        "/v1/notification-clocks/" + id + "/" + how,
        body,
        "\"" + clock.path("version").asText() + "\"",
        Write.to(subject, "notification-clock." + event + ".v1"));
  }

  private static void checklist(Client client, String playbook, String incident)
      throws Client.GaveUp {
    Client.Done run =
        client.create(
            RESPONDER,
            SERVICE,
            "/v1/playbook-runs",
            "playbook-run",
            Map.of("playbook", playbook, "incident", incident),
            Write.marked("playbook-run.begun.v1", incident));
    String path = "/v1/playbook-runs/" + run.id();
    String subject = "playbook-run/" + run.id();
    Client.Done learnt =
        client.act(
            RESPONDER,
            SERVICE,
            path + "/lessons",
            Map.of(
                "text",
                "chaos",
                "owner",
                UUID.randomUUID().toString(),
                "dueAt",
                Instant.now().plus(Duration.ofDays(7)).toString()),
            run.version(),
            Write.to(subject, "playbook-run.lesson-learnt.v1"));
    client.act(
        RESPONDER,
        SERVICE,
        path + "/steps",
        Map.of("step", 1, "outcome", "DONE"),
        learnt.version(),
        Write.to(subject, "playbook-run.step-settled.v1"));
    client.follows(Write.to(subject, "playbook-run.completed.v1"));
    String lessons = path + "/lessons";
    String lesson =
        client.look(CISO, SERVICE, lessons).body().path("items").path(0).path("id").asText();
    client.act(
        CISO,
        SERVICE,
        lessons + "/" + lesson + "/follow-up",
        Map.of("outcome", "chaos"),
        null,
        Write.to(subject, "playbook-run.lesson-followed-up.v1"));
  }
}
