package io.vigie.chaos;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody gets a business profile that gives one right, a role in the directory, and loses it, or
 * the profile is retired, or the right is revoked and so withheld.
 */
final class ProfileJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";
  private static final String ROLE = "auditor";

  /** A profile, and that somebody has it. */
  record Given(Client.Done profile, Client.Done assignment) {}

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    String person = PersonJourney.join(client).id();
    Given given = give(client, person, PersonJourney.role(client, person, name, ROLE));
    client.follows(Write.marked("right.granted.v1", name));
    Client.Done profile = given.profile();
    Client.Done assignment = given.assignment();
    String right =
        client
            .look(MANAGER, SERVICE, "/v1/rights?person=" + person)
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asText();
    double end = client.random().nextDouble();
    if (end < 0.4) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/profile-assignments/" + assignment.id() + "/end",
          Map.of("reason", "moved"),
          assignment.version(),
          Write.to("profile-assignment/" + assignment.id(), "profile-assignment.ended.v1"));
      client.follows(Write.to("right/" + right, "right.ending.v1"));
    } else if (end < 0.7) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/rights/" + right + "/revocation",
          Map.of("reason", "not needed"),
          client.look(MANAGER, SERVICE, "/v1/rights/" + right).version(),
          Write.to("right/" + right, "right.revoked.v1"));
    } else {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/business-profiles/" + profile.id() + "/retirement",
          Map.of("reason", "merged"),
          profile.version(),
          Write.to("business-profile/" + profile.id(), "business-profile.retired.v1"));
      client.follows(
          Write.to("profile-assignment/" + assignment.id(), "profile-assignment.ended.v1"));
      client.follows(Write.to("right/" + right, "right.ending.v1"));
    }
  }

  /** Gives somebody a profile of their own with these entitlements. */
  static Given give(Client client, String person, String... entitlements) throws Client.GaveUp {
    Client.Done profile = profile(client, UUID.randomUUID().toString(), entitlements);
    Client.Done assignment =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/profile-assignments",
            "profile-assignment",
            Map.of("person", person, "profile", profile.id()),
            Write.marked("profile-assignment.made.v1", profile.id()));
    return new Given(profile, assignment);
  }

  /** A profile of this name with these entitlements, which nobody has yet. */
  static Client.Done profile(Client client, String name, String... entitlements)
      throws Client.GaveUp {
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/business-profiles",
        "business-profile",
        Map.of("name", name, "entitlements", List.of(entitlements)),
        Write.marked("business-profile.created.v1", name));
  }
}
