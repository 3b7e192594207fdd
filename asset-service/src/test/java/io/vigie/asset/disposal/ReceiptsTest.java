package io.vigie.asset.disposal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;

import com.sun.net.httpserver.HttpServer;
import io.vertx.mutiny.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What a log on this machine answers, and one that is away. */
class ReceiptsTest {

  private static final byte[] RECEIPT = "c2sp.org/tlog-proof@v1\nextra eA==\n".getBytes(UTF_8);
  private static Vertx vertx;

  private final UUID event = UUID.randomUUID();
  private HttpServer log;
  private int status;
  private byte[] body;
  private String asked;
  private Receipts receipts;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void end() {
    vertx.closeAndAwait();
  }

  @BeforeEach
  void listen() throws IOException {
    log = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    log.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked =
                exchange.getRequestURI()
                    + " as "
                    + exchange.getRequestHeaders().getFirst("Authorization");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    log.start();
    receipts = new Receipts(vertx, "http://127.0.0.1:" + log.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    log.stop(0);
  }

  @Test
  void theReceiptIsThatWhichTheLogGivesTheCaller() {
    assertArrayEquals(RECEIPT, file(200, RECEIPT));
    assertEquals("/v1/receipts/%s as Bearer of-the-caller".formatted(event), asked);
  }

  @ParameterizedTest
  @CsvSource({"202, {}", "404, {}", "500, {}", "200, <html></html>"})
  void anythingElseIsNone(int answer, String said) {
    assertNull(file(answer, said.getBytes(UTF_8)));
  }

  @Test
  void aLogThatIsAwayGivesNone() {
    log.stop(0);
    assertNull(file(200, RECEIPT));
  }

  private byte[] file(int answer, byte[] said) {
    status = answer;
    body = said;
    return receipts.file(event, "Bearer of-the-caller").await().indefinitely();
  }
}
