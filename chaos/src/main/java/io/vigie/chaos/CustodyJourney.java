package io.vigie.chaos;

import java.util.Map;

/**
 * A laptop is handed to somebody, who signs for it and perhaps brings it back. Or somebody else
 * tries to sign, and the hand-over is called off.
 */
final class CustodyJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Team.Member member = Team.joinAlone(client);
    Client.Done laptop = AssetJourney.register(client, AssetJourney.details("LAPTOP"));
    Client.Done handed =
        act(client, MANAGER, laptop, "handover", Map.of("to", member.id()), "handed-over");
    if (client.random().nextDouble() < 0.3) {
      client.inVain(
          "staff",
          "POST",
          SERVICE,
          "/v1/assets/" + laptop.id() + "/handover/signature",
          null,
          Write.to("asset/" + laptop.id(), "asset.handover-signed.v1"));
      takeBack(client, handed);
      return;
    }
    client.await(member.account(), SERVICE, "/v1/tasks", 1); // once it has heard of the account
    Client.Done signed =
        act(client, member.account(), handed, "handover/signature", null, "handover-signed");
    if (client.random().nextBoolean()) {
      takeBack(client, signed);
    }
  }

  private static void takeBack(Client client, Client.Done asset) throws Client.GaveUp {
    act(client, MANAGER, asset, "return", null, "taken-back");
  }

  private static Client.Done act(
      Client client, String account, Client.Done asset, String step, Object body, String event)
      throws Client.GaveUp {
    return client.act(
        account,
        SERVICE,
        "/v1/assets/" + asset.id() + "/" + step,
        body,
        asset.version(),
        Write.to("asset/" + asset.id(), "asset." + event + ".v1"));
  }
}
