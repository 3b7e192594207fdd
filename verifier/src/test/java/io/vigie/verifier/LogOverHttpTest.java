package io.vigie.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogOverHttpTest {

  private interface Refusal {
    void run() throws IOException;
  }

  @TempDir Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<String> asked = new ConcurrentSkipListSet<>();
  private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
  private Refusal whenRefused = () -> {};
  private HttpServer server;
  private SampleLog log;
  private volatile String token;
  private volatile String tokenAfterTheFirstBundle;
  private volatile boolean gzip;
  private volatile boolean endless;

  @BeforeEach
  void serveALog() throws IOException {
    log = SampleLog.of(600, folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/log/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/log/".length());
      asked.add(path);
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      boolean entries = path.startsWith("tile/entries/");
      Integer failure = failures.poll();
      if (failure != null) {
        exchange.sendResponseHeaders(failure, -1);
      } else if (!entries && authorization != null) {
        exchange.sendResponseHeaders(400, -1);
      } else if (entries && token != null && !("Bearer " + token).equals(authorization)) {
        whenRefused.run();
        exchange.sendResponseHeaders(401, -1);
      } else if (!Files.isRegularFile(folder.resolve(path))) {
        exchange.sendResponseHeaders(404, -1);
      } else if (endless) {
        exchange.sendResponseHeaders(200, 0);
        byte[] noise = new byte[1 << 16];
        while (true) {
          exchange.getResponseBody().write(noise);
        }
      } else {
        byte[] content = Files.readAllBytes(folder.resolve(path));
        if (gzip) {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          content = zipped(content);
        }
        if (entries && tokenAfterTheFirstBundle != null) {
          token = tokenAfterTheFirstBundle;
        }
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      }
    }
  }

  private static byte[] zipped(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(content);
    }
    return zipped.toByteArray();
  }

  private CommandRun verify(String... more) {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "log";
    arguments[1] = "http://127.0.0.1:" + server.getAddress().getPort() + "/log";
    arguments[2] = "--vkey";
    arguments[3] = SampleLog.KEY.vkey();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandRun.of(arguments);
  }

  @Test
  void aLogThatShowsItsEntriesIsVerifiedWhole() {
    CommandRun run = verify();
    assertEquals(Main.VERIFIED, run.exit(), run::toString);
    assertTrue(run.out().startsWith("verified: 600 entries"), run::toString);
    assertTrue(
        asked.containsAll(
            Set.of(
                "checkpoint",
                "tile/0/000",
                "tile/0/001",
                "tile/0/002.p/88",
                "tile/1/000.p/2",
                "tile/entries/000",
                "tile/entries/001",
                "tile/entries/002.p/88")),
        asked::toString);
  }

  @Test
  void aTokenOpensTheEntriesAndWithoutItTheHashesAreVerified() throws IOException {
    token = "secret";
    Path inFile = Files.writeString(folder.resolve("token"), "secret\n");
    for (String given : new String[] {"secret", inFile.toString()}) {
      CommandRun opened = verify("--token", given);
      assertEquals(Main.VERIFIED, opened.exit(), opened::toString);
      assertTrue(opened.out().startsWith("verified: 600 entries"), opened::toString);
    }
    CommandRun closed = verify();
    assertEquals(Main.VERIFIED, closed.exit(), closed::toString);
    assertTrue(closed.out().startsWith("verified: 600 leaf hashes"), closed::toString);
    assertTrue(closed.out().contains("the entries themselves were not read"), closed::toString);
    CommandRun wrong = verify("--token", "guess");
    assertEquals(Main.UNUSABLE, wrong.exit(), wrong::toString);
    assertTrue(wrong.err().contains("answered 401"), wrong::toString);
  }

  @Test
  void aTokenThatRunsOutIsReadAgainFromItsFile() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    token = "first";
    tokenAfterTheFirstBundle = "second";
    whenRefused =
        () -> {
          Path next = Files.writeString(Files.createTempFile(folder, "next", ""), "second\n");
          Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        };
    CommandRun renewed = verify("--token", file.toString());
    assertEquals(Main.VERIFIED, renewed.exit(), renewed::toString);
    assertTrue(renewed.out().startsWith("verified: 600 entries"), renewed::toString);
  }

  @Test
  void aTokenThatRunsOutAndIsNotRenewedEndsTheReading() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    token = "first";
    tokenAfterTheFirstBundle = "second";
    CommandRun refused = verify("--token", file.toString());
    assertEquals(Main.UNUSABLE, refused.exit(), refused::toString);
    assertTrue(refused.err().contains("answered 401"), refused::toString);
  }

  @Test
  void answersMayBeCompressed() {
    gzip = true;
    assertEquals(Main.VERIFIED, verify().exit());
  }

  @Test
  void aChangedTileIsNamed() throws IOException {
    byte[] tile = Files.readAllBytes(log.file("tile/1/000.p/2"));
    tile[40] ^= 1;
    Files.write(log.file("tile/1/000.p/2"), tile);
    CommandRun run = verify();
    assertEquals(Main.DOES_NOT_MATCH, run.exit());
    assertTrue(run.out().contains("tile/1/000.p/2: its hash 1 is"), run::toString);
  }

  @Test
  void aTileThatIsNotThereDoesNotMatch() throws IOException {
    Files.delete(log.file("tile/0/001"));
    CommandRun run = verify();
    assertEquals(Main.DOES_NOT_MATCH, run.exit());
    assertTrue(run.out().contains("tile/0/001 is missing"), run::toString);
  }

  @Test
  void aLogThatFailsForAMomentIsAskedAgain() {
    failures.add(503);
    assertEquals(Main.VERIFIED, verify().exit());
  }

  @Test
  void anAnswerThatDoesNotEndIsCutOff() {
    endless = true;
    CommandRun run = verify();
    assertEquals(Main.DOES_NOT_MATCH, run.exit(), run::toString);
  }

  @Test
  void aLogThatCannotBeReachedIsUnusable() {
    String nowhere = "http://127.0.0.1:1/log";
    CommandRun run = CommandRun.of("log", nowhere, "--vkey", SampleLog.KEY.vkey());
    assertEquals(Main.UNUSABLE, run.exit());
    assertTrue(run.err().contains(nowhere + "/checkpoint cannot be read"), run::toString);
    assertEquals(
        Main.UNUSABLE, CommandRun.of("log", "http://", "--vkey", SampleLog.KEY.vkey()).exit());
    assertEquals(
        Main.UNUSABLE,
        CommandRun.of("log", folder.resolve("none").toString(), "--vkey", SampleLog.KEY.vkey())
            .exit());
  }
}
