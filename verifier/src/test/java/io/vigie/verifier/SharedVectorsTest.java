package io.vigie.verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The vectors of transparency-dev/merkle, kept beside the checkout; a checkout without them skips.
 */
class SharedVectorsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static Path folder;

  private record Outcome(int accepted, int refused) {}

  @BeforeAll
  static void findTheVectors() {
    folder = Path.of(System.getProperty("vigie.root", ".."), "../shared/data/merkle").normalize();
    assumeTrue(Files.isDirectory(folder), "the vectors are not beside this checkout: " + folder);
  }

  @Test
  void everyInclusionAndConsistencyVectorGetsItsVerdict() throws IOException {
    Outcome inclusion = walk("inclusion", SharedVectorsTest::inclusion);
    Outcome consistency = walk("consistency", SharedVectorsTest::consistency);

    assertEquals(12, inclusion.accepted + consistency.accepted);
    assertEquals(184, inclusion.refused + consistency.refused);
  }

  private interface Verification {
    boolean of(JsonNode vector);
  }

  private static Outcome walk(String kind, Verification verification) throws IOException {
    int accepted = 0;
    int refused = 0;
    List<Path> vectors;
    try (Stream<Path> files = Files.walk(folder.resolve(kind))) {
      vectors = files.filter(file -> file.toString().endsWith(".json")).toList();
    }
    for (Path file : vectors) {
      JsonNode vector = JSON.readTree(file.toFile());
      boolean accept = !vector.get("wantErr").booleanValue();
      assertEquals(accept, verification.of(vector), file + ": " + vector.get("desc").textValue());
      accepted += accept ? 1 : 0;
      refused += accept ? 0 : 1;
    }
    return new Outcome(accepted, refused);
  }

  private static boolean inclusion(JsonNode vector) {
    return InclusionProof.verify(
        unsigned(vector.get("leafIdx")),
        unsigned(vector.get("treeSize")),
        bytes(vector.get("leafHash")),
        hashes(vector.get("proof")),
        bytes(vector.get("root")));
  }

  private static boolean consistency(JsonNode vector) {
    return ConsistencyProof.verify(
        unsigned(vector.get("size1")),
        unsigned(vector.get("size2")),
        hashes(vector.get("proof")),
        bytes(vector.get("root1")),
        bytes(vector.get("root2")));
  }

  /**
   * Unsigned 64-bit: what does not fit a positive long arrives negative, as a caller would pass it.
   */
  private static long unsigned(JsonNode number) {
    return Long.parseUnsignedLong(number.asText());
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.textValue());
  }

  private static List<byte[]> hashes(JsonNode proof) {
    if (proof.isNull()) {
      return null;
    }
    List<byte[]> hashes = new ArrayList<>();
    proof.forEach(
        hash -> {
          try {
            hashes.add(hash.isNull() ? null : hash.binaryValue());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return hashes;
  }
}
