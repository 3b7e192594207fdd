package io.vigie.verifier;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The table of answers of C2SP tlog-witness, asked of a witness that serves. */
class WitnessTest {

  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private SignerKey key;
  private WitnessState state;
  private WitnessServer server;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("key");
    key = Files.exists(file) ? SignerKey.read(file) : SignerKey.create(file, "witness.example/w1");
    state = WitnessState.open(folder.resolve("state"));
    Witness witness = new Witness(key, List.of(LOG.verifier()), state, NOON);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = WitnessServer.start(witness, address, System.err);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    state.close();
  }

  private static List<byte[]> leaves(int size, String text) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(Rfc6962.leaf((text + i).getBytes(StandardCharsets.UTF_8)));
    }
    return leaves;
  }

  private static String body(int old, List<byte[]> proof, byte[] checkpoint) {
    StringBuilder body = new StringBuilder("old " + old + "\n");
    for (byte[] hash : proof) {
      body.append(Base64.getEncoder().encodeToString(hash)).append('\n');
    }
    return body.append('\n').append(new String(checkpoint, StandardCharsets.UTF_8)).toString();
  }

  private static byte[] checkpoint(int size) {
    return LOG.checkpoint(size, Rfc6962.root(leaves(size, "entry")));
  }

  private static List<byte[]> proof(int old, int size) {
    return old == 0 || old == size ? List.of() : Rfc6962.proof(old, leaves(size, "entry"));
  }

  /** The request of an honest log. */
  private static String honest(int old, int size) {
    return body(old, proof(old, size), checkpoint(size));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/add-checkpoint"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void assertAnswer(int status, String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertEquals(status, answer.statusCode(), () -> body + "\n" + answer.body());
  }

  private void assertConflict(long size, String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertEquals(409, answer.statusCode());
    assertEquals("text/x.tlog.size", answer.headers().firstValue("Content-Type").orElse(""));
    assertEquals(size + "\n", answer.body());
  }

  @Test
  void aCheckpointThatExtendsTheLastOneIsCosigned() throws Exception {
    int[] sizes = {0, 0, 1, 1, 2, 7, 8, 70};
    int old = 0;
    for (int size : sizes) {
      HttpResponse<String> answer = post(honest(old, size));
      assertEquals(200, answer.statusCode(), answer::body);
      byte[] cosigned =
          (new String(checkpoint(size), StandardCharsets.UTF_8) + answer.body())
              .getBytes(StandardCharsets.UTF_8);
      SignedNote note = SignedNote.parse(cosigned);
      assertEquals(1, note.signers(List.of(key.verifier())).size());
      byte[] time = note.signatures().get(1).bytes();
      assertEquals(NOON.instant().getEpochSecond(), ByteBuffer.wrap(time).getLong());
      old = size;
    }
  }

  @Test
  void anOldSizeThatIsNotTheLastOneGetsTheLastOne() throws Exception {
    assertConflict(0, honest(3, 5));
    assertAnswer(200, honest(0, 5));
    assertConflict(5, honest(0, 5));
    assertConflict(5, honest(4, 8));
    assertConflict(5, honest(6, 8));
    assertAnswer(200, honest(5, 8));
  }

  @Test
  void ofTwoForksTheSecondIsRefused() throws Exception {
    assertAnswer(200, honest(0, 5));
    List<byte[]> forked = leaves(8, "forgery");
    byte[] fork = LOG.checkpoint(8, Rfc6962.root(forked));
    assertConflict(5, body(0, List.of(), fork));
    assertAnswer(422, body(5, Rfc6962.proof(5, forked), fork));
    assertAnswer(422, body(5, proof(5, 8), fork));
    byte[] sameSize = LOG.checkpoint(5, Rfc6962.root(leaves(5, "forgery")));
    assertAnswer(422, body(5, List.of(), sameSize));
    assertAnswer(200, honest(5, 8));
  }

  @Test
  void aProofThatDoesNotHoldIsRefused() throws Exception {
    assertAnswer(422, body(0, proof(3, 5), checkpoint(5)));
    assertAnswer(422, body(0, List.of(), LOG.checkpoint(0, Rfc6962.leaf(new byte[0]))));
    assertAnswer(200, honest(0, 3));
    assertAnswer(422, body(3, List.of(), checkpoint(5)));
    assertAnswer(422, body(3, proof(2, 5), checkpoint(5)));
    assertAnswer(422, body(3, proof(3, 5), checkpoint(3)));
    List<byte[]> tooLong = new ArrayList<>(proof(3, 5));
    tooLong.add(new byte[32]);
    assertAnswer(422, body(3, tooLong, checkpoint(5)));
    assertAnswer(200, honest(3, 5));
  }

  @Test
  void aLogThatIsNotKnownIsNotFound() throws Exception {
    SampleKey other = SampleKey.ofLog("other.example/log");
    assertAnswer(404, body(0, List.of(), other.checkpoint(1, Rfc6962.leaf(new byte[0]))));
  }

  @Test
  void aCheckpointWithoutAGoodSignatureOfTheLogIsForbidden() throws Exception {
    SampleKey namesake = SampleKey.ofLog(LOG.name());
    byte[] root = Rfc6962.leaf(new byte[0]);
    assertAnswer(403, body(0, List.of(), namesake.checkpoint(1, root)));
    String changed = honest(0, 5).replace("\n5\n", "\n6\n");
    assertAnswer(403, changed);
    // A good signature does not make up for a wrong one of a known key.
    String twice = honest(0, 5) + LOG.line("another text\n");
    assertAnswer(403, twice);
    assertAnswer(200, honest(0, 5) + namesake.line("another text\n"));
  }

  @Test
  void aRequestOfAnotherFormIsMalformed() throws Exception {
    String honest = honest(0, 5);
    List<String> malformed =
        List.of(
            "",
            "\n\n",
            "old 0\n",
            "old 0\n\n",
            honest.substring("old 0\n".length()),
            honest.replace("old 0", "old"),
            honest.replace("old 0", "old 00"),
            honest.replace("old 0", "old -1"),
            honest.replace("old 0", "old 0 "),
            honest.replace("old 0", "new 0"),
            honest.replace("old 0", "old 9223372036854775808"),
            honest.replace("old 0\n", "old 0\r\n"),
            honest.replace("old 0\n", "old 0\nAAAA\n"),
            honest.replace("\n5\n", "\n05\n"),
            honest + "trailing",
            honest(6, 6).replace("\n6\n", "\n").replace("old 6", "old 9"),
            body(0, Collections.nCopies(64, new byte[32]), checkpoint(5)),
            honest + "x".repeat(Submission.MAX_LENGTH));
    for (String body : malformed) {
      assertAnswer(400, body);
    }
    // The old size is larger than the checkpoint's.
    assertAnswer(400, body(6, List.of(), checkpoint(5)));
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertEquals(405, get("/add-checkpoint").statusCode());
    assertEquals(404, get("/").statusCode());
    assertEquals(404, get("/../key").statusCode());
    assertEquals(404, get("/" + "0".repeat(64) + "/checkpoint").statusCode());
  }

  @Test
  void monitorsGetTheLatestCheckpointWithBothSignatures() throws Exception {
    String path = "/" + WitnessState.name(LOG.name()) + "/checkpoint";
    assertEquals(404, get(path).statusCode());
    assertAnswer(200, honest(0, 5));
    byte[] served = get(path).body().getBytes(StandardCharsets.UTF_8);
    Checkpoint latest = Checkpoint.open(served, List.of(LOG.verifier()));
    assertEquals(5, latest.size());
    assertEquals(1, latest.note().signers(List.of(key.verifier())).size());
  }

  @Test
  void ofForksSentAtTheSameMomentOneIsCosigned() throws Exception {
    assertAnswer(200, honest(0, 5));
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        List<byte[]> leaves = leaves(5, "entry");
        leaves.add(Rfc6962.leaf(("history " + i).getBytes(StandardCharsets.UTF_8)));
        String body = body(5, Rfc6962.proof(5, leaves), LOG.checkpoint(6, Rfc6962.root(leaves)));
        statuses.add(clients.submit(() -> post(body).statusCode()));
      }
      List<Integer> got = new ArrayList<>();
      for (Future<Integer> status : statuses) {
        got.add(status.get());
      }
      assertEquals(1, Collections.frequency(got, 200), got::toString);
      assertEquals(15, Collections.frequency(got, 409), got::toString);
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aCheckpointThatCannotBeRememberedIsNotCosigned() throws Exception {
    assertAnswer(200, honest(0, 5));
    // Where the next file would be written there is a directory.
    Path inTheWay = folder.resolve("state").resolve(WitnessState.name(LOG.name()) + ".next");
    Files.createDirectory(inTheWay);
    assertAnswer(500, honest(5, 8));
    Files.delete(inTheWay);
    assertConflict(5, honest(8, 9));
    assertAnswer(200, honest(5, 8));
  }

  @Test
  void aRestartForgetsNothing() throws Exception {
    assertAnswer(200, honest(0, 5));
    stop();
    start();
    assertConflict(5, honest(0, 8));
    assertAnswer(200, honest(5, 8));
  }

  @Test
  void aCrashBeforeAllWasWrittenLeavesWhatWasRememberedBefore() throws Exception {
    assertAnswer(200, honest(0, 5));
    stop();
    String half = new String(checkpoint(8), StandardCharsets.UTF_8).substring(0, 40);
    Files.writeString(
        folder.resolve("state").resolve(WitnessState.name(LOG.name()) + ".next"), half);
    start();
    assertConflict(5, honest(0, 8));
    assertAnswer(200, honest(5, 8));
  }

  @Test
  void aMemoryThatWasTamperedWithIsNotTrusted() throws Exception {
    assertAnswer(200, honest(0, 5));
    stop();
    Path remembered = state.file(LOG.name());
    byte[] honest = Files.readAllBytes(remembered);
    Files.write(remembered, checkpoint(3));
    assertThrows(Unusable.class, this::start);
    state.close();
    Files.write(remembered, new byte[0]);
    Unusable refused = assertThrows(Unusable.class, this::start);
    assertTrue(refused.getMessage().contains("needs a new key"), refused::getMessage);
    state.close();
    Files.write(remembered, honest);
    start();
    assertAnswer(200, honest(5, 8));
  }

  @Test
  void twoWitnessesDoNotShareAMemory() {
    assertThrows(Unusable.class, () -> WitnessState.open(folder.resolve("state")));
  }
}
