package io.vigie.incident.notice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/**
 * What this service sees of access-service and of the token endpoint, which run in no test of this
 * module: people as access-service's own example has them, to whoever has the token.
 */
public final class AccessService implements QuarkusTestResourceLifecycleManager {

  public static final String SYSADMIN_MAILBOX = "sysadmin@agency.example";

  public static final String CISO_MAILBOX = "ciso@agency.example";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<UUID, ObjectNode> PEOPLE = new ConcurrentHashMap<>();
  private static final String SECRET = "s3cret";
  private static volatile boolean away;

  private HttpServer server;

  /** Has somebody in the register who has this account, a subject. */
  public static UUID personWith(String subject, String email) {
    UUID id = person(email, "en", "ACTIVE");
    PEOPLE.get(id).put("subject", subject);
    return id;
  }

  /** Has somebody in the register; {@code language} may be null. */
  public static UUID person(String email, String language, String state) {
    UUID id = UUID.randomUUID();
    ObjectNode person =
        example()
            .put("id", id.toString())
            .put("subject", id.toString())
            .put("email", email)
            .put("state", state);
    if (language != null) {
      person.put("language", language);
    }
    PEOPLE.put(id, person);
    return id;
  }

  /** Whether it answers nothing but 503. */
  public static void away(boolean isAway) {
    away = isAway;
  }

  private static ObjectNode example() {
    Path file =
        Path.of(System.getProperty("vigie.root"), "contracts", "examples", "access-service.json");
    try {
      return (ObjectNode) JSON.readTree(file.toFile()).get("Person");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/realm/protocol/openid-connect/token", AccessService::token);
    server.createContext("/v1/people", AccessService::people);
    server.start();
    String address =
        "http://"
            + InetAddress.getLoopbackAddress().getHostAddress()
            + ":"
            + server.getAddress().getPort();
    return Map.of(
        "vigie.access-url", address,
        "vigie.client-secret", SECRET,
        "vigie.notices.mailboxes.ciso", CISO_MAILBOX,
        "vigie.notices.mailboxes.sysadmin", SYSADMIN_MAILBOX,
        "quarkus.oidc-client.auth-server-url", address + "/realm");
  }

  private static void token(HttpExchange exchange) throws IOException {
    String credentials =
        Base64.getEncoder()
            .encodeToString(("vigie-incident:" + SECRET).getBytes(StandardCharsets.UTF_8));
    boolean isKnown =
        ("Basic " + credentials).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    answer(
        exchange,
        isKnown ? 200 : 401,
        JSON.createObjectNode().put("access_token", "granted").put("expires_in", 300));
  }

  private static void people(HttpExchange exchange) throws IOException {
    if (away) {
      answer(exchange, 503, JSON.createObjectNode());
      return;
    }
    if (!"Bearer granted".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, JSON.createObjectNode());
      return;
    }
    String query =
        URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
    ObjectNode page = JSON.createObjectNode();
    ArrayNode items = page.putArray("items");
    List<String> values = List.of(query.substring(query.indexOf('=') + 1).split(","));
    String by = query.startsWith("subject=") ? "subject" : "id";
    PEOPLE.values().stream()
        .filter(person -> values.contains(person.path(by).asText()))
        .forEach(items::add);
    answer(exchange, 200, page);
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    try (exchange) {
      byte[] bytes = JSON.writeValueAsBytes(body);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void stop() {
    server.stop(0);
  }
}
