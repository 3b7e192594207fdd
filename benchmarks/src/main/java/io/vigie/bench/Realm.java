package io.vigie.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The platform's realm, as its administrator uses it by hand, and as people sign in to it. */
final class Realm {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "correct-horse-battery-staple";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  /**
   * @param server without a path
   */
  Realm(URI server) {
    this.server = server;
  }

  /**
   * An account with a password and nothing to do first; returns its id.
   *
   * @param administrator a token of the server's own administrator
   */
  String make(String administrator, String name, String email)
      throws IOException, InterruptedException {
    String account =
        """
        {"username":"%s","email":"%s","firstName":"Grace","lastName":"Hopper","enabled":true,
         "credentials":[{"type":"password","value":"%s","temporary":false}]}"""
            .formatted(name, email, PASSWORD);
    String location =
        send(administered(administrator, "")
                .header("Content-Type", Caller.JSON)
                .POST(HttpRequest.BodyPublishers.ofString(account)))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** How many sessions an account has. */
  int sessions(String administrator, String account) throws IOException, InterruptedException {
    return JSON.readTree(
            send(administered(administrator, "/" + account + "/sessions").GET()).body())
        .size();
  }

  private HttpRequest.Builder administered(String administrator, String path) {
    return HttpRequest.newBuilder(server.resolve("/admin/realms/vigie/users" + path))
        .header("Authorization", "Bearer " + administrator);
  }

  /** The tokens that whoever signs in by their password gets. */
  JsonNode signIn(String name) throws IOException, InterruptedException {
    return JSON.readTree(
        send(token("grant_type=password&username=" + name + "&password=" + PASSWORD)).body());
  }

  /** The next tokens of whoever is signed in. */
  JsonNode refresh(JsonNode tokens) throws IOException, InterruptedException {
    return JSON.readTree(send(refreshing(tokens)).body());
  }

  /** Whether there are no next ones. */
  boolean refusesToRefresh(JsonNode tokens) throws IOException, InterruptedException {
    return client
            .send(refreshing(tokens).build(), HttpResponse.BodyHandlers.discarding())
            .statusCode()
        == 400;
  }

  private HttpRequest.Builder refreshing(JsonNode tokens) {
    return token("grant_type=refresh_token&refresh_token=" + tokens.path("refresh_token").asText());
  }

  private HttpRequest.Builder token(String form) {
    return HttpRequest.newBuilder(server.resolve("/realms/vigie/protocol/openid-connect/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString("client_id=vigie-cli&" + form));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          answer.uri() + " answers " + answer.statusCode() + " " + answer.body());
    }
    return answer;
  }

  static String accessToken(JsonNode tokens) {
    return tokens.path("access_token").asText();
  }

  static boolean hasRole(JsonNode tokens, String role) throws IOException {
    for (JsonNode each : claims(accessToken(tokens)).path("realm_access").path("roles")) {
      if (each.asText().equals(role)) {
        return true;
      }
    }
    return false;
  }

  /** What an access token says. */
  static JsonNode claims(String accessToken) throws IOException {
    return JSON.readTree(Base64.getUrlDecoder().decode(accessToken.split("\\.")[1]));
  }
}
