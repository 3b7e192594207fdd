package io.vigie.chaos;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A business profile gets another name, and another again before everybody has heard of the first
 * perhaps. The document and the course for it follow each time.
 */
final class RenameJourney implements Journey {

  private static final int RENAMES = 2;

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String first = UUID.randomUUID().toString();
    Client.Done profile = ProfileJourney.profile(client, first);
    DocumentJourney.register(client, UUID.randomUUID().toString(), first);
    TrainingJourney.create(client, "c" + UUID.randomUUID(), first);
    for (int i = 0; i < RENAMES; i++) {
      String name = UUID.randomUUID().toString();
      profile =
          client.put(
              "access-manager",
              "access",
              "/v1/business-profiles/" + profile.id(),
              Map.of("name", name, "entitlements", List.of()),
              profile.version(),
              Write.marked("business-profile.changed.v1", name));
      client.follows(Write.marked("course.changed.v1", name));
      client.follows(Write.marked("document.changed.v1", name));
    }
  }
}
