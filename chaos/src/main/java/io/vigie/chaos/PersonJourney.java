package io.vigie.chaos;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;

/** Somebody joins, gets a right that another account approves, owns assets perhaps, and leaves. */
final class PersonJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  private final AssetJourney assets;

  PersonJourney(AssetJourney assets) {
    this.assets = assets;
  }

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String mark = UUID.randomUUID().toString();
    Client.Done person =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/people",
            "person",
            Map.of(
                "givenName",
                "Ada",
                "familyName",
                "Chaos",
                "email",
                mark + "@vigie.example",
                "businessProfile",
                mark,
                "joinedOn",
                LocalDate.now(ZoneOffset.UTC).minusDays(30).toString()),
            Write.marked("person.joined.v1", mark));
    boolean leaves = client.random().nextDouble() < 0.5;
    if (leaves) {
      assets.employ(person.id());
    }
    right(client, person.id());
    if (leaves) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/people/" + person.id() + "/departure",
          Map.of(),
          person.version(),
          Write.to("person/" + person.id(), "person.left.v1"));
    }
  }

  private static void right(Client client, String person) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    Client.Done entitlement =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/entitlements",
            "entitlement",
            Map.of(
                "asset",
                UUID.randomUUID().toString(),
                "name",
                name,
                "type",
                "APPLICATION_ROLE",
                "terms",
                Map.of("owner", person, "sensitivity", "NORMAL", "longest", "P30D")),
            Write.marked("entitlement.created.v1", name));
    Client.Done right =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/rights",
            "right",
            Map.of("person", person, "entitlement", entitlement.id(), "reason", "for a while"),
            Write.marked("right.requested.v1", name));
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/rights/" + right.id() + "/withdrawal",
          null,
          right.version(),
          Write.to("right/" + right.id(), "right.withdrawn.v1"));
    }
  }
}
