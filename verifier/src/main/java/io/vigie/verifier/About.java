package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static io.vigie.verifier.Canonical.bytes;
import static io.vigie.verifier.Canonical.number;

/**
 * What a pack is said to be about, held against what its entries say. Nobody signs the former, and
 * entries do not tell all: what an incident or an asset is about may stand in an entry that was
 * kept back.
 */
final class About {

  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** The member of this name, at any depth: within a string, its quotes would be escaped. */
  private static final Pattern CLIENT =
      Pattern.compile("(?<!\\\\)\"client\"\\s*:\\s*\"(" + ID.pattern() + ")\"");

  /** The members that name several, at any depth. */
  private static final Pattern SEVERAL =
      Pattern.compile(
          "(?<!\\\\)\"(?:clients|affectedClients|clientsBarred)\"\\s*:\\s*\\[([^\\]]*)]");

  /** How a record is kept whole: its value, and each header's, in base64. */
  private static final String WHOLE_RECORD = "application/vnd.vigie.record+json";

  private static final Pattern VALUE = Pattern.compile("\"value\"\\s*:\\s*\"([^\"\\\\]*)\"");

  private static final String CLIENTS = "client/";

  /** An audit names the clients that it covers: it is not about them. */
  private static final String AUDITS = "control-audit/";

  private final String stated;
  private final Set<String> objects;
  private final Set<String> ids = new HashSet<>();
  private final boolean isOfClients;
  private final SourceNumbers numbers = new SourceNumbers();
  private long named;

  /**
   * What the manifest states.
   *
   * @param stated the objects, as {@code <kind>/<id>}, a space between
   */
  About(String stated) {
    this.stated = stated;
    objects = new HashSet<>(List.of(stated.split(" ")));
    objects.forEach(object -> ids.add(object.substring(object.indexOf('/') + 1)));
    isOfClients = objects.stream().anyMatch(object -> object.startsWith(CLIENTS));
  }

  /**
   * Adds an entry.
   *
   * @param entry its members
   * @param payload in base64; null where it was erased
   * @throws Rejected when it is about another client, which a pack about clients leaves out
   */
  void add(long index, Map<String, String> entry, String payload) throws Rejected, Unusable {
    String subject = entry.get("subject");
    String said = said(entry, payload);
    if (isOfClients) {
      if (subject != null && subject.startsWith(CLIENTS)) {
        require(index, subject);
      }
      for (Matcher client = CLIENT.matcher(said); client.find(); ) {
        require(index, CLIENTS + client.group(1));
      }
      boolean isAudit = subject != null && subject.startsWith(AUDITS);
      for (Matcher several = SEVERAL.matcher(said); !isAudit && several.find(); ) {
        for (Matcher client = ID.matcher(several.group(1)); client.find(); ) {
          require(index, CLIENTS + client.group());
        }
      }
    }
    boolean isOwn = objects.contains(subject);
    if (isOwn || ID.matcher(said).results().anyMatch(id -> ids.contains(id.group()))) {
      named++;
    }
    long number = number(entry.get("eventNumber"));
    if (isOwn && number > 0) {
      add(subject, number);
    }
  }

  private static String said(Map<String, String> entry, String payload) {
    String said = payload == null ? "" : text(bytes(payload));
    if (!WHOLE_RECORD.equals(entry.get("contentType"))) {
      return said;
    }
    return VALUE
        .matcher(said)
        .results()
        .map(value -> bytes(value.group(1)))
        .filter(Objects::nonNull)
        .map(About::text)
        .collect(Collectors.joining("\n", said + "\n", ""));
  }

  /** What is looked for is ASCII: a char for each byte is enough. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void require(long index, String client) throws Rejected {
    if (!objects.contains(client)) {
      throw new Rejected(
          "entry %d is about %s, and the pack is said to be about %s"
              .formatted(index, Terminal.printable(client), Terminal.quoted(stated)));
    }
  }

  private void add(String subject, long number) throws Unusable {
    try {
      numbers.add(subject, number);
    } catch (SourceNumbers.TooManyRanges e) {
      throw new Unusable("its events have too many holes to look for in bounded memory");
    }
  }

  /** How many entries are of one of these objects or name one. */
  long named() {
    return named;
  }

  /** The objects of which events are missing before the last one that is there. */
  List<SourceCoverage> incomplete() {
    return numbers.coverage().stream().filter(object -> object.missing() > 0).toList();
  }
}
