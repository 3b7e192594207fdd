package io.vigie.access.directory;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.stack.Stack;

/** The realm as an administrator uses it by hand, and as people sign in to it. */
final class Realm {

  static final String PASSWORD = "correct horse battery staple";

  /** Half of what such a token lives. */
  private static final Duration TOKEN_KEPT = Duration.ofSeconds(30);

  private final String server;
  private String token;
  private long tokenSince;

  Realm(Stack stack) {
    this.server = stack.url("keycloak").toString();
  }

  private RequestSpecification admin() {
    return RestAssured.given()
        .baseUri(server)
        .basePath("/admin/realms/vigie")
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + adminToken());
  }

  /** A sign-in costs Keycloak a hash that is meant to be dear: one does for half a token's life. */
  private synchronized String adminToken() {
    if (token == null || System.nanoTime() - tokenSince > TOKEN_KEPT.toNanos()) {
      tokenSince = System.nanoTime();
      token =
          RestAssured.given()
              .formParams(
                  Map.of(
                      "grant_type", "password",
                      "client_id", "admin-cli",
                      "username", "admin",
                      "password", RealKeycloak.secret("keycloak_admin")))
              .post(server + "/realms/master/protocol/openid-connect/token")
              .path("access_token");
    }
    return token;
  }

  /** An account that somebody made by hand, with this password and nothing to do first. */
  String make(String username) {
    return make(username, "example.org");
  }

  /** The same, with an address of this domain. */
  String make(String username, String domain) {
    String location =
        admin()
            .body(
                Map.of(
                    "username",
                    username,
                    "email",
                    username + "@" + domain,
                    "firstName",
                    "Grace",
                    "lastName",
                    "Hopper",
                    "enabled",
                    true,
                    "credentials",
                    List.of(Map.of("type", "password", "value", PASSWORD, "temporary", false))))
            .post("/users")
            .then()
            .statusCode(201)
            .extract()
            .header("Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** Whether the realm takes a password. */
  Response setPassword(String account, String password) {
    return admin()
        .body(Map.of("type", "password", "value", password, "temporary", false))
        .put("/users/" + account + "/reset-password");
  }

  void change(String account, Map<String, ?> changes) {
    Map<String, Object> user = admin().get("/users/" + account).jsonPath().getMap("$");
    user.putAll(changes);
    admin().body(user).put("/users/" + account).then().statusCode(204);
  }

  void delete(String account) {
    admin().delete("/users/" + account).then().statusCode(204);
  }

  /** Whether the realm locks out who guesses passwords. */
  void lockOutGuessers(boolean locks) {
    admin().body(Map.of("bruteForceProtected", locks)).put("").then().statusCode(204);
  }

  /** What the realm asks of passwords. */
  void askOfPasswords(String policy) {
    admin().body(Map.of("passwordPolicy", policy)).put("").then().statusCode(204);
  }

  String passwordPolicy() {
    return admin().get("").path("passwordPolicy");
  }

  /** Under which address the realm is known; that at which it is asked where this is null. */
  void knownAs(String address) {
    Map<String, Object> attributes = admin().get("").jsonPath().getMap("attributes");
    if (address == null) {
      attributes.remove("frontendUrl");
    } else {
      attributes.put("frontendUrl", address);
    }
    admin().body(Map.of("attributes", attributes)).put("").then().statusCode(204);
  }

  void makeRole(String name, boolean owned) {
    admin().body(Map.of("name", name)).post("/roles").then().statusCode(201);
    if (owned) {
      Map<String, Object> role = role(name);
      role.put("attributes", Map.of("vigie.owned", List.of("true")));
      admin().body(role).put("/roles/" + name).then().statusCode(204);
    }
  }

  void makeGroup(String name) {
    makeGroup(name, true);
  }

  void makeGroup(String name, boolean owned) {
    Map<String, List<String>> mark = owned ? Map.of("vigie.owned", List.of("true")) : Map.of();
    admin().body(Map.of("name", name, "attributes", mark)).post("/groups").then().statusCode(201);
  }

  private Map<String, Object> role(String name) {
    return admin().get("/roles/" + name).jsonPath().getMap("$");
  }

  /** Has whoever has one role have another too. */
  void includeRole(String name, String included) {
    admin()
        .body(List.of(role(included)))
        .post("/roles/" + name + "/composites")
        .then()
        .statusCode(204);
  }

  /** Gives an account a role of a client. */
  void giveRoleOf(String client, String account, String role) {
    admin()
        .body(List.of(roleOf(client, role)))
        .post("/users/" + account + "/role-mappings/clients/" + idOf(client))
        .then()
        .statusCode(204);
  }

  void makeRoleOf(String client, String role) {
    admin()
        .body(Map.of("name", role))
        .post("/clients/" + idOf(client) + "/roles")
        .then()
        .statusCode(201);
  }

  /** Has whoever has a role of a client have one of the realm, too. */
  void includeRole(String client, String role, String included) {
    admin()
        .body(List.of(role(included)))
        .post("/roles-by-id/" + roleOf(client, role).get("id") + "/composites")
        .then()
        .statusCode(204);
  }

  private Map<String, Object> roleOf(String client, String role) {
    return admin().get("/clients/" + idOf(client) + "/roles/" + role).jsonPath().getMap("$");
  }

  private String idOf(String client) {
    return admin().queryParam("clientId", client).get("/clients").path("[0].id");
  }

  void giveRoleToGroup(String group, String role) {
    admin()
        .body(List.of(role(role)))
        .post(groupNamed(group) + "/role-mappings/realm")
        .then()
        .statusCode(204);
  }

  /** The path of a group. */
  private String groupNamed(String name) {
    return "/groups/"
        + admin()
            .queryParam("search", name)
            .queryParam("exact", true)
            .get("/groups")
            .path("[0].id");
  }

  void giveRole(String account, String name) {
    mapping("POST", account, name);
  }

  void takeRole(String account, String name) {
    mapping("DELETE", account, name);
  }

  private void mapping(String method, String account, String name) {
    admin()
        .body(List.of(role(name)))
        .request(method, "/users/" + account + "/role-mappings/realm")
        .then()
        .statusCode(204);
  }

  void giveGroup(String account, String name) {
    membership("PUT", account, name);
  }

  void takeGroup(String account, String name) {
    membership("DELETE", account, name);
  }

  private void membership(String method, String account, String name) {
    admin().request(method, "/users/" + account + groupNamed(name)).then().statusCode(204);
  }

  /** Makes the realm one that an earlier version imported. */
  void makeOlder() {
    String client =
        admin().queryParam("clientId", "vigie-directory").get("/clients").path("[0].id");
    admin().delete("/clients/" + client).then().statusCode(204);
    Map<String, Object> role = role("internal-tool");
    role.put("attributes", Map.of());
    admin().body(role).put("/roles/internal-tool").then().statusCode(204);
    lockOutGuessers(false);
    askOfPasswords("");
    Map<String, Object> events = admin().get("/events/config").jsonPath().getMap("$");
    events.put("eventsEnabled", false);
    events.put("adminEventsEnabled", false);
    events.put("enabledEventTypes", List.of("LOGIN"));
    admin().body(events).put("/events/config").then().statusCode(204);
  }

  List<String> rolesOf(String account) {
    return admin().get("/users/" + account + "/role-mappings/realm").jsonPath().getList("name");
  }

  List<String> groupsOf(String account) {
    return admin().get("/users/" + account + "/groups").jsonPath().getList("name");
  }

  int sessionsOf(String account) {
    return admin().get("/users/" + account + "/sessions").jsonPath().getList("$").size();
  }

  JsonPath account(String account) {
    return admin().get("/users/" + account).jsonPath();
  }

  List<String> named(String username) {
    return admin()
        .queryParam("username", username)
        .queryParam("exact", true)
        .get("/users")
        .jsonPath()
        .getList("id");
  }

  /** Signs somebody in; the tokens, or the refusal. */
  Response signIn(String username) {
    return signIn(username, PASSWORD);
  }

  Response signIn(String username, String password) {
    return token(Map.of("grant_type", "password", "username", username, "password", password));
  }

  Response refresh(Response tokens) {
    return token(
        Map.of(
            "grant_type", "refresh_token", "refresh_token", tokens.<String>path("refresh_token")));
  }

  private Response token(Map<String, String> form) {
    return RestAssured.given()
        .formParams(form)
        .formParam("client_id", "vigie-cli")
        .post(server + "/realms/vigie/protocol/openid-connect/token");
  }

  /** A client with an account of its own, and this secret; returns the account. */
  String makeProgram(String name) {
    String location =
        admin()
            .body(
                Map.of(
                    "clientId",
                    name,
                    "secret",
                    PASSWORD,
                    "serviceAccountsEnabled",
                    true,
                    "standardFlowEnabled",
                    false))
            .post("/clients")
            .then()
            .statusCode(201)
            .extract()
            .header("Location");
    return admin()
        .get(
            "/clients/"
                + location.substring(location.lastIndexOf('/') + 1)
                + "/service-account-user")
        .path("id");
  }

  /** The token of a program's client, or the refusal. */
  Response signInProgram(String name) {
    return RestAssured.given()
        .formParams(
            Map.of(
                "grant_type", "client_credentials", "client_id", name, "client_secret", PASSWORD))
        .post(server + "/realms/vigie/protocol/openid-connect/token");
  }

  void signOut(Response tokens) {
    RestAssured.given()
        .formParam("client_id", "vigie-cli")
        .formParam("refresh_token", tokens.<String>path("refresh_token"))
        .post(server + "/realms/vigie/protocol/openid-connect/logout")
        .then()
        .statusCode(204);
  }

  /** The roles that an access token carries. */
  static List<String> rolesIn(Response tokens) {
    String payload = tokens.<String>path("access_token").split("\\.")[1];
    return JsonPath.from(new String(Base64.getUrlDecoder().decode(payload)))
        .getList("realm_access.roles");
  }
}
