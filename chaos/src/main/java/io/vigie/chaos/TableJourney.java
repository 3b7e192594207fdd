package io.vigie.chaos;

import java.util.UUID;

/**
 * A table of two servers is taken into the register, and once more with another model for one of
 * them. Then one comes in which a row is wrong, of which nothing is taken.
 */
final class TableJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";
  private static final String IMPORT = "/v1/assets/import";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String one = UUID.randomUUID().toString();
    String other = UUID.randomUUID().toString();
    take(
        client,
        table(row(one, "SERVER", "old"), row(other, "SERVER", "old")),
        Write.marked("asset.registered.v1", one));
    client.follows(Write.marked("asset.registered.v1", other));
    String model = UUID.randomUUID().toString();
    take(
        client,
        table(row(one, "SERVER", model), row(other, "SERVER", "old")),
        Write.marked("asset.described.v1", model));
    String never = UUID.randomUUID().toString();
    client.inVain(
        MANAGER,
        "POST",
        SERVICE,
        IMPORT,
        table(row(never, "SERVER", "old"), row(UUID.randomUUID().toString(), "TELEPATH", "old")),
        Write.marked("asset.registered.v1", never));
  }

  private static void take(Client client, Api.Document table, Write write) throws Client.GaveUp {
    client.act(MANAGER, SERVICE, IMPORT, table, null, write);
  }

  private static Api.Document table(String... rows) {
    return new Api.Document(
        "text/csv", "name,kind,serialNumber,model\r\n" + String.join("\r\n", rows));
  }

  private static String row(String serialNumber, String kind, String model) {
    return String.join(",", "chaos", kind, serialNumber, model);
  }
}
