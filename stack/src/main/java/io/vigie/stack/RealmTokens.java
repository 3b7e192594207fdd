package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Access tokens of a realm.
 *
 * @param realm the issuer of every token
 */
record RealmTokens(URI realm) {

  /** Of a demo account, by the password grant of the public client. It lives five minutes. */
  String account(String name) throws IOException {
    return ask(
        Map.of(
            "grant_type",
            "password",
            "client_id",
            "vigie-cli",
            "username",
            name,
            "password",
            Keycloak.password(name)));
  }

  /** Of the server's own administrator; it lives a minute. */
  static String administrator(URI server, String password) throws IOException {
    return new RealmTokens(URI.create(server + "/realms/master"))
        .ask(
            Map.of(
                "grant_type",
                "password",
                "client_id",
                "admin-cli",
                "username",
                Keycloak.ADMIN,
                "password",
                password));
  }

  /** Of a program, by the credentials of its client. */
  String client(String name, String secret) throws IOException {
    return ask(
        Map.of("grant_type", "client_credentials", "client_id", name, "client_secret", secret));
  }

  /** By a form of the token endpoint. */
  String ask(Map<String, String> form) throws IOException {
    JsonNode answer =
        Http.json(
            HttpRequest.newBuilder(URI.create(realm + "/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Http.form(form))));
    return answer.path("access_token").asText();
  }
}
