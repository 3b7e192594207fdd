package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

/** Evidence of an incident is taken in, checked, and handed over perhaps. */
final class EvidenceJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String content = "From: chaos " + UUID.randomUUID();
    Client.Done file =
        client.create(
            RESPONDER,
            SERVICE,
            "/v1/incidents/" + IncidentJourney.open(client).id() + "/attachments?name=mail.txt",
            "attachment",
            new Api.Document("application/octet-stream", content),
            Write.marked("attachment.added.v1", ScanJourney.sha256(content)));
    String path = "/v1/attachments/" + file.id();
    String subject = "attachment/" + file.id();
    Client.Done checked =
        client.act(
            RESPONDER,
            SERVICE,
            path + "/check",
            null,
            file.version(),
            Write.to(subject, "attachment.verified.v1"));
    if (client.random().nextBoolean()) {
      client.act(
          RESPONDER,
          SERVICE,
          path + "/hand-over",
          Map.of("to", UUID.randomUUID().toString(), "purpose", "ANALYSIS", "reason", "chaos"),
          checked.version(),
          Write.to(subject, "attachment.handed-over.v1"));
    }
  }
}
