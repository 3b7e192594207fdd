package io.vigie.incident.notice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A program and the room of a chat that the service under test tells of things. */
public final class Hooks implements QuarkusTestResourceLifecycleManager {

  public static final byte[] KEY =
      "a key of thirty-two bytes, not 24".getBytes(StandardCharsets.UTF_8);

  private static final List<Received> RECEIVED = new CopyOnWriteArrayList<>();
  private static volatile int status = 204;

  private HttpServer server;

  /** What one of them was told, in whatever way it answered. */
  public record Received(String path, Headers headers, String body) {}

  /** What was sent to a path and contains a text, in its order. */
  public static List<Received> received(String path, String text) {
    return RECEIVED.stream()
        .filter(each -> each.path().equals(path) && each.body().contains(text))
        .toList();
  }

  /** What both answer from now on. */
  public static void answer(int with) {
    status = with;
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", Hooks::take);
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    return Map.of(
        "vigie.notices.webhook.url", address + "/program",
        "vigie.notices.webhook.secret", "whsec_" + Base64.getEncoder().encodeToString(KEY),
        "vigie.notices.chat.url", address + "/room?token=secret");
  }

  private static void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      RECEIVED.add(
          new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
