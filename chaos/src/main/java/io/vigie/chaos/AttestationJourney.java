package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

/** The CISO attests a rule anew that no machine can decide, and withdraws that now and then. */
final class AttestationJourney implements Journey {

  private static final String CISO = "ciso";
  private static final String SERVICE = "audit";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String rule = client.random().nextBoolean() ? "R10.4" : "R15.2";
    String path = "/v1/controls/" + rule + "/attestations";
    String statement = UUID.randomUUID().toString();
    Client.Done given =
        client.create(
            CISO,
            SERVICE,
            path,
            "control-attestation",
            Map.of("basis", "chaos", "statement", statement),
            Write.marked(
                "control-attestation.given.v1", ScanJourney.sha256("chaos\n" + statement)));
    if (client.random().nextBoolean()) {
      client.act(
          CISO,
          SERVICE,
          path + "/" + given.id() + "/withdrawal",
          Map.of("reason", "chaos"),
          given.version(),
          Write.to("control-attestation/" + given.id(), "control-attestation.ended.v1"));
    }
  }
}
