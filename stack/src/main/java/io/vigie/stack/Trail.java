package io.vigie.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.verifier.InclusionProof;

/** What a number of acts left in the log since a moment, and the proof that it stands there. */
final class Trail {
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  /** The last part of the id tells objects apart; the kind is in the event's type. */
  private static final int OBJECT_SHOWN = 12;

  private static final String ROW = "  %6s  %-12s  %-14s  %-26s  %-12s  %s%n";
  private static final TypeReference<TreeMap<String, String>> MEMBERS = new TypeReference<>() {};

  /**
   * One entry of the log.
   *
   * @param members all of it, in the order of their names
   */
  record Entry(long index, TreeMap<String, String> members) {

    String member(String name) {
      return members.getOrDefault(name, "");
    }

    /**
     * {@code SHA-256(0x00 || entry)}, from what is shown rather than from what the service says.
     * All members are strings, so that the canonical JSON of RFC 8785 is no more than their order;
     * control characters, which it writes in its own way, occur in no event of ours.
     */
    byte[] leafHash() throws IOException {
      MessageDigest digest = Sha256.digest();
      digest.update((byte) 0);
      return digest.digest(Http.JSON.writeValueAsString(members).getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * A tree that the log had.
   *
   * @param root base64
   */
  record Tree(long size, String root) {}

  private final Caller auditor;
  private final long start;
  private final Map<String, List<String>> expected = new LinkedHashMap<>();

  /** A trail that starts at the log's present end. */
  Trail(Caller auditor) throws IOException {
    this.auditor = auditor;
    this.start = auditor.get("audit", "/v1/log").body().path("size").asLong();
  }

  /** Events of an object, {@code kind/id}, that something just done must have caused. */
  void expect(String object, String... types) {
    expected.computeIfAbsent("subject=" + object, any -> new ArrayList<>()).addAll(List.of(types));
  }

  /** A refusal of this account. */
  void expectRefusal(Caller refused) throws IOException {
    String type = "security.refused.v1";
    expected
        .computeIfAbsent("type=" + type + "&actor=" + refused.subject(), any -> new ArrayList<>())
        .add(type);
  }

  /**
   * The trail, in the order of the log, once all that is expected is there.
   *
   * @throws StackException when something still lacks after three minutes
   */
  List<Entry> await() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<Entry> found = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (Map.Entry<String, List<String>> wanted : expected.entrySet()) {
        List<Entry> entries = entries(wanted.getKey());
        List<String> lacking = new ArrayList<>(wanted.getValue());
        entries.forEach(entry -> lacking.remove(entry.member("type")));
        lacking.forEach(type -> missing.add(type + " (" + wanted.getKey() + ")"));
        found.addAll(entries);
      }
      if (missing.isEmpty()) {
        found.sort(Comparator.comparingLong(Entry::index));
        return found;
      }
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "After %d s the log still lacks %s. See ./vigie status and ./vigie logs audit."
                .formatted(PATIENCE.toSeconds(), String.join(", ", missing)));
      }
      Daemon.pause(Duration.ofMillis(100));
    }
  }

  private List<Entry> entries(String query) throws IOException {
    String after = start == 0 ? "" : "&after=" + (start - 1);
    List<Entry> entries = new ArrayList<>();
    for (JsonNode item : auditor.list("audit", "/v1/log/entries?limit=200&" + query + after)) {
      entries.add(
          new Entry(
              item.path("index").asLong(), Http.JSON.convertValue(item.path("entry"), MEMBERS)));
    }
    return entries;
  }

  /**
   * Prints the entries, a line each: where, when, who (by name where {@code names} has the
   * account's id), what, to which object; and whether the entry is proven to stand in the tree.
   *
   * @throws StackException when one is not
   */
  void print(List<Entry> entries, Tree tree, Accounts accounts) throws IOException {
    int unproven = 0;
    System.out.printf(ROW, "index", "UTC", "who", "what", "object", "proof");
    for (Entry entry : entries) {
      boolean proven = proven(entry, tree);
      unproven += proven ? 0 : 1;
      String object = entry.member("subject");
      System.out.printf(
          ROW,
          entry.index(),
          TIME.format(Instant.parse(entry.member("time"))),
          accounts.name(entry.member("actor")),
          entry.member("type"),
          object.substring(Math.max(0, object.length() - OBJECT_SHOWN)),
          proven ? "verified" : "DOES NOT MATCH");
    }
    System.out.printf(Locale.ROOT, "%n  Tree of %,d entries, root %s%n", tree.size(), tree.root());
    if (unproven > 0) {
      throw new StackException(
          unproven + " of " + entries.size() + " entries of the trail are not in the log.");
    }
    System.out.printf("  All %d entries of the trail are in it: verified.%n", entries.size());
  }

  /** Fetches the entry's inclusion proof and checks it against the tree, by RFC 9162. */
  private boolean proven(Entry entry, Tree tree) throws IOException {
    JsonNode proof =
        auditor
            .get("audit", "/v1/log/entries/" + entry.index() + "/proof?size=" + tree.size())
            .body();
    List<byte[]> hashes = new ArrayList<>();
    for (JsonNode hash : proof.path("hashes")) {
      hashes.add(hash.binaryValue());
    }
    return InclusionProof.verify(
        entry.index(),
        tree.size(),
        entry.leafHash(),
        hashes,
        Base64.getDecoder().decode(tree.root()));
  }
}
