package io.vigie.audit.tlog;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vigie.audit.LogDatabase;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One log, at the sizes where tiles begin and end, against the definition of RFC 6962. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@TestProfile(GrowingLog.Profile.class)
class TileSizesTest {

  private static final int[] SIZES = {0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000};

  @TestHTTPResource URL service;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String auditor = Tokens.of(AUDITOR);

  private HttpResponse<byte[]> get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.toString().replaceAll("/$", "") + path))
            .header("Authorization", "Bearer " + auditor)
            .build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  @Test
  void everyTileBundleAndProofIsServedAsSpecifiedAtEverySize() throws Exception {
    try (GrowingLog log = new GrowingLog()) {
      NaiveTree tree = new NaiveTree(log.entries());
      int before = 0;
      for (int size : SIZES) {
        log.growTo(size);
        if (size > 0) {
          assertPublished(tree, log, before); // and nothing of what was added
        }
        String checkpoint = log.publish();
        assertPublished(tree, log, size);
        assertProofs(tree, log, size, checkpoint);
        before = size;
      }
    }
  }

  private void assertPublished(NaiveTree tree, GrowingLog log, int size) throws Exception {
    for (int level = 0; level <= 3; level++) {
      int hashes = size >> 8 * level;
      for (int n = 0; n < hashes / 256; n++) {
        assertTile(tree, level, n, 256);
      }
      int width = hashes % 256;
      for (int w : new int[] {1, width / 2, width}) {
        if (w > 0 && w <= width) {
          assertTile(tree, level, hashes / 256, w);
        }
      }
      if (hashes >= 256) { // parts of tiles that are full by now
        assertTile(tree, level, 0, 1);
        assertTile(tree, level, hashes / 256 - 1, 255);
      }
      assertNotFound("/log/tile/" + level + "/" + path(hashes / 256));
      if (width < 255) {
        assertNotFound("/log/tile/" + level + "/" + path(hashes / 256) + ".p/" + (width + 1));
      }
      assertNotFound("/log/tile/" + level + "/" + path(hashes / 256 + 1) + ".p/1");
    }
    for (int n : new int[] {0, size / 512, size / 256 - 1}) {
      if (n >= 0 && n < size / 256) {
        assertBundle(log, n, 256);
        assertBundle(log, n, 7);
      }
    }
    if (size % 256 > 0) {
      assertBundle(log, size / 256, size % 256);
      assertBundle(log, size / 256, 1);
    }
    assertNotFound("/log/tile/entries/" + path(size / 256));
    if (size % 256 < 255) {
      assertNotFound("/log/tile/entries/" + path(size / 256) + ".p/" + (size % 256 + 1));
    }
  }

  private void assertTile(NaiveTree tree, int level, int n, int width) throws Exception {
    String path = "/log/tile/" + level + "/" + path(n) + (width == 256 ? "" : ".p/" + width);
    HttpResponse<byte[]> tile = get(path);
    assertEquals(200, tile.statusCode(), path);
    assertEquals("application/octet-stream", tile.headers().firstValue("Content-Type").get());
    assertEquals(
        "public, max-age=31536000, immutable", tile.headers().firstValue("Cache-Control").get());
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int leaves = 1 << 8 * level;
    for (int i = 0; i < width; i++) {
      expected.writeBytes(tree.hash((n * 256 + i) * leaves, (n * 256 + i + 1) * leaves));
    }
    assertArrayEquals(expected.toByteArray(), tile.body(), path);
  }

  private void assertBundle(GrowingLog log, int n, int width) throws Exception {
    String path = "/log/tile/entries/" + path(n) + (width == 256 ? "" : ".p/" + width);
    HttpResponse<byte[]> bundle = get(path);
    assertEquals(200, bundle.statusCode(), path);
    assertEquals("application/octet-stream", bundle.headers().firstValue("Content-Type").get());
    assertEquals(
        "private, max-age=31536000, immutable", bundle.headers().firstValue("Cache-Control").get());
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (byte[] entry : log.entries().subList(n * 256, n * 256 + width)) {
      expected.write(entry.length >> 8);
      expected.write(entry.length);
      expected.writeBytes(entry);
    }
    assertArrayEquals(expected.toByteArray(), bundle.body(), path);
  }

  private void assertNotFound(String path) throws Exception {
    HttpResponse<byte[]> answer = get(path);
    assertEquals(404, answer.statusCode(), path);
    assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").get());
  }

  private void assertProofs(NaiveTree tree, GrowingLog log, int size, String checkpoint)
      throws Exception {
    assertNotFound("/v1/log/entries/" + size + "/proof");
    assertNotFound("/v1/log/entries/" + size + "/tlog-proof");
    assertEquals(400, get("/v1/log/consistency?from=1&to=" + (size + 1)).statusCode());
    for (int index : interesting(size)) {
      for (int of : Arrays.stream(SIZES).filter(s -> s > index && s <= size).toArray()) {
        String path = "/v1/log/entries/" + index + "/proof?size=" + of;
        JsonPath proof = json(get(path));
        assertHashes(tree.path(index, of), proof, path);
        assertArrayEquals(tree.hash(0, of), LogDatabase.bytes(proof.getString("root")), path);
        assertArrayEquals(
            tree.hash(index, index + 1), LogDatabase.bytes(proof.getString("leafHash")), path);
      }
      HttpResponse<byte[]> file = get("/v1/log/entries/" + index + "/tlog-proof");
      assertEquals(
          expected(log.entries().get(index), index, tree.path(index, size), checkpoint),
          new String(file.body(), StandardCharsets.UTF_8));
      assertEquals(
          "text/plain;charset=utf-8",
          file.headers().firstValue("Content-Type").get().toLowerCase());
    }
    for (int from : Arrays.stream(SIZES).filter(s -> s > 0 && s <= size).toArray()) {
      String path = "/v1/log/consistency?from=" + from;
      JsonPath proof = json(get(path));
      assertEquals(size, proof.getInt("to"));
      assertHashes(tree.consistency(from, size), proof, path);
      assertArrayEquals(tree.hash(0, from), LogDatabase.bytes(proof.getString("rootFrom")), path);
      assertArrayEquals(tree.hash(0, size), LogDatabase.bytes(proof.getString("rootTo")), path);
    }
  }

  /** As c2sp.org/tlog-proof has it. */
  private static String expected(byte[] entry, int index, List<byte[]> path, String checkpoint) {
    StringBuilder file = new StringBuilder("c2sp.org/tlog-proof@v1\n");
    file.append("extra ").append(Base64.getEncoder().encodeToString(entry)).append("\n");
    file.append("index ").append(index).append("\n");
    path.forEach(hash -> file.append(Base64.getEncoder().encodeToString(hash)).append("\n"));
    return file + "\n" + checkpoint;
  }

  private static JsonPath json(HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    assertEquals(200, answer.statusCode(), body);
    return JsonPath.from(body);
  }

  private static void assertHashes(List<byte[]> expected, JsonPath proof, String path) {
    List<byte[]> hashes = LogDatabase.hashes(proof);
    assertEquals(expected.size(), hashes.size(), path);
    for (int i = 0; i < hashes.size(); i++) {
      assertArrayEquals(expected.get(i), hashes.get(i), path + ", hash " + i);
    }
  }

  private static int[] interesting(int size) {
    return IntStream.of(0, 1, 254, 255, 256, 65_279, 65_534, 65_535, 65_536, size - 2, size - 1)
        .filter(index -> index >= 0 && index < size)
        .distinct()
        .toArray();
  }

  /** {@code N} as c2sp.org/tlog-tiles writes it. */
  private static String path(int n) {
    assertTrue(n < 1_000_000);
    return n < 1_000 ? "%03d".formatted(n) : "x%03d/%03d".formatted(n / 1_000, n % 1_000);
  }
}
