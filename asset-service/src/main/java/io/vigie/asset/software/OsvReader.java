package io.vigie.asset.software;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import us.springett.cvss.Cvss;
import us.springett.cvss.MalformedVectorException;

import static io.vigie.asset.software.DocumentReader.text;
import static io.vigie.asset.software.DocumentReader.time;

/**
 * An advisory in the Open Source Vulnerability format that has kept its schema (ossf/osv-schema
 * 1.x).
 */
final class OsvReader {

  private static final int MAX_LISTED = 100;

  /** So many versions stand in one line of the database. */
  private static final int LINE = 500;

  private final JsonNode document;

  OsvReader(JsonNode document) {
    this.document = document;
  }

  Publication read() {
    String id = text(document.path("id"));
    List<String> aliases = texts("aliases");
    List<Publication.AffectedPackage> packages = new ArrayList<>();
    int without = 0;
    for (int i = 0; i < document.path("affected").size(); i++) {
      JsonNode affected = document.path("affected").get(i);
      OsvPackage known = OsvPackage.of(affected.path("package"));
      if (known == null) {
        without++;
      } else {
        packages.add(
            new Publication.AffectedPackage(
                known.component().type(),
                known.component().namespace(),
                known.component().name(),
                known.distro(),
                versions(known.component().type(), affected, "affected[" + i + "]"),
                List.of()));
      }
    }
    String summary = text(document.path("summary"));
    return new Publication(
        Publication.Format.OSV,
        "osv:" + id.replaceFirst("-.*", ""),
        id,
        summary == null ? id : summary,
        time(document.path("published"), "published"),
        time(document.path("modified"), "modified"),
        time(document.path("withdrawn"), "withdrawn"),
        aliases,
        links(),
        List.of(flaw(id, aliases, packages)),
        without);
  }

  private List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    document.path(field).forEach(item -> texts.add(item.asText()));
    return texts.stream().distinct().limit(MAX_LISTED).toList();
  }

  private List<String> links() {
    List<String> links = new ArrayList<>();
    document.path("references").forEach(reference -> links.add(reference.path("url").asText()));
    return links.stream().distinct().limit(MAX_LISTED).toList();
  }

  private Publication.Flaw flaw(
      String id, List<String> aliases, List<Publication.AffectedPackage> packages) {
    String name =
        id.startsWith("CVE-")
            ? id
            : aliases.stream().filter(alias -> alias.startsWith("CVE-")).findFirst().orElse(id);
    BigDecimal worst = null;
    String vector = null;
    Severity word = Severity.of(document.at("/database_specific/severity").asText());
    for (JsonNode severity : severities()) {
      String said = severity.path("score").asText();
      if (!severity.path("type").asText().startsWith("CVSS")) {
        word = word.or(Severity.of(said));
        continue;
      }
      BigDecimal score = score(said);
      if (vector == null || score != null && (worst == null || score.compareTo(worst) > 0)) {
        worst = score;
        vector = text(severity.path("score"));
      }
    }
    Severity severity = worst == null ? word : Severity.of(worst);
    return new Publication.Flaw(
        name, text(document.path("summary")), severity, worst, vector, packages);
  }

  /** Of the whole or of its packages; a vector of CVSS, or the publisher's word. */
  private List<JsonNode> severities() {
    List<JsonNode> severities = new ArrayList<>();
    document.path("severity").forEach(severities::add);
    for (JsonNode affected : document.path("affected")) {
      affected.path("severity").forEach(severities::add);
    }
    return severities;
  }

  /** The base score of a vector; null where it is none. */
  private static BigDecimal score(String vector) {
    try {
      return BigDecimal.valueOf(Cvss.fromVector(vector).calculateScore().getBaseScore())
          .setScale(1, RoundingMode.HALF_UP);
    } catch (MalformedVectorException | IndexOutOfBoundsException e) {
      return null; // the latter for a metric without its value
    }
  }

  /** In any of its ranges, or listed: evaluation as the format's documentation has it. */
  private static List<String> versions(String scheme, JsonNode affected, String place) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < affected.path("ranges").size(); i++) {
      JsonNode range = affected.path("ranges").get(i);
      if (!range.path("type").asText().equals("GIT")) {
        ranges.add(
            Versions.checked(range(scheme, range.path("events")), place + ".ranges[" + i + "]"));
      }
    }
    List<String> listed = new ArrayList<>();
    affected.path("versions").forEach(version -> listed.add(version.asText()));
    for (int i = 0; i < listed.size(); i += LINE) {
      ranges.add(
          Versions.checked(
              Versions.list(scheme, listed.subList(i, Math.min(i + LINE, listed.size()))),
              place + ".versions[" + i + "]"));
    }
    // Of commits alone nothing follows for versions.
    return ranges.isEmpty() ? List.of(Versions.UNDECIDABLE) : ranges;
  }

  private static String range(String scheme, JsonNode events) {
    List<String> constraints = new ArrayList<>();
    boolean fromTheBeginning = false;
    for (JsonNode event : events) {
      if (event.path("introduced").asText().equals("0")) {
        fromTheBeginning = true;
      } else if (event.has("introduced")) {
        constraints.add(">=" + Versions.encode(event.get("introduced").asText()));
      } else if (event.has("fixed")) {
        constraints.add("<" + Versions.encode(event.get("fixed").asText()));
      } else if (event.has("last_affected")) {
        constraints.add("<=" + Versions.encode(event.get("last_affected").asText()));
      }
    }
    boolean ends = constraints.stream().anyMatch(constraint -> constraint.startsWith("<"));
    return "vers:"
        + scheme
        + "/"
        + (fromTheBeginning && !ends || constraints.isEmpty()
            ? "*"
            : String.join("|", constraints));
  }
}
