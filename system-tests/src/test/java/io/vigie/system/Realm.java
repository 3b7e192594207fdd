package io.vigie.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/**
 * The platform's realm as its administrator uses it by hand, and accounts that tests make in it.
 */
final class Realm {

  static final String PASSWORD = "correct horse battery staple";

  /** What each new account may do at Keycloak itself, as ending its own sessions. */
  static final String DEFAULT_ROLES = "default-roles-vigie";

  private Realm() {}

  private static String server() {
    return Platform.url("keycloak").toString();
  }

  private static RequestSpecification admin() {
    return RestAssured.given()
        .baseUri(Platform.reached().administration().toString())
        .basePath("/admin/realms/vigie")
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + adminToken());
  }

  private static String adminToken() {
    try {
      return Platform.reached().adminToken();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An account with these roles; returns its id. */
  static String make(String username, String... roles) {
    String location =
        admin()
            .body(
                Map.of(
                    "username",
                    username,
                    "email",
                    username + "@agency.example",
                    "firstName",
                    "Sam",
                    "lastName",
                    "Leaver",
                    "enabled",
                    true,
                    "credentials",
                    List.of(Map.of("type", "password", "value", PASSWORD, "temporary", false))))
            .post("/users")
            .then()
            .statusCode(201)
            .extract()
            .header("Location");
    String account = location.substring(location.lastIndexOf('/') + 1);
    List.of(roles).forEach(role -> give(account, role));
    return account;
  }

  static void give(String account, String role) {
    admin()
        .body(List.of(admin().get("/roles/" + role).jsonPath().getMap("$")))
        .post("/users/" + account + "/role-mappings/realm")
        .then()
        .statusCode(204);
  }

  static void take(String account, String role) {
    admin()
        .body(List.of(admin().get("/roles/" + role).jsonPath().getMap("$")))
        .delete("/users/" + account + "/role-mappings/realm")
        .then()
        .statusCode(204);
  }

  /** The accounts that have this address. */
  static List<String> accountsOf(String email) {
    return admin()
        .queryParam("email", email)
        .queryParam("exact", true)
        .get("/users")
        .jsonPath()
        .getList("id", String.class);
  }

  /** The roles that an account was given, in the order of their names. */
  static List<String> roles(String account) {
    return admin()
        .get("/users/" + account + "/role-mappings/realm")
        .jsonPath()
        .getList("name", String.class)
        .stream()
        .filter(role -> !role.equals(DEFAULT_ROLES))
        .sorted()
        .toList();
  }

  /**
   * Does what the holder of a new account does at the first sign-in; returns the account's name.
   */
  static String setPassword(String account) {
    admin()
        .body(Map.of("type", "password", "value", PASSWORD, "temporary", false))
        .put("/users/" + account + "/reset-password")
        .then()
        .statusCode(204);
    Map<String, Object> user = admin().get("/users/" + account).jsonPath().getMap("$");
    user.put("requiredActions", List.of());
    admin().body(user).put("/users/" + account).then().statusCode(204);
    return user.get("username").toString();
  }

  /** Ends all sessions of an account. */
  static void signOut(String account) {
    admin().post("/users/" + account + "/logout").then().statusCode(204);
  }

  /** Signs somebody in; the tokens, or the refusal. */
  static Response signIn(String username) {
    return token(Map.of("grant_type", "password", "username", username, "password", PASSWORD));
  }

  /** The same, at another client of the realm. */
  static Response signInAt(String client, String username) {
    return token(
        client, Map.of("grant_type", "password", "username", username, "password", PASSWORD));
  }

  static Response refresh(Response tokens) {
    return token(
        Map.of(
            "grant_type", "refresh_token", "refresh_token", tokens.<String>path("refresh_token")));
  }

  private static Response token(Map<String, String> form) {
    return token("vigie-cli", form);
  }

  private static Response token(String client, Map<String, String> form) {
    return RestAssured.given()
        .formParams(form)
        .formParam("scope", "openid")
        .formParam("client_id", client)
        .post(server() + "/realms/vigie/protocol/openid-connect/token");
  }
}
