package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The policy is audited, what is found is accepted, and the audit closes; another is cancelled. */
final class AuditJourney implements Journey {

  private static final String CISO = "ciso";
  private static final String SERVICE = "audit";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Instant now = Instant.now();
    Client.Done audit = planned(client, now);
    String path = "/v1/audits/" + audit.id();
    String subject = "control-audit/" + audit.id();
    client.act(
        CISO,
        SERVICE,
        path + "/opening",
        null,
        audit.version(),
        Write.to(subject, "control-audit.begun.v1"));
    Client.Done finding =
        client.act(
            CISO,
            SERVICE,
            "/v1/audit-findings",
            Map.of(
                "audit",
                audit.id(),
                "reference",
                "1",
                "rule",
                "R4.6",
                "severity",
                "MINOR",
                "text",
                "chaos",
                "owner",
                "chaos",
                "dueAt",
                now.plus(Duration.ofDays(200)).toString()),
            null,
            Write.to(subject, "control-audit.finding-raised.v1"));
    client.act(
        CISO,
        SERVICE,
        "/v1/audit-findings/" + finding.id() + "/acceptance",
        Map.of("reason", "chaos"),
        finding.version(),
        Write.to(subject, "control-audit.finding-accepted.v1"));
    Client.Done settled = client.look(CISO, SERVICE, path);
    client.act(
        CISO,
        SERVICE,
        path + "/closure",
        null,
        settled.version(),
        Write.to(subject, "control-audit.closed.v1"));
    Client.Done other = planned(client, now);
    client.act(
        CISO,
        SERVICE,
        "/v1/audits/" + other.id() + "/cancellation",
        Map.of("reason", "chaos"),
        other.version(),
        Write.to("control-audit/" + other.id(), "control-audit.cancelled.v1"));
  }

  private static Client.Done planned(Client client, Instant now) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    return client.create(
        CISO,
        SERVICE,
        "/v1/audits",
        "control-audit",
        Map.of(
            "title",
            name,
            "kind",
            "INTERNAL",
            "rules",
            List.of("R4.6"),
            "clients",
            List.of(),
            "auditor",
            "chaos",
            // Clocks of services are moved, but not that far.
            "periodFrom",
            now.minus(Duration.ofDays(100)).toString(),
            "periodUntil",
            now.plus(Duration.ofDays(200)).toString()),
        Write.marked("control-audit.planned.v1", name));
  }
}
