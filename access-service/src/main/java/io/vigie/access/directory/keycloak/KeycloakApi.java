package io.vigie.access.directory.keycloak;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.access.directory.DirectoryFailure;
import io.vigie.access.directory.DirectorySettings;

/** Requests to the realm's admin API, with a token of this service's own client. */
final class KeycloakApi {

  /** Who in the realm this service is, by its token. */
  record Token(String value, Instant until, JsonNode claims) {}

  private static final int SECONDS_BEFORE_END = 30;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebClient client;
  private final DirectorySettings settings;
  private final Clock clock;
  private final String tokens;
  private final String admin;
  private volatile Token token;

  KeycloakApi(WebClient client, DirectorySettings settings, Clock clock) {
    this.client = client;
    this.settings = settings;
    this.clock = clock;
    String realm =
        settings
            .realm()
            .orElseThrow(() -> new IllegalStateException("vigie.directory.realm names no realm"));
    this.tokens = realm + "/protocol/openid-connect/token";
    this.admin = realm.replaceFirst("/realms/(?=[^/]+$)", "/admin/realms/");
  }

  /** What stands there; null where nothing does. */
  Uni<JsonNode> get(String path, Map<String, ?> query) {
    return send(HttpMethod.GET, path, query, null)
        .map(answer -> answer.statusCode() == 404 ? null : read(require(answer, path)));
  }

  Uni<JsonNode> get(String path) {
    return get(path, Map.of());
  }

  /** Where what was made stands, by the end of its address. */
  Uni<String> create(String path, JsonNode body) {
    return send(HttpMethod.POST, path, Map.of(), body)
        .map(
            answer -> {
              String location = require(answer, path).getHeader("Location");
              return location.substring(location.lastIndexOf('/') + 1);
            });
  }

  Uni<Void> send(HttpMethod method, String path, JsonNode body) {
    return send(method, path, Map.of(), body)
        .invoke(answer -> require(answer, path))
        .replaceWithVoid();
  }

  private Uni<HttpResponse<Buffer>> send(
      HttpMethod method, String path, Map<String, ?> query, JsonNode body) {
    return attempt(method, path, query, body)
        .chain(
            answer -> {
              if (answer.statusCode() != 401 && answer.statusCode() != 403) {
                return Uni.createFrom().item(answer);
              }
              forget(); // Its session may have been ended, or a new one may do more.
              return attempt(method, path, query, body);
            });
  }

  private Uni<HttpResponse<Buffer>> attempt(
      HttpMethod method, String path, Map<String, ?> query, JsonNode body) {
    return token()
        .chain(
            known -> {
              HttpRequest<Buffer> request =
                  client
                      .requestAbs(method, admin + path)
                      .timeout(settings.timeLimit().toMillis())
                      .bearerTokenAuthentication(known.value());
              query.forEach((name, value) -> request.addQueryParam(name, value.toString()));
              return body == null
                  ? request.send()
                  : request
                      .putHeader("Content-Type", "application/json")
                      .sendBuffer(Buffer.buffer(body.toString()));
            })
        .onFailure(failure -> !(failure instanceof DirectoryFailure))
        .transform(KeycloakApi::away);
  }

  /** The token does not do: the next request has a new one. */
  void forget() {
    token = null;
  }

  /** A token that lives for some time yet. */
  Uni<Token> token() {
    Token known = token;
    if (known != null && clock.instant().isBefore(known.until())) {
      return Uni.createFrom().item(known);
    }
    if (settings.secret().isEmpty()) {
      return Uni.createFrom()
          .failure(
              DirectoryFailure.away(
                  "No secret of the client "
                      + settings.client()
                      + " is configured: set VIGIE_DIRECTORY_SECRET."));
    }
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .add("grant_type", "client_credentials")
            .add("client_id", settings.client())
            .add("client_secret", settings.secret().get());
    return client
        .postAbs(tokens)
        .timeout(settings.timeLimit().toMillis())
        .sendForm(form)
        .onFailure()
        .transform(KeycloakApi::away)
        .map(this::token);
  }

  private Token token(HttpResponse<Buffer> answer) {
    if (answer.statusCode() == 400 || answer.statusCode() == 401) {
      throw DirectoryFailure.away(
          "The realm has no client "
              + settings.client()
              + " with the configured secret. docs/operations.md says how to add it.");
    }
    JsonNode body = read(require(answer, "its tokens"));
    String value = body.path("access_token").asText();
    Token fresh =
        new Token(
            value,
            clock.instant().plusSeconds(body.path("expires_in").asLong() - SECONDS_BEFORE_END),
            claims(value));
    token = fresh;
    return fresh;
  }

  private static JsonNode claims(String token) {
    return parse(
        new String(
            java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
            StandardCharsets.UTF_8));
  }

  /** The answer, when it says that it was done. */
  private HttpResponse<Buffer> require(HttpResponse<Buffer> answer, String what) {
    int status = answer.statusCode();
    if (status / 100 == 2) {
      return answer;
    }
    if (status >= 500 || status == 429) {
      throw DirectoryFailure.away("Keycloak answered " + status + ".");
    }
    if (status == 401 || status == 403) {
      throw DirectoryFailure.refused(
          "The client %s may not use %s. docs/operations.md says what it needs."
              .formatted(settings.client(), kind(what)));
    }
    JsonNode body = parse(answer.bodyAsString());
    throw DirectoryFailure.refused(
        "Keycloak answered %d for %s: %s"
            .formatted(
                status,
                kind(what),
                body.path("errorMessage").asText(body.path("error").asText("no reason given"))));
  }

  /** A path without the ids and names in it. */
  private static String kind(String path) {
    return path.replaceAll("(?<=^/(users|roles|groups)/)[^/]+", "…")
        .replaceAll("(?<=/groups/)[^/]+", "…");
  }

  private static DirectoryFailure away(Throwable failure) {
    return failure instanceof DirectoryFailure known
        ? known
        : DirectoryFailure.away("Keycloak does not answer: " + failure.getMessage());
  }

  private static JsonNode read(HttpResponse<Buffer> answer) {
    return parse(answer.bodyAsString());
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text == null || text.isEmpty() ? "null" : text);
    } catch (JsonProcessingException e) {
      throw DirectoryFailure.away("Keycloak answered with something that is no JSON.");
    }
  }

  /** A name as a segment of a path. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
