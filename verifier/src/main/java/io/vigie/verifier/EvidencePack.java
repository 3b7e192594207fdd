package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

import static io.vigie.verifier.Canonical.bytes;
import static io.vigie.verifier.Canonical.number;

/**
 * {@code pack}: verifies an evidence pack, format {@code vigie-evidence/1}: chosen entries of a
 * log, each with the proof that it stands in the log as signed. It proves what is in it, not that
 * nothing else is about the same objects.
 *
 * <p>A ZIP archive of three files in this order: {@code manifest.json}, an object of strings with
 * {@code format}, {@code origin}, {@code about} (the objects, a space between), {@code size},
 * {@code count} and {@code withheld} (how many entries were kept back because they are about others
 * too); {@code checkpoint}, a C2SP checkpoint of that size; {@code entries.ndjson}, a line for each
 * entry in the order of the log, {@code {"index","entry","salt","payload","proof"}}: as in an
 * export, the proof being the hashes of its inclusion proof in base64, a space between.
 */
public final class EvidencePack {

  private static final String FORMAT = "vigie-evidence/1";
  private static final Set<String> MANIFEST =
      Set.of("format", "origin", "about", "size", "count", "withheld");
  private static final Set<String> LINE = Set.of("index", "entry", "salt", "payload", "proof");

  /**
   * What a pack proves.
   *
   * @param erased how many entries have no payload, because it was erased
   */
  public record Proven(
      String origin, long size, String about, long count, long withheld, long erased) {}

  private final ZipInputStream zip;
  private final List<VerifierKey> keys;

  private EvidencePack(InputStream pack, List<VerifierKey> keys) {
    this.zip = new ZipInputStream(pack, StandardCharsets.UTF_8);
    this.keys = keys;
  }

  static int run(List<String> words, PrintStream out) throws IOException, Unusable, Rejected {
    Arguments arguments = Arguments.of(words, Set.of("--vkey"));
    String file = arguments.operands(1, "one file").get(0);
    List<String> keys = arguments.keys("--vkey").stream().map(VerifierKey::vkey).toList();
    try (InputStream pack = Files.newInputStream(Path.of(file))) {
      Proven proven = verify(pack, keys);
      out.println(
          "verified: %d entries of the log %s, as signed at size %d"
              .formatted(proven.count, Terminal.quoted(proven.origin), proven.size));
      out.println("about: " + Terminal.printable(proven.about));
      out.println(
          "payloads erased: "
              + proven.erased
              + ", entries withheld because they are about others too: "
              + proven.withheld);
    }
    return Main.VERIFIED;
  }

  /**
   * Reads a pack to its end, or to the first thing that does not match.
   *
   * @param vkeys the log's verifier keys (C2SP signed-note), any of which must have signed
   * @throws Rejected when something does not match
   * @throws Unusable when it is no pack
   */
  public static Proven verify(InputStream pack, List<String> vkeys)
      throws IOException, Unusable, Rejected {
    List<VerifierKey> keys = new ArrayList<>();
    try {
      for (String vkey : vkeys) {
        keys.add(VerifierKey.parse(vkey));
      }
      return new EvidencePack(pack, keys).check();
    } catch (VerifierKey.Malformed e) {
      throw new Unusable("no verifier key: " + e.getMessage());
    } catch (ZipException e) {
      throw new Rejected("the archive is damaged: " + e.getMessage());
    }
  }

  private Proven check() throws IOException, Unusable, Rejected {
    Map<String, String> manifest = manifest();
    enter("checkpoint");
    Checkpoint checkpoint = Checkpoint.open(content(SignedNote.MAX_LENGTH), keys);
    if (!checkpoint.origin().equals(manifest.get("origin"))
        || checkpoint.size() != number(manifest.get("size"))) {
      throw new Rejected("the manifest names another log or size than the checkpoint");
    }
    enter("entries.ndjson");
    EntryCheck checks = new EntryCheck();
    long last = -1;
    long count = 0;
    long erased = 0;
    try {
      Lines lines = new Lines(zip);
      for (byte[] line = lines.next(); line != null; line = lines.next(), count++) {
        Map<String, String> members = Json.object(line);
        last = entry(members, last, checkpoint, checks);
        erased += members.get("salt") == null ? 1 : 0;
      }
    } catch (Lines.TooLong | Json.Malformed e) {
      throw new Rejected(
          "an entry after index %d cannot be read: %s".formatted(last, e.getMessage()));
    }
    if (count != number(manifest.get("count"))) {
      throw new Rejected(
          "the manifest promises %s entries, there are %d"
              .formatted(Terminal.quoted(manifest.get("count")), count));
    }
    if (zip.getNextEntry() != null) {
      throw new Rejected("the archive has a file too many");
    }
    return new Proven(
        checkpoint.origin(),
        checkpoint.size(),
        manifest.get("about"),
        count,
        number(manifest.get("withheld")),
        erased);
  }

  private Map<String, String> manifest() throws IOException, Unusable, Rejected {
    ZipEntry first = zip.getNextEntry();
    if (first == null || !first.getName().equals("manifest.json")) {
      throw new Unusable("this is no evidence pack: it does not begin with manifest.json");
    }
    try {
      Map<String, String> manifest = Json.object(content(Arguments.MAX_FILE));
      if (!manifest.keySet().equals(MANIFEST)
          || manifest.containsValue(null)
          || !FORMAT.equals(manifest.get("format"))
          || number(manifest.get("withheld")) < 0) {
        throw new Unusable("this is no evidence pack in format " + FORMAT);
      }
      return manifest;
    } catch (Json.Malformed e) {
      throw new Rejected("the manifest cannot be read: " + e.getMessage());
    }
  }

  private void enter(String name) throws IOException, Rejected {
    ZipEntry next = zip.getNextEntry();
    if (next == null || !next.getName().equals(name)) {
      throw new Rejected("the archive lacks " + name + " where it must be");
    }
  }

  private byte[] content(int limit) throws IOException, Rejected {
    byte[] content = zip.readNBytes(limit + 1);
    if (content.length > limit) {
      throw new Rejected("a file of the archive is longer than " + limit + " bytes");
    }
    return content;
  }

  /** Checks one line; returns its index. */
  private static long entry(
      Map<String, String> line, long last, Checkpoint checkpoint, EntryCheck checks)
      throws Rejected, Json.Malformed {
    long index = number(line.get("index"));
    if (!line.keySet().equals(LINE)
        || line.get("entry") == null
        || line.get("proof") == null
        || index <= last) {
      throw new Json.Malformed("a member is missing or too much, or the index out of order");
    }
    byte[] entry = line.get("entry").getBytes(StandardCharsets.UTF_8);
    List<byte[]> proof = new ArrayList<>();
    if (!line.get("proof").isEmpty()) {
      for (String hash : line.get("proof").split(" ", -1)) {
        proof.add(bytes(hash));
      }
    }
    if (!InclusionProof.verify(
        index, checkpoint.size(), checks.hash.leaf(entry), proof, checkpoint.root())) {
      throw new Rejected(
          "entry %d does not stand in the log that the checkpoint signs: entry, index or proof was changed"
              .formatted(index));
    }
    String problem =
        checks.payload(Json.object(entry).get("commitment"), line.get("salt"), line.get("payload"));
    if (problem != null) {
      throw new Rejected("entry " + index + " " + problem);
    }
    return index;
  }
}
