package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The policy is audited: the auditor asks for evidence, which is given and accepted; what is found
 * is accepted, and the audit closes. Another one is cancelled.
 */
final class AuditJourney implements Journey {

  private static final String CISO = "ciso";
  private static final String AUDITOR = "auditor";

  /** As the realm has it. */
  private static final String AUDITOR_ID = "5e1f0000-0000-4000-8000-000000000007";

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
    evidence(client, audit.id(), subject, now);
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

  private static void evidence(Client client, String audit, String subject, Instant now)
      throws Client.GaveUp {
    Client.Done asked =
        client.act(
            AUDITOR,
            SERVICE,
            "/v1/evidence-requests",
            Map.of(
                "audit",
                audit,
                "rule",
                "R4.6",
                "text",
                "chaos",
                "dueAt",
                now.plus(Duration.ofDays(200)).toString()),
            null,
            Write.to(subject, "control-audit.evidence-asked.v1"));
    String path = "/v1/evidence-requests/" + asked.id();
    Client.Done answered =
        client.act(
            CISO,
            SERVICE,
            path + "/answer",
            Map.of("answer", "chaos", "entries", List.of(), "objects", List.of(subject)),
            asked.version(),
            Write.to(subject, "control-audit.evidence-answered.v1"));
    client.act(
        AUDITOR,
        SERVICE,
        path + "/review",
        Map.of("accepted", true),
        answered.version(),
        Write.to(subject, "control-audit.evidence-reviewed.v1"));
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
            AUDITOR_ID,
            // Clocks of services are moved, but not that far.
            "periodFrom",
            now.minus(Duration.ofDays(100)).toString(),
            "periodUntil",
            now.plus(Duration.ofDays(200)).toString()),
        Write.marked("control-audit.planned.v1", name));
  }
}
