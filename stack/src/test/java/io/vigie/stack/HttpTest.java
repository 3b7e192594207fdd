package io.vigie.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HttpTest {
  private HttpServer server;
  private URI address;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(Site.LOOPBACK, 0), 0);
    server.createContext("/", HttpTest::refuse);
    server.start();
    address = URI.create("http://" + Site.LOOPBACK + ":" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  /** With the body that was sent. */
  private static void refuse(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(502, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private HttpResponse<String> refusedWith(String body) throws IOException {
    return Http.exchange(
        HttpRequest.newBuilder(address)
            .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8)),
        HttpResponse.BodyHandlers.ofString());
  }

  private String detail(String body) throws IOException {
    HttpResponse<String> answer = refusedWith(body);
    return Http.detail(answer, answer.body());
  }

  @Test
  void aRefusalSaysWhyInTheWordsOfTheService() throws IOException {
    assertEquals("The log is whole.", detail("{\"detail\": \"The log is whole.\"}"));
  }

  @Test
  void aRefusalWithoutAWordSaysItsStatus() throws IOException {
    for (String wordless : new String[] {"", "\n", "<html>Bad Gateway</html>"}) {
      assertEquals("the answer was 502", detail(wordless), wordless);
    }
    assertEquals("POST " + address + " answered 502", Http.refusal(refusedWith("")).getMessage());
  }
}
