package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * An application holds a package, of which an advisory says that it is flawed. Somebody finds that
 * true and has the risk accepted; then the advisory is withdrawn, it says something else, or the
 * package is replaced. No other application holds that package.
 */
final class SoftwareJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";
  private static final String HELD = "1.0.0";
  private static final String BETTER = "2.0.0";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String asset = AssetJourney.register(client, AssetJourney.details("APPLICATION")).id();
    String name = "CHAOS-" + UUID.randomUUID();
    String bom = hold(client, asset, name, HELD, null);
    Client.Done advisory =
        publish(
            client,
            osv(name, "2026-01-01T00:00:00Z", BETTER),
            Write.marked("advisory.received.v1", name));
    client.follows(Write.marked("vulnerability.found.v1", name));
    String id = advisory.body().path("advisory").path("id").asText();
    String vulnerability = assess(client, id);
    double end = client.random().nextDouble();
    if (end < 0.33) {
      client.act(
          "ciso",
          SERVICE,
          "/v1/advisories/" + id + "/withdrawal",
          Map.of("reason", "a mistake"),
          advisory.version(),
          Write.to("advisory/" + id, "advisory.withdrawn.v1"));
      client.follows(Write.to(vulnerability, "vulnerability.withdrawn.v1"));
      return;
    }
    if (end < 0.67) {
      publish(
          client,
          osv(name, "2026-01-02T00:00:00Z", HELD),
          Write.to("advisory/" + id, "advisory.revised.v1"));
    } else {
      hold(client, asset, name, BETTER, bom);
    }
    client.follows(Write.to(vulnerability, "vulnerability.fixed.v1"));
  }

  /** The version of the bill of materials, which tells of one package in one version. */
  private static String hold(
      Client client, String asset, String name, String release, String version)
      throws Client.GaveUp {
    String serial = "urn:uuid:" + UUID.randomUUID();
    return client
        .put(
            Accounts.TOOL,
            SERVICE,
            "/v1/assets/" + asset + "/bom",
            Map.of(
                "bomFormat",
                "CycloneDX",
                "specVersion",
                "1.6",
                "serialNumber",
                serial,
                "components",
                List.of(
                    Map.of(
                        "type",
                        "library",
                        "name",
                        name,
                        "version",
                        release,
                        "purl",
                        "pkg:npm/" + name.toLowerCase(Locale.ROOT) + "@" + release))),
            version,
            Write.marked("bom.taken.v1", serial))
        .version();
  }

  private static Client.Done publish(Client client, Map<String, Object> document, Write write)
      throws Client.GaveUp {
    return client.act(Accounts.TOOL, SERVICE, "/v1/advisories", document, null, write);
  }

  /** Says that every version before {@code fixed} is flawed. */
  private static Map<String, Object> osv(String name, String modified, String fixed) {
    return Map.of(
        "id",
        name,
        "modified",
        modified,
        "summary",
        "Anybody may do anything.",
        "severity",
        List.of(Map.of("type", "CVSS_V3", "score", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
        "affected",
        List.of(
            Map.of(
                "package",
                Map.of("ecosystem", "npm", "name", name.toLowerCase(Locale.ROOT)),
                "ranges",
                List.of(
                    Map.of(
                        "type",
                        "SEMVER",
                        "events",
                        List.of(Map.of("introduced", "0"), Map.of("fixed", fixed)))))));
  }

  /** The vulnerability that the advisory is the cause of, {@code kind/id}. */
  private static String assess(Client client, String advisory) throws Client.GaveUp {
    String id =
        client
            .look(MANAGER, SERVICE, "/v1/vulnerabilities?advisory=" + advisory)
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asText();
    String path = "/v1/vulnerabilities/" + id;
    String subject = "vulnerability/" + id;
    Client.Done assessed =
        client.act(
            MANAGER,
            SERVICE,
            path + "/assessment",
            Map.of("state", "AFFECTED", "statement", "we call it"),
            client.look(MANAGER, SERVICE, path).version(),
            Write.to(subject, "vulnerability.assessed.v1"));
    Client.Done requested =
        client.act(
            MANAGER,
            SERVICE,
            path + "/acceptance",
            Map.of(
                "until",
                Instant.now().plus(Duration.ofDays(30)).toString(),
                "reason",
                "nobody else reaches it"),
            assessed.version(),
            Write.to(subject, "vulnerability.acceptance-requested.v1"));
    client.act(
        "ciso",
        SERVICE,
        path + "/acceptance/approval",
        null,
        requested.version(),
        Write.to(subject, "vulnerability.acceptance-approved.v1"));
    return subject;
  }
}
