package io.vigie.backup.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A platform that answers as a test wants it to, to be away, slow to accept, or against a report.
 */
final class PlatformServer implements AutoCloseable {

  /** A report as it arrived; {@code target} is path and query. */
  record Received(
      String target, String contentType, String key, String authorization, String body) {

    JsonNode run() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static final String ASSET = "01937f1c-6b1e-7a44-9d1c-2f6d5a0c8e11";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<String> tokenRequests = new CopyOnWriteArrayList<>();
  private volatile Function<Received, Integer> answer = report -> 201;
  private final Map<String, String> pruningAnswers = new ConcurrentHashMap<>();
  private volatile int pruningStatus = 200;
  private volatile int dutiesStatus = 200;
  private volatile String duties = "{\"items\":[]}";
  private volatile String dutiesAskedFor;

  PlatformServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/token", this::token);
    server.createContext("/v1/runs", this::run);
    server.createContext("/v1/restore-tests/reports", this::run);
    server.createContext("/v1/prunings", this::run);
    server.createContext("/v1/plans", this::pruning);
    server.createContext("/v1/restore-duties", this::duties);
    server.start();
  }

  private void token(HttpExchange exchange) throws IOException {
    tokenRequests.add(
        exchange.getRequestHeaders().getFirst("Authorization")
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    respond(exchange, 200, "{\"access_token\" : \"a.b-c_d\", \"expires_in\": 300}");
  }

  private void run(HttpExchange exchange) throws IOException {
    Received report =
        new Received(
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    int status = answer.apply(report);
    if (status == 201) {
      received.add(report);
    }
    respond(exchange, status, "{\"detail\":\"because\"}");
  }

  private void pruning(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.matches("/v1/plans/[0-9a-f-]{36}")) {
      respond(exchange, 200, "{\"id\":\"x\",\"asset\" : \"" + ASSET + "\",\"name\":\"nightly\"}");
      return;
    }
    boolean asked = isWithToken(exchange, "GET") && path.matches("/v1/plans/[0-9a-f-]{36}/pruning");
    respond(
        exchange,
        asked ? pruningStatus : 403,
        pruningAnswers.getOrDefault(path.split("/")[3], "{\"allowed\":true}"));
  }

  private void duties(HttpExchange exchange) throws IOException {
    dutiesAskedFor = exchange.getRequestURI().getQuery();
    respond(exchange, isWithToken(exchange, "GET") ? dutiesStatus : 401, duties);
  }

  private static boolean isWithToken(HttpExchange exchange, String method) {
    return exchange.getRequestMethod().equals(method)
        && "Bearer a.b-c_d".equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  void answers(Function<Received, Integer> answer) {
    this.answer = answer;
  }

  /** Of pruning, 200 that it is allowed unless something else is said. */
  void answersOfPruning(int status) {
    pruningStatus = status;
  }

  void answersOfPruning(String plan, String body) {
    pruningAnswers.put(plan, body);
  }

  /** Of restores that are due, for the {@link #ASSET} of all plans, that there are none. */
  void answersOfDuties(int status, String body) {
    dutiesStatus = status;
    duties = body;
  }

  /** The query of the last call for restores that are due, or null. */
  String dutiesAskedFor() {
    return dutiesAskedFor;
  }

  List<Received> received() {
    return received;
  }

  List<String> tokenRequests() {
    return tokenRequests;
  }

  Map<String, String> environment() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return new HashMap<>(
        Map.of(
            "VIGIE_BACKUP_URL",
            url + "/",
            "VIGIE_TOKEN_URL",
            url + "/token",
            "VIGIE_CLIENT_ID",
            "tool",
            "VIGIE_CLIENT_SECRET",
            "s3cret:ä"));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
