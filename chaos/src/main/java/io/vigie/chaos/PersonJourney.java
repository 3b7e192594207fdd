package io.vigie.chaos;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody joins, asks for a right, owns assets perhaps, answers for a program, and leaves; or
 * stays, and the program ends.
 */
final class PersonJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  private final AssetJourney assets;

  PersonJourney(AssetJourney assets) {
    this.assets = assets;
  }

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Client.Done person = join(client);
    if (client.random().nextInt(4) > 0) {
      // Or more would join than the directory can follow, and others would wait for it in vain.
      AccountJourney.account(client, person.id());
    }
    boolean leaves = client.random().nextDouble() < 0.5;
    if (leaves) {
      assets.employ(person.id());
    }
    right(client, person.id());
    Client.Done program = program(client, person.id());
    if (leaves) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/people/" + person.id() + "/departure",
          Map.of(),
          // Which changes once the directory has made the account.
          client.look(MANAGER, SERVICE, "/v1/people/" + person.id()).version(),
          Write.to("person/" + person.id(), "person.left.v1"));
      client.follows(Write.to("service-account/" + program.id(), "service-account.orphaned.v1"));
    } else {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/service-accounts/" + program.id() + "/end",
          Map.of("reason", "replaced"),
          program.version(),
          Write.to("service-account/" + program.id(), "service-account.ended.v1"));
    }
  }

  /** Somebody whom nobody else knows, here for a month. */
  static Client.Done join(Client client) throws Client.GaveUp {
    return join(client, Map.of());
  }

  /** The same under a manager. */
  static Client.Done joinUnder(Client client, String manager) throws Client.GaveUp {
    return join(client, Map.of("manager", manager));
  }

  private static Client.Done join(Client client, Map<String, Object> more) throws Client.GaveUp {
    String mark = UUID.randomUUID().toString();
    Map<String, Object> details = new HashMap<>(more);
    details.put("givenName", "Ada");
    // Nobody has a namesake, for whom the directory would be searched name by name.
    details.put("familyName", mark);
    details.put("email", mark + "@vigie.example");
    details.put("businessProfile", mark);
    details.put("joinedOn", LocalDate.now(ZoneOffset.UTC).minusDays(30).toString());
    return client.create(
        MANAGER, SERVICE, "/v1/people", "person", details, Write.marked("person.joined.v1", mark));
  }

  /** Something that can be had, of which this person is the owner; returns its id. */
  static String entitlement(Client client, String owner, String name) throws Client.GaveUp {
    return entitlement(client, name, terms(owner));
  }

  /** The same, which is a role in the directory. */
  static String role(Client client, String owner, String name, String role) throws Client.GaveUp {
    Map<String, Object> terms = new HashMap<>(terms(owner));
    terms.put("directory", Map.of("kind", "ROLE", "name", role));
    return entitlement(client, name, terms);
  }

  /** The same, for which who leads a person and somebody else answer. */
  static String sensitive(Client client, String owner, String name) throws Client.GaveUp {
    Map<String, Object> terms = new HashMap<>(terms(owner));
    terms.put("sensitivity", "SENSITIVE");
    return entitlement(client, name, terms);
  }

  /** The same, which lets somebody enter a zone of the premises. */
  static String entrance(Client client, String owner, String name, String zone)
      throws Client.GaveUp {
    return entitlement(client, name, zone, "PHYSICAL_ZONE", terms(owner));
  }

  private static Map<String, Object> terms(String owner) {
    return Map.of("owner", owner, "sensitivity", "NORMAL", "longest", "P30D");
  }

  private static String entitlement(Client client, String name, Map<String, Object> terms)
      throws Client.GaveUp {
    return entitlement(client, name, UUID.randomUUID().toString(), "APPLICATION_ROLE", terms);
  }

  private static String entitlement(
      Client client, String name, String asset, String type, Map<String, Object> terms)
      throws Client.GaveUp {
    return client
        .create(
            MANAGER,
            SERVICE,
            "/v1/entitlements",
            "entitlement",
            Map.of("asset", asset, "name", name, "type", type, "terms", terms),
            Write.marked("entitlement.created.v1", name))
        .id();
  }

  private static Client.Done program(Client client, String responsible) throws Client.GaveUp {
    String subject = UUID.randomUUID().toString();
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/service-accounts",
        "service-account",
        Map.of("subject", subject, "name", subject, "purpose", "chaos", "responsible", responsible),
        Write.marked("service-account.registered.v1", subject));
  }

  private static void right(Client client, String person) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    String entitlement = entitlement(client, person, name);
    Client.Done right =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/rights",
            "right",
            Map.of("person", person, "entitlement", entitlement, "reason", "for a while"),
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
