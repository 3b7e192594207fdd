package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.vigie.verifier.Canonical.bytes;
import static io.vigie.verifier.Canonical.number;

/**
 * {@code pack}: verifies an evidence pack, format {@code vigie-evidence/1}: chosen entries of a
 * log, each with the proof that it stands in the log as signed. It proves what is in it, not that
 * nothing else is about the same objects. What the manifest says beside that is its maker's word: a
 * pack about a client that holds an entry about another one is rejected, and what else the entries
 * do not bear out is told.
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
   * @param about as its maker says, and no more than that
   * @param withheld as its maker says, and no more than that
   * @param erased how many entries have no payload, because it was erased
   * @param named how many entries are of an object that it is said to be about, or name one; others
   *     may be about what belongs to it, which their maker alone says
   * @param incomplete of which of these objects events are missing before the last one that is
   *     there: withheld, not for its maker to read, or taken out
   */
  public record Proven(
      String origin,
      long size,
      String about,
      long count,
      long withheld,
      long erased,
      long named,
      List<SourceCoverage> incomplete) {}

  private static final String ABOUT = "manifest.json";
  private static final String CHECKPOINT = "checkpoint";
  private static final String ENTRIES = "entries.ndjson";
  private static final List<String> FILES = List.of(ABOUT, CHECKPOINT, ENTRIES);

  private final ZipArchive zip;

  private EvidencePack(ZipArchive zip) {
    this.zip = zip;
  }

  static int run(List<String> words, PrintStream out) throws IOException, Unusable, Rejected {
    Arguments arguments = Arguments.of(words, Set.of("--vkey", "--witness", "--quorum"));
    Path file = Path.of(arguments.operands(1, "one file").get(0));
    List<VerifierKey> keys = arguments.keys("--vkey");
    Witnesses witnesses = Witnesses.of(arguments);
    try (ZipArchive zip = ZipArchive.open(file, FILES)) {
      EvidencePack pack = new EvidencePack(zip);
      Checkpoint checkpoint = pack.checkpoint(keys);
      List<VerifierKey> cosigners = witnesses.of(checkpoint);
      Proven proven = pack.check(checkpoint);
      out.println(
          "verified: %d entries of the log %s, as signed at size %d"
              .formatted(proven.count, Terminal.quoted(proven.origin), proven.size));
      Witnesses.report(cosigners, out);
      report(proven, out);
    }
    return Main.VERIFIED;
  }

  private static void report(Proven proven, PrintStream out) {
    out.println("payloads erased: " + proven.erased);
    out.println("as its maker says, which nothing proves:");
    out.println("  about: " + Terminal.printable(proven.about));
    out.println("  entries withheld because they are about others too: " + proven.withheld);
    out.println(
        "entries that name what it is said to be about: %d of %d"
            .formatted(proven.named, proven.count));
    for (SourceCoverage object : proven.incomplete) {
      out.println(
          "not there: %d of the events 1 to %d of %s, the first of them %d: withheld, not for its maker to read, or taken out"
              .formatted(
                  object.missing(),
                  object.last(),
                  Terminal.printable(object.source()),
                  object.firstMissing()));
    }
  }

  /**
   * Reads a pack to its end, or to the first thing that does not match.
   *
   * @param vkeys the log's verifier keys (C2SP signed-note), any of which must have signed
   * @throws Rejected when something does not match
   * @throws Unusable when it is no pack
   */
  public static Proven verify(Path file, List<String> vkeys)
      throws IOException, Unusable, Rejected {
    List<VerifierKey> keys = new ArrayList<>();
    try (ZipArchive zip = ZipArchive.open(file, FILES)) {
      for (String vkey : vkeys) {
        keys.add(VerifierKey.parse(vkey));
      }
      EvidencePack pack = new EvidencePack(zip);
      return pack.check(pack.checkpoint(keys));
    } catch (VerifierKey.Malformed e) {
      throw new Unusable("no verifier key: " + e.getMessage());
    }
  }

  private Checkpoint checkpoint(List<VerifierKey> keys) throws IOException, Rejected {
    return Checkpoint.open(content(CHECKPOINT, SignedNote.MAX_LENGTH), keys);
  }

  private Proven check(Checkpoint checkpoint) throws IOException, Unusable, Rejected {
    Map<String, String> manifest = manifest();
    if (!checkpoint.origin().equals(manifest.get("origin"))
        || checkpoint.size() != number(manifest.get("size"))) {
      throw new Rejected("the manifest names another log or size than the checkpoint");
    }
    EntryCheck checks = new EntryCheck();
    About about = new About(manifest.get("about"));
    long last = -1;
    long count = 0;
    long erased = 0;
    try (InputStream entries = zip.content(ENTRIES)) {
      Lines lines = new Lines(entries);
      for (byte[] line = lines.next(); line != null; line = lines.next(), count++) {
        Map<String, String> members = Json.object(line);
        last = entry(members, last, checkpoint, checks, about);
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
    return new Proven(
        checkpoint.origin(),
        checkpoint.size(),
        manifest.get("about"),
        count,
        number(manifest.get("withheld")),
        erased,
        about.named(),
        about.incomplete());
  }

  private Map<String, String> manifest() throws IOException, Unusable, Rejected {
    try {
      Map<String, String> manifest = Json.object(content(ABOUT, Arguments.MAX_FILE));
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

  private byte[] content(String name, int limit) throws IOException, Rejected {
    try (InputStream file = zip.content(name)) {
      byte[] content = file.readNBytes(limit + 1);
      if (content.length > limit) {
        throw new Rejected(name + " of the archive is longer than " + limit + " bytes");
      }
      return content;
    }
  }

  /** Checks one line; returns its index. */
  private static long entry(
      Map<String, String> line, long last, Checkpoint checkpoint, EntryCheck checks, About about)
      throws Rejected, Unusable, Json.Malformed {
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
    Map<String, String> said = Json.object(entry);
    String problem = checks.payload(said.get("commitment"), line.get("salt"), line.get("payload"));
    if (problem != null) {
      throw new Rejected("entry " + index + " " + problem);
    }
    about.add(index, said, line.get("payload"));
    return index;
  }
}
