package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An account that calls the services' REST API, with a token that is renewed in time. After no
 * answer in 75 s, a 503, a 429 or no token it asks up to three times more, a POST under the same
 * {@code Idempotency-Key}. A PUT that was done although its answer was lost is refused then.
 */
final class Caller {
  /** Tokens live five minutes. */
  static final Duration RENEWED_AFTER = Duration.ofMinutes(4);

  private static final Duration KNOWN_WITHIN = Duration.ofMinutes(3);
  private static final int PAGE = 200;

  /**
   * Services give up a request after 10 s, and say so a moment later: on a machine that is busy
   * with something else, which is none of the platform's fault, much later.
   */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(75);

  private static final int ATTEMPTS = 4;
  private static final long LONGEST_PAUSE_SECONDS = 60;

  /** Where the account's tokens come from. */
  interface Tokens {
    String next() throws IOException;

    /** How long one is used before the next is asked for. */
    default Duration usedFor() {
      return RENEWED_AFTER;
    }

    /**
     * Is shown what a service answers to one.
     *
     * @throws StackException when it is of no use there, with what to do about that
     */
    default void answered(HttpResponse<?> answer) {}
  }

  /**
   * @param version what a change of the object needs as {@code If-Match}; null where there is none
   */
  record Answer(JsonNode body, String version) {

    String id() {
      return body.path("id").asText();
    }
  }

  private final Platform platform;
  private final String name;
  private final Tokens tokens;
  private String token;
  private long tokenTaken;

  Caller(Platform platform, String name, Tokens tokens) {
    this.platform = platform;
    this.name = name;
    this.tokens = tokens;
  }

  /** The account's name, as people know it. */
  String name() {
    return name;
  }

  /** The account's id, as the log knows it. */
  String subject() throws IOException {
    return claims().path("sub").asText();
  }

  /** What Keycloak says of the account. */
  JsonNode claims() throws IOException {
    return Http.JSON.readTree(Base64.getUrlDecoder().decode(token().split("\\.")[1]));
  }

  /** The name of the person whose account it is. */
  String person() throws IOException {
    return claims().path("name").asText();
  }

  Answer get(String service, String path) throws IOException {
    return accepted(exchange("GET", service, path, null, null));
  }

