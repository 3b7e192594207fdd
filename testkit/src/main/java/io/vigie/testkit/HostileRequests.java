package io.vigie.testkit;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.vigie.kernel.security.Roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Sends what an attacker would to every operation that a running service declares in its OpenAPI:
 * SQL and too much of a text in each parameter of each list, names of files elsewhere in each path,
 * and bodies that are none. Each is refused as what it is or finds nothing, in no more time than
 * anything else; the service never fails at it. A refusal that is no fact is a line of its log by
 * the name of the request, and none of its lines has what parameters and bodies say.
 */
public final class HostileRequests {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** That nothing in a database has. */
  private static final String NOTHING = "zq" + UUID.randomUUID().toString().substring(0, 8);

  /** Longer than anything takes, and shorter than what a database is told to sleep. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  /** Of refusals that are facts; the others are lines. */
  private static final Set<Integer> FACTS = Set.of(401, 403, 408, 409, 413, 422, 429);

  /** With what comes after it, each would find all there is, or break the query, if it were run. */
  private static final List<String> SQL =
      List.of(
          NOTHING + "' || 'a'='a",
          NOTHING + "') -- ",
          NOTHING + "'; drop table outbox; --",
          NOTHING + "' union select null, null --",
          NOTHING + "\\",
          NOTHING + "\" :p0 ?1 $1 {d '1'} %s",
          NOTHING + "%_*[a-z]+(",
          NOTHING + "'; select pg_sleep(" + 2 * PATIENCE.toSeconds() + "); --",
          NOTHING + "' || (select 'a' from pg_sleep(" + 2 * PATIENCE.toSeconds() + ")) || '",
          NOTHING.repeat(300));

  /** What somebody types who means all of it. */
  private static final List<String> ANYTHING =
      List.of("'", "' or '1'='1", "%", "\\", "((", "\ud83d\ude00");

  /** As they stand in a path. */
  private static final List<String> ELSEWHERE =
      List.of(
          "..%2F..%2F..%2Fetc%2Fpasswd",
          "..%5C..%5Cwindows%5Cwin.ini",
          "%2Fetc%2Fpasswd",
          "%252e%252e%252fetc%252fpasswd",
          "....%2F%2F....%2F%2Fetc",
          "x%00.json",
          "%00",
          "file:%2F%2F%2Fetc%2Fpasswd",
          "..;",
          "'%20or%20'1'='1",
          "x".repeat(2_000));

  private static final Pattern TEXT = Pattern.compile("json|csv|xml|^text/");

  /** Whose reader has something to quote. */
  private static final List<String> BODIES =
      List.of(
          "{\"" + NOTHING + "\":\"" + NOTHING + "@agency.example\"}",
          "\"" + NOTHING + "\"",
          "[\"" + NOTHING + "\"]",
          NOTHING,
          "{\"name\":\"" + NOTHING);

  /** Of one and the same, a minute has no more lines: {@code vigie.refusals.per-minute}. */
  private static final int LINES = 20;

  /** Of somebody who may read each list. */
  static final String TOKEN = token();

  private final Logged log;
  private final List<String> wrong = new ArrayList<>();
  private int requests;
  private int lines;
  private String token = token();
  private int lookedFor;

  private HostileRequests(Logged log) {
    this.log = log;
  }

  /** Tries the parameters of the service under test; returns how many requests that took. */
  public static int inParameters() {
    return inParameters(Map.of());
  }

  /**
   * The same, also of objects that there are, where a filter is looked at after its object.
   *
   * @param existing what to read of them, by its path in the OpenAPI
   */
  public static int inParameters(Map<String, String> existing) {
    JsonNode api = ApiDescription.read();
    try (Logged log = new Logged()) {
      HostileRequests hostile = new HostileRequests(log);
      for (var path : api.get("paths").properties()) {
        JsonNode operation = path.getValue().path("get");
        for (JsonNode parameter : operation.path("parameters")) {
          JsonNode declared = resolved(api, parameter);
          if (declared.path("in").asText().equals("query")) {
            hostile.tryParameter(api, withIds(path.getKey()), declared);
            if (existing.containsKey(path.getKey())) {
              hostile.tryParameter(api, hostile.present(existing.get(path.getKey())), declared);
            }
          }
        }
      }
      assertEquals(List.of(), log.with(NOTHING));
      assertEquals(List.of(), hostile.wrong);
      assertTrue(hostile.lookedFor > 0, "no text was looked for");
      return hostile.requests;
    }
  }

  private String present(String path) {
    HttpResponse<String> answer = send("get", path);
    if (answer.statusCode() != 200) {
      wrong.add(path + " is not there to be filtered: " + said(answer));
    }
    return path;
  }

  /** Tries the paths of the service under test; returns how many requests that took. */
  public static int inPaths() {
    try (Logged log = new Logged()) {
      HostileRequests hostile = new HostileRequests(log);
      for (var path : ApiDescription.read().get("paths").properties()) {
        path.getValue()
            .fieldNames()
            .forEachRemaining(
                method -> {
                  if (path.getKey().contains("{")) {
                    ELSEWHERE.forEach(name -> hostile.tryPath(method, path.getKey(), name));
                  }
                });
      }
      assertEquals(List.of(), hostile.wrong);
      return hostile.requests;
    }
  }

