package io.vigie.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * All five services and Keycloak's realm in one: each answers what the test tells it to, to a path
 * under the service's name, and is away for what it was not told of.
 */
public class Services implements QuarkusTestResourceLifecycleManager {

  record Request(String path, String authorization, String key, String body) {}

  private record Answer(int status, String receipt, String link, String body) {}

  private static final Map<String, Answer> ANSWERS = new ConcurrentHashMap<>();
  private static final Map<String, HttpHandler> HANDLERS = new ConcurrentHashMap<>();
  private static final List<Request> REQUESTS = new CopyOnWriteArrayList<>();
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();

  private static volatile HttpHandler instead;

  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", Services::answer);
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    Map<String, String> config = new HashMap<>();
    for (String service : List.of("asset", "access", "incident", "backup", "audit")) {
      config.put("vigie." + service + "-url", address + service);
    }
    config.put("vigie.oidc", address + "realm");
    config.put("vigie.refusals.per-minute", "1000"); // tests are refused more than people
    return config;
  }

  @Override
  public void stop() {
    server.stop(0);
  }

  /** They have nothing to say, and heard nothing. */
  public static void reset() {
    ANSWERS.clear();
    HANDLERS.clear();
    REQUESTS.clear();
    ASKED.clear();
    instead = null;
  }

  /** From now on until the reset this answers all that is asked. */
  public static void answerWith(HttpHandler handler) {
    instead = handler;
  }

  /** From now on this is the answer to the path, which begins with the service's name. */
  static void say(String path, int status, String body) {
    say(path, status, null, body);
  }

  static void say(String path, int status, String receipt, String body) {
    ANSWERS.put(path, new Answer(status, receipt, null, body));
  }

  /** From now on the answer to the path says that there is more. */
  static void sayWithMore(String path, String body) {
    ANSWERS.put(path, new Answer(200, null, "<http://x.example/next>; rel=\"next\"", body));
  }

  /** What was asked for since the reset: paths, each with its query. */
  static List<String> asked() {
    return List.copyOf(ASKED);
  }

  /** From now on this answers to the path, which begins with the service's name. */
  static void say(String path, HttpHandler handler) {
    HANDLERS.put(path, handler);
  }

  /** What was posted since the reset. */
  static List<Request> posted() {
    return List.copyOf(REQUESTS);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (instead != null) {
        instead.handle(exchange);
        return;
      }
      String path = exchange.getRequestURI().getPath();
      if (HANDLERS.containsKey(path.substring(1))) {
        HANDLERS.get(path.substring(1)).handle(exchange);
        return;
      }
      if (exchange.getRequestMethod().equals("POST")) {
        REQUESTS.add(
            new Request(
                path,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      }
      ASKED.add(exchange.getRequestURI().toString().substring(1));
      Answer answer = ANSWERS.getOrDefault(path.substring(1), new Answer(503, null, null, "{}"));
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      if (answer.receipt() != null) {
        exchange.getResponseHeaders().add("Vigie-Receipt", answer.receipt());
      }
      if (answer.link() != null) {
        exchange.getResponseHeaders().add("Link", answer.link());
      }
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