  /** The items of a list's first page. */
  List<JsonNode> list(String service, String path) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    get(service, path).body().path("items").forEach(items::add);
    return items;
  }

  /** The items of all pages of a list, which may be filtered. */
  List<JsonNode> listAll(String service, String path) throws IOException {
    String first = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
    List<JsonNode> items = new ArrayList<>();
    List<JsonNode> page = list(service, first);
    while (!page.isEmpty()) {
      items.addAll(page);
      page = list(service, first + "&after=" + items.get(items.size() - 1).path("id").asText());
    }
    return items;
  }

  /** Creates something, or lets something happen that needs no version. */
  Answer post(String service, String path, Object body) throws IOException {
    return accepted(exchange("POST", service, path, body, null));
  }

  /**
   * The same where it names what was registered just now, once the service knows that.
   *
   * @throws IOException when it does not after three minutes, or refuses anything else
   */
  Answer postOnceKnown(String service, String path, Object body) throws IOException {
    long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
    while (true) {
      HttpResponse<String> answer = exchange("POST", service, path, body, null);
      if (!answer.body().contains("unknown-reference") || System.nanoTime() > deadline) {
        return accepted(answer);
      }
      Daemon.pause(Duration.ofMillis(100));
    }
  }

  /** Lets something happen to an object in the version that was read. */
  Answer post(String service, String path, Object body, String version) throws IOException {
    return accepted(exchange("POST", service, path, body, version));
  }

  /** Sends lines of JSON. */
  Answer postLines(String service, String path, String lines) throws IOException {
    return accepted(
        send("POST", service, path, "application/x-ndjson", BodyPublishers.ofString(lines), null));
  }

  /**
   * Sends a table in CSV.
   *
   * @param map what its headings are called, as imports read that
   */
  Answer postTable(String service, String path, List<String> map, String table) throws IOException {
    String query =
        map.stream()
            .map(column -> "map=" + URLEncoder.encode(column, StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return accepted(
        send(
            "POST", service, path + "?" + query, "text/csv", BodyPublishers.ofString(table), null));
  }

  Answer put(String service, String path, Object body, String version) throws IOException {
    return accepted(exchange("PUT", service, path, body, version));
  }

  /**
   * Puts a part of an object that others change too, in whatever version it is.
   *
   * @param whole where the object is read, with its version
   */
  Answer putAnyVersion(String service, String path, Object body, String whole) throws IOException {
    int left = ATTEMPTS;
    while (true) {
      left--;
      HttpResponse<String> answer =
          exchange("PUT", service, path, body, get(service, whole).version());
      if (left == 0 || answer.statusCode() != 412) {
        return accepted(answer);
      }
    }
  }

  /**
   * Tries what must be refused.
   *
   * @return the problem document
   * @throws StackException when it was not refused
   */
  JsonNode refused(String service, String path, Object body, String version) throws IOException {
    HttpResponse<String> answer = exchange("POST", service, path, body, version);
    if (answer.statusCode() / 100 != 4) {
      throw new StackException(
          "This should have been refused: " + Http.refusal(answer).getMessage());
    }
    return Http.JSON.readTree(answer.body());
  }

  private Answer accepted(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw Http.refusal(answer);
    }
    return new Answer(
        Http.JSON.readTree(answer.body()), answer.headers().firstValue("ETag").orElse(null));
  }

  private HttpResponse<String> exchange(
      String method, String service, String path, Object body, String version) throws IOException {
    return body == null
        ? send(method, service, path, null, BodyPublishers.noBody(), version)
        : send(
            method,
            service,
            path,
            "application/json",
            BodyPublishers.ofString(Http.JSON.writeValueAsString(body)),
            version);
  }

  /**
   * Asks for what is no object, or takes longer than one, once; any answer is a good one.
   *
   * @param body null for a GET
   */
  <T> HttpResponse<T> ask(
      String service, String path, Object body, BodyHandler<T> handler, Duration patience)
      throws IOException {
    HttpRequest.Builder request =
        body == null
            ? request(service, path, null, null)
            : request(service, path, "application/json", null)
                .POST(BodyPublishers.ofString(Http.JSON.writeValueAsString(body)));
    HttpResponse<T> answer = Http.exchange(request, handler, patience);
    tokens.answered(answer);
    return answer;
  }

  private HttpResponse<String> send(
      String method, String service, String path, String type, BodyPublisher body, String version)
      throws IOException {
    String key = UUID.randomUUID().toString();
    int left = ATTEMPTS;
    while (true) {
      left--;
      try {
        // Made anew each time: the token may have been renewed.
        HttpRequest.Builder request = request(service, path, type, version).method(method, body);
        if (method.equals("POST")) {
          request.header("Idempotency-Key", key);
        }
        HttpResponse<String> answer =
            Http.exchange(request, HttpResponse.BodyHandlers.ofString(), ANSWERED_WITHIN);
        tokens.answered(answer);
        if (left == 0 || !passes(answer)) {
          return answer;
        }
        Daemon.pause(pause(answer));
      } catch (IOException e) {
        if (left == 0) {
          throw e;
        }
        Daemon.pause(Duration.ofSeconds(1));
      }
    }
  }

  /** Whether the same request may be answered otherwise soon; 409 while the first still runs. */
  private static boolean passes(HttpResponse<String> answer) {
    return answer.statusCode() == 503
        || answer.statusCode() == 429
        || answer.statusCode() == 409 && answer.body().contains("request-in-flight");
  }

  private static Duration pause(HttpResponse<String> answer) {
    long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
    return Duration.ofSeconds(Math.min(seconds, LONGEST_PAUSE_SECONDS));
  }

  private HttpRequest.Builder request(String service, String path, String type, String version)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(platform.url(service) + path))
            .header("Authorization", "Bearer " + token());
    if (version != null) {
      request.header("If-Match", version);
    }
    if (type != null) {
      request.header("Content-Type", type);
    }
    return request;
  }

  /** Several threads may call at once. */
  private synchronized String token() throws IOException {
    if (token == null || System.nanoTime() - tokenTaken > tokens.usedFor().toNanos()) {
      long taken = System.nanoTime();
      token = tokens.next();
      tokenTaken = taken;
    }
    return token;
  }
}
