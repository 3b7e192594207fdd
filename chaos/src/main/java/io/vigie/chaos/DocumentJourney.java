package io.vigie.chaos;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A procedure that one writes, another approves and a third acknowledges, twice since the first
 * time counts; later it is looked at again, or withdrawn.
 */
final class DocumentJourney implements Journey {

  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String title = UUID.randomUUID().toString();
    Client.Done document = register(client, title);
    String path = "/v1/documents/" + document.id();
    String subject = "document/" + document.id();
    Client.Done submitted =
        client.act(
            "sysadmin",
            SERVICE,
            path + "/versions",
            Map.of("format", "TEXT", "content", text(title), "minor", false, "note", "the first"),
            document.version(),
            Write.to(subject, "document.version-submitted.v1"));
    Client.Done approved =
        client.act(
            "ciso",
            SERVICE,
            path + "/versions/" + submitted.id() + "/approval",
            null,
            submitted.version(),
            Write.to(subject, "document.version-approved.v1"));
    for (int i = 0; i < 2; i++) {
      client.act(
          "staff",
          SERVICE,
          path + "/acknowledgements",
          null,
          null,
          Write.marked("acknowledgement.given.v1", submitted.id()));
    }
    end(client, path, subject, approved.version());
  }

  /** One for these business profiles; for everyone where there are none. */
  static Client.Done register(Client client, String title, String... profiles)
      throws Client.GaveUp {
    return client.create(
        "asset-manager",
        SERVICE,
        "/v1/documents",
        "document",
        Map.of(
            "titleFr",
            title,
            "titleEn",
            title,
            "kind",
            "PROCEDURE",
            "owner",
            UUID.randomUUID().toString(),
            "rules",
            List.of("R1.1"),
            "audience",
            Map.of("everyone", profiles.length == 0, "profiles", List.of(profiles)),
            "reviewMonths",
            12),
        Write.marked("document.registered.v1", title));
  }

  private static String text(String title) {
    return Base64.getEncoder().encodeToString(title.getBytes(StandardCharsets.UTF_8));
  }

  private static void end(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    if (client.random().nextBoolean()) {
      client.act(
          "ciso",
          SERVICE,
          path + "/review",
          null,
          version,
          Write.to(subject, "document.reviewed.v1"));
    } else {
      client.act(
          "ciso",
          SERVICE,
          path + "/withdrawal",
          Map.of("reason", "out of date"),
          version,
          Write.to(subject, "document.withdrawn.v1"));
    }
  }
}
