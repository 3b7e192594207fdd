package io.vigie.chaos;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/** The CISO says of some rule that its control is still right; the next time is planned. */
final class ReevaluationJourney implements Journey {

  private static final String CISO = "ciso";
  private static final String SERVICE = "audit";
  private static final String PATH = "/v1/re-evaluations";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    JsonNode open = client.await(CISO, SERVICE, PATH + "?stage=OPEN&limit=200", 1);
    String id = open.path(client.random().nextInt(open.size())).path("id").asText();
    Client.Done asked = client.look(CISO, SERVICE, PATH + "/" + id);
    client.act(
        CISO,
        SERVICE,
        PATH + "/" + id + "/answer",
        Map.of(
            "threats", "chaos",
            "risks", "chaos",
            "law", "chaos",
            "scope", "chaos",
            "decision", "KEPT",
            "reason", "chaos"),
        asked.version(),
        Write.to("re-evaluation/" + id, "re-evaluation.answered.v1"));
  }
}
