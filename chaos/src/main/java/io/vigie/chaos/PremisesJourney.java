package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A zone that somebody may enter by a profile, a key to it that is lost, found and handed out to
 * them, a badge that is lost and replaced, what the zone's door tells of it and of one that nobody
 * issued, a visit that is put off, and a round whose finding is set right. Then its people may
 * leave, badge and all.
 */
final class PremisesJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String zone = zone(client);
    Client.Done person = PersonJourney.join(client);
    admit(client, zone, person.id());
    key(client, zone, person.id());
    String number = UUID.randomUUID().toString();
    String badge = badge(client, person.id(), number);
    pass(client, zone, number);
    visit(client, zone, person.id());
    inspect(client, zone, person.id());
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/people/" + person.id() + "/departure",
          Map.of(),
          // Which changes once the directory has made the account.
          client.look(MANAGER, SERVICE, "/v1/people/" + person.id()).version(),
          Write.to("person/" + person.id(), "person.left.v1"));
      client.follows(Write.to(badge, "badge.revoked.v1"));
    }
  }

  static String zone(Client client) throws Client.GaveUp {
    String site = UUID.randomUUID().toString();
    return client
        .create(
            MANAGER,
            SERVICE,
            "/v1/physical-zones",
            "physical-zone",
            Map.of(
                "name",
                "Chaos",
                "site",
                site,
                "sensitivity",
                "SENSITIVE",
                "purposes",
                List.of(),
                "doors",
                List.of(site)),
            Write.marked("physical-zone.defined.v1", site))
        .id();
  }

  private static void admit(Client client, String zone, String person) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    ProfileJourney.give(client, person, PersonJourney.entrance(client, person, name, zone));
    client.follows(Write.marked("right.granted.v1", name));
  }

  private static void key(Client client, String zone, String person) throws Client.GaveUp {
    String code = UUID.randomUUID().toString();
    Client.Done key =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/keys",
            "key",
            Map.of("code", code, "copy", 1, "zones", List.of(zone)),
            Write.marked("key.registered.v1", code));
    String path = "/v1/keys/" + key.id();
    String subject = "key/" + key.id();
    Client.Done lost =
        client.act(
            MANAGER,
            SERVICE,
            path + "/loss",
            null,
            key.version(),
            Write.to(subject, "key.lost.v1"));
    Client.Done found =
        client.act(
            MANAGER,
            SERVICE,
            path + "/return",
            null,
            lost.version(),
            Write.to(subject, "key.returned.v1"));
    client.act(
        MANAGER,
        SERVICE,
        path + "/handout",
        Map.of("person", person),
        found.version(),
        Write.to(subject, "key.handed-out.v1"));
  }

  /** The door tells twice of one badge, and of another that nobody has. */
  private static void pass(Client client, String zone, String number) throws Client.GaveUp {
    String door =
        client
            .look(MANAGER, SERVICE, "/v1/physical-zones/" + zone)
            .body()
            .path("doors")
            .path(0)
            .asText();
    Map<String, Object> told =
        Map.of(
            "passages",
            List.of(passage(door, 1, number), passage(door, 2, UUID.randomUUID().toString())));
    client.repeat(Accounts.TOOL, "POST", SERVICE, "/v1/passages", told);
    client.repeat(Accounts.TOOL, "POST", SERVICE, "/v1/passages", told);
  }

  private static Map<String, Object> passage(String door, int sequence, String number) {
    return Map.of(
        "source",
        door,
        "sequence",
        sequence,
        "number",
        number,
        "door",
        door,
        "direction",
        "IN",
        "passedAt",
        Instant.now().toString(),
        "granted",
        true);
  }

  /**
   * The badge that opens doors in the end, {@code kind/id}.
   *
   * @param another its number
   */
  private static String badge(Client client, String person, String another) throws Client.GaveUp {
    String number = UUID.randomUUID().toString();
    Client.Done badge =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/badges",
            "badge",
            Map.of("number", number, "person", person),
            Write.marked("badge.issued.v1", number));
    client.act(
        MANAGER,
        SERVICE,
        "/v1/badges/" + badge.id() + "/loss",
        null,
        badge.version(),
        Write.to("badge/" + badge.id(), "badge.lost.v1"));
    return "badge/"
        + client
            .create(
                MANAGER,
                SERVICE,
                "/v1/badges",
                "badge",
                Map.of("number", another, "person", person),
                Write.marked("badge.issued.v1", another))
            .id();
  }

  private static void visit(Client client, String zone, String host) throws Client.GaveUp {
    String purpose = UUID.randomUUID().toString();
    Instant from = Instant.now().plus(Duration.ofDays(1));
    Client.Done visit =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/visits",
            "visit",
            Map.of(
                "visitorKind",
                "VISITOR",
                "visitor",
                "Grace",
                "host",
                host,
                "zones",
                List.of(zone),
                "purpose",
                purpose,
                "plannedFrom",
                from.toString(),
                "plannedUntil",
                from.plus(Duration.ofHours(8)).toString()),
            Write.marked("visit.planned.v1", purpose));
    client.act(
        MANAGER,
        SERVICE,
        "/v1/visits/" + visit.id() + "/cancellation",
        Map.of("reason", "put off"),
        visit.version(),
        Write.to("visit/" + visit.id(), "visit.cancelled.v1"));
  }

  private static void inspect(Client client, String zone, String person) throws Client.GaveUp {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Client.Done inspection =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/inspections",
            "inspection",
            Map.of(
                "zone",
                zone,
                "inspectedOn",
                today.toString(),
                "findings",
                List.of(
                    Map.of(
                        "category",
                        "SCREEN_UNLOCKED",
                        "description",
                        "by the window",
                        "assignee",
                        person,
                        "dueOn",
                        today.plusDays(7).toString()))),
            Write.marked("inspection.recorded.v1", zone));
    client.follows(Write.marked("inspection-finding.raised.v1", zone));
    String finding =
        client
            .look(MANAGER, SERVICE, "/v1/inspection-findings?inspection=" + inspection.id())
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asText();
    String path = "/v1/inspection-findings/" + finding;
    client.act(
        MANAGER,
        SERVICE,
        path + "/resolution",
        Map.of("resolution", "it locks by itself now"),
        client.look(MANAGER, SERVICE, path).version(),
        Write.to("inspection-finding/" + finding, "inspection-finding.resolved.v1"));
  }
}
