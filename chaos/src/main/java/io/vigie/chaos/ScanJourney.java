package io.vigie.chaos;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** A scanner finds two things. Somebody says that one is none; the other is gone the next time. */
final class ScanJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String asset = UUID.randomUUID().toString();
    List<String> rules = List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString());
    scan(client, asset, rules);
    rules.forEach(rule -> client.follows(Write.marked("scan-finding.found.v1", rule)));
    String none = finding(client, asset, rules.get(0));
    client.act(
        RESPONDER,
        SERVICE,
        "/v1/scan-findings/" + none + "/dismissal",
        Map.of("reason", "chaos"),
        "*",
        Write.to("scan-finding/" + none, "scan-finding.dismissed.v1"));
    String gone = finding(client, asset, rules.get(1));
    scan(client, asset, rules.subList(0, 1));
    client.follows(Write.to("scan-finding/" + gone, "scan-finding.gone.v1"));
  }

  private static String finding(Client client, String asset, String rule) throws Client.GaveUp {
    return client
        .await(RESPONDER, SERVICE, "/v1/scan-findings?asset=%s&rule=%s".formatted(asset, rule), 1)
        .path(0)
        .path("id")
        .asText();
  }

  private static void scan(Client client, String asset, List<String> rules) throws Client.GaveUp {
    String document =
        """
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "chaos"}}, "results": [%s]}]}"""
            .formatted(
                rules.stream()
                    .map("{\"ruleId\": \"%s\"}"::formatted)
                    .collect(Collectors.joining(",")));
    client.act(
        Accounts.TOOL,
        SERVICE,
        "/v1/scans?asset=" + asset,
        new Api.Document("application/sarif+json", document),
        null,
        Write.marked("scan.taken.v1", sha256(document)));
  }

  /** By which the event names the document. */
  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
