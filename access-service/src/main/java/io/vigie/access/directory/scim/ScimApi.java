package io.vigie.access.directory.scim;

import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.access.directory.DirectoryFailure;
import io.vigie.access.directory.DirectorySettings;

/** Requests to a SCIM service provider, with a bearer token. */
final class ScimApi {

  private static final String MEDIA_TYPE = "application/scim+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebClient client;
  private final DirectorySettings settings;

  ScimApi(WebClient client, DirectorySettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** Where a resource stands, for others to see. */
  String address(String path) {
    return settings.scimUrl().orElse("") + path;
  }

  /** What stands there; null where nothing does. */
  Uni<JsonNode> get(String path, Map<String, ?> query) {
    return send(HttpMethod.GET, path, query, null)
        .map(answer -> answer.statusCode() == 404 ? null : read(require(answer)));
  }

  /** What came of it; null where the provider says no more than that it was done. */
  Uni<JsonNode> send(HttpMethod method, String path, JsonNode body) {
    return send(method, path, Map.of(), body).map(answer -> read(require(answer)));
  }

  private Uni<HttpResponse<Buffer>> send(
      HttpMethod method, String path, Map<String, ?> query, JsonNode body) {
    if (settings.scimUrl().isEmpty()) {
      return Uni.createFrom()
          .failure(DirectoryFailure.away("Say where it is: set VIGIE_DIRECTORY_SCIM_URL."));
    }
    HttpRequest<Buffer> request =
        client
            .requestAbs(method, settings.scimUrl().get() + path)
            .timeout(settings.timeLimit().toMillis())
            .putHeader("Accept", MEDIA_TYPE);
    settings.secret().ifPresent(request::bearerTokenAuthentication);
    query.forEach((name, value) -> request.addQueryParam(name, value.toString()));
    Uni<HttpResponse<Buffer>> sent =
        body == null
            ? request.send()
            : request
                .putHeader("Content-Type", MEDIA_TYPE)
                .sendBuffer(Buffer.buffer(body.toString()));
    return sent.onFailure()
        .transform(
            failure ->
                DirectoryFailure.away("The directory does not answer: " + failure.getMessage()));
  }

  private static HttpResponse<Buffer> require(HttpResponse<Buffer> answer) {
    int status = answer.statusCode();
    if (status / 100 == 2) {
      return answer;
    }
    if (status >= 500 || status == 429) {
      throw DirectoryFailure.away("The directory answered " + status + ".");
    }
    if (status == 401) {
      throw DirectoryFailure.away(
          "The directory does not take the token: set VIGIE_DIRECTORY_SECRET.");
    }
    // The detail may name people; the keyword (RFC 7644, 3.12) does not.
    String type = read(answer).path("scimType").asText("");
    throw DirectoryFailure.refused(
        "The directory answered " + status + (type.isEmpty() ? "." : " (" + type + ")."));
  }

  private static JsonNode read(HttpResponse<Buffer> answer) {
    String text = answer.bodyAsString();
    try {
      return JSON.readTree(text == null || text.isEmpty() ? "{}" : text);
    } catch (JsonProcessingException e) {
      throw DirectoryFailure.away("The directory answered with something that is no JSON.");
    }
  }
}
