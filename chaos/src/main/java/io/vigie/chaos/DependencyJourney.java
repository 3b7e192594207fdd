package io.vigie.chaos;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.TextNode;

/**
 * A server at a site is placed in a zone, and an application that needs it makes it as sensitive as
 * itself; the server cannot need the application. The application depends on a supplier, too.
 * Perhaps it moves to another server.
 */
final class DependencyJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String server = server(client);
    Client.Done application = AssetJourney.register(client, AssetJourney.details("APPLICATION"));
    String path = "/v1/assets/" + application.id();
    String subject = "asset/" + application.id();
    String classified = AssetJourney.classify(client, path, subject, application.version());
    String relied = relyOn(client, application.id(), classified);
    String version = need(client, application.id(), server, relied);
    client.inVain(
        MANAGER,
        "PUT",
        SERVICE,
        "/v1/assets/" + server + "/dependencies",
        Map.of("dependsOn", List.of(application.id())),
        Write.to("asset/" + server, "asset.dependencies-changed.v1"));
    if (client.random().nextBoolean()) {
      inherits(client, server);
    } else {
      String other = server(client);
      need(client, application.id(), other, version);
      inherits(client, other);
    }
  }

  private static String server(Client client) throws Client.GaveUp {
    Map<String, Object> details = AssetJourney.details("SERVER");
    details.put("site", AssetJourney.register(client, AssetJourney.details("PREMISES")).id());
    Client.Done server = AssetJourney.register(client, details);
    String zone = NetworkJourney.zone(client, "HOSTING").id();
    client.replace(
        MANAGER,
        SERVICE,
        "/v1/assets/" + server.id(),
        "zone",
        TextNode.valueOf(zone),
        Map.of("zone", zone),
        server.version(),
        Write.to("asset/" + server.id(), "asset.placed.v1"));
    return server.id();
  }

  private static String relyOn(Client client, String application, String version)
      throws Client.GaveUp {
    String supplier = SupplierJourney.propose(client).id();
    return client
        .put(
            MANAGER,
            SERVICE,
            "/v1/assets/" + application + "/dependencies",
            Map.of("dependsOn", List.of(), "dependsOnSuppliers", List.of(supplier)),
            version,
            Write.to("asset/" + application, "asset.dependencies-changed.v1", supplier))
        .version();
  }

  private static String need(Client client, String application, String server, String version)
      throws Client.GaveUp {
    return client
        .put(
            MANAGER,
            SERVICE,
            "/v1/assets/" + application + "/dependencies",
            Map.of("dependsOn", List.of(server)),
            version,
            Write.to("asset/" + application, "asset.dependencies-changed.v1", server))
        .version();
  }

  /** Of what is not needed any more that is said twice. */
  private static void inherits(Client client, String server) {
    client.follows(Write.to("asset/" + server, "asset.levels-inherited.v1"));
  }
}