  /** Tries the bodies of the service under test; returns how many requests that took. */
  public static int inBodies() {
    try (Logged log = new Logged()) {
      HostileRequests hostile = new HostileRequests(log);
      for (var path : ApiDescription.read().get("paths").properties()) {
        for (var operation : path.getValue().properties()) {
          for (var content : operation.getValue().at("/requestBody/content").properties()) {
            if (TEXT.matcher(content.getKey()).find()) {
              hostile.tryBodies(operation.getKey(), path.getKey(), content.getKey());
            }
          }
        }
      }
      assertEquals(List.of(), log.with(NOTHING));
      assertEquals(List.of(), hostile.wrong);
      return hostile.requests;
    }
  }

  private void tryParameter(JsonNode api, String path, JsonNode parameter) {
    String name = parameter.path("name").asText();
    boolean isText = isText(api, parameter.path("schema"));
    String nothing =
        isText ? withoutTimes(send("get", path + "?" + name + "=" + NOTHING).body()) : null;
    for (String value :
        isText ? Stream.concat(SQL.stream(), ANYTHING.stream()).toList() : SQL.subList(0, 1)) {
      String address = path + "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
      HttpResponse<String> answer = send("get", address);
      boolean isRefused = List.of(400, 404).contains(answer.statusCode());
      boolean findsNothing =
          answer.statusCode() == 200
              && (ANYTHING.contains(value)
                  || isEmpty(answer)
                  || withoutTimes(answer.body()).equals(nothing)); // of what is no list
      if (isText && findsNothing) {
        lookedFor++;
      } else if (!isRefused) {
        wrong.add(name + " of " + path + " = " + shortened(value) + ": " + said(answer));
      }
    }
  }

  private void tryPath(String method, String path, String name) {
    HttpResponse<String> answer = send(method, path.replaceAll("\\{[^}]+}", name));
    boolean isRefused =
        method.equals("get")
            ? List.of(400, 404).contains(answer.statusCode())
            : answer.statusCode() / 100 == 4;
    if (!isRefused) {
      wrong.add(
          method.toUpperCase(Locale.ROOT)
              + " "
              + path
              + " with "
              + shortened(name)
              + ": "
              + said(answer));
    }
  }

  private void tryBodies(String method, String path, String type) {
    for (String body : BODIES) {
      HttpResponse<String> answer = send(method, withIds(path), type, body);
      if (answer.statusCode() >= 500) {
        wrong.add(
            method.toUpperCase(Locale.ROOT) + " " + path + " of " + body + ": " + said(answer));
      }
    }
  }

  private HttpResponse<String> send(String method, String address) {
    return send(method, address, "application/json", "{}");
  }

  private HttpResponse<String> send(String method, String address, String type, String body) {
    requests++;
    String request = UUID.randomUUID().toString();
    long begin = System.nanoTime();
    HttpResponse<String> answer =
        RoleMatrix.answer(
            HttpRequest.newBuilder(
                    URI.create(RestAssured.baseURI + ":" + RestAssured.port + address))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .header("If-Match", "*")
                .header("X-Request-Id", request)
                .method(
                    method.toUpperCase(Locale.ROOT),
                    method.equals("get") ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    String what = method.toUpperCase(Locale.ROOT) + " " + shortened(address);
    if (took.compareTo(PATIENCE) > 0) {
      wrong.add(what + " took " + took);
    }
    boolean isLine = answer.statusCode() / 100 == 4 && !FACTS.contains(answer.statusCode());
    if (isLine && log.with(request).stream().noneMatch(line -> line.contains("refused: "))) {
      wrong.add(what + " left no line: " + said(answer));
    }
    if (isLine && ++lines % LINES == 0) {
      token = token();
    }
    return answer;
  }

  private static String token() {
    return Tokens.of(
        Roles.ASSET_MANAGER,
        Roles.ACCESS_MANAGER,
        Roles.RESPONDER,
        Roles.SYSADMIN,
        Roles.CISO,
        Roles.AUDITOR);
  }

  /** Of nothing that there is. */
  private static String withIds(String path) {
    return path.replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
  }

  /** Whether any text may be a value. */
  private static boolean isText(JsonNode api, JsonNode schema) {
    JsonNode declared = resolved(api, schema);
    JsonNode value =
        declared.path("type").asText().equals("array")
            ? resolved(api, declared.path("items"))
            : declared;
    return value.path("type").toString().contains("string")
        && !value.has("enum")
        && !value.has("format");
  }

  private static JsonNode resolved(JsonNode api, JsonNode node) {
    return node.has("$ref") ? api.at(node.get("$ref").asText().substring(1)) : node;
  }

  /** A list without items, or a table without rows; of other files nobody can tell. */
  private static boolean isEmpty(HttpResponse<String> answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    try {
      return type.startsWith("application/json")
          ? isEmpty(JSON.readTree(answer.body()))
          : !type.startsWith("text/csv") || answer.body().lines().count() <= 1;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean isEmpty(JsonNode list) {
    JsonNode items = list.isArray() ? list : list.path("items");
    return items.isArray() && items.isEmpty();
  }

  private static String withoutTimes(String body) {
    return body.replaceAll("\\d{4}-\\d\\d-\\d\\dT[^\"]*", "");
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static String said(HttpResponse<String> answer) {
    return answer.statusCode() + " " + shortened(answer.body());
  }
}
