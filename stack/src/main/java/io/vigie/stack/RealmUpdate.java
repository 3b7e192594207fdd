package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Brings a realm of an earlier version to what {@code deploy/keycloak/vigie-realm.json} has for the
 * service that keeps accounts: the events that are saved, the lock against guessing, what is asked
 * of passwords, the marks of roles, the service's client and what that may do; and for the console:
 * its client. An import happens once; this can be repeated, adds what is missing and removes
 * nothing.
 */
final class RealmUpdate {
  static final String CLIENT = "vigie-directory";
  static final String CONSOLE = "vigie-console";

  private static final String MANAGEMENT = "realm-management";
  private static final String POLICY = "passwordPolicy";

  private final URI admin;
  private final JsonNode wanted;
  private final String token;
  private final List<String> done = new ArrayList<>();

  /**
   * As an administrator of the whole Keycloak.
   *
   * @param keycloak its address, without a path
   * @param wanted the realm as it must be
   * @throws IOException when it does not let the administrator in
   */
  RealmUpdate(URI keycloak, JsonNode wanted, String username, String password) throws IOException {
    this.admin = URI.create(keycloak + "/admin/realms/" + wanted.path("realm").asText());
    this.wanted = wanted;
    this.token =
        Http.json(
                HttpRequest.newBuilder(
                        URI.create(keycloak + "/realms/master/protocol/openid-connect/token"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(
                        BodyPublishers.ofString(
                            Http.form(
                                Map.of(
                                    "grant_type",
                                    "password",
                                    "client_id",
                                    "admin-cli",
                                    "username",
                                    username,
                                    "password",
                                    password)))))
            .path("access_token")
            .asText();
  }

  /**
   * Adds what is missing.
   *
   * @param secret what the client's must be; null for what it is, or for what Keycloak makes up
   * @return what was done, for people to read; nothing when nothing was missing
   */
  List<String> run(String secret) throws IOException {
    saveEvents();
    lockOutGuessers();
    if (asksNothingOfPasswords()) {
      send("PUT", "", Http.JSON.createObjectNode().set(POLICY, wanted.get(POLICY)));
      done.add("The realm asks for passwords that are not guessed.");
    }
    markRoles();
    allow(client(CLIENT, null, secret));
    return done;
  }

  /**
   * Lets people sign in at the console.
   *
   * @param address where they reach it, without a path
   * @param secret what the client's must be; null for what it is, or for what Keycloak makes up
   * @return as {@link #run}
   */
  List<String> console(String address, String secret) throws IOException {
    client(CONSOLE, address, secret);
    return done;
  }

  /**
   * Lets the program of a client do what it may, with this secret.
   *
   * @return as {@link #run}
   */
  List<String> program(String id, String secret) throws IOException {
    String account = get(client(id, null, secret) + "/service-account-user").path("id").asText();
    String path = "/users/" + account + "/role-mappings/realm";
    Map<String, JsonNode> has = byName(get(path));
    ArrayNode missing = Http.JSON.createArrayNode();
    for (JsonNode role : accountOf(id).path("realmRoles")) {
      if (!has.containsKey(role.asText())) {
        missing.add(get("/roles/" + role.asText()));
      }
    }
    give(path, missing, id);
    return done;
  }

  /**
   * Gives people the passwords of the file, in a realm that asks nothing of passwords: those that
   * it was imported with may be too short for the policy that it gets.
   *
   * @return as {@link #run}
   */
  List<String> renewPasswords() throws IOException {
    if (asksNothingOfPasswords()) {
      for (JsonNode user : wanted.path("users")) {
        JsonNode password = user.at("/credentials/0");
        JsonNode found = get("/users?exact=true&username=" + user.path("username").asText());
        if (!password.isMissingNode() && !found.isEmpty()) {
          String account = "/users/" + found.get(0).path("id").asText();
          send("PUT", account + "/reset-password", password);
        }
      }
      done.add("People of the file have its passwords.");
    }
    return done;
  }

  private boolean asksNothingOfPasswords() throws IOException {
    return get("").path(POLICY).asText("").isEmpty();
  }

  private void saveEvents() throws IOException {
    ObjectNode events = (ObjectNode) get("/events/config");
    ObjectNode changed = events.deepCopy();
    Set<String> types = new TreeSet<>();
    events.path("enabledEventTypes").forEach(type -> types.add(type.asText()));
    wanted.path("enabledEventTypes").forEach(type -> types.add(type.asText()));
    changed.put("eventsEnabled", true).put("adminEventsEnabled", true);
    if (events.path("eventsExpiration").asLong() == 0) {
      changed.set("eventsExpiration", wanted.get("eventsExpiration"));
    }
    if (types.size() != events.path("enabledEventTypes").size()) {
      ArrayNode all = changed.putArray("enabledEventTypes");
      types.forEach(all::add);
    }
    if (!changed.equals(events)) {
      send("PUT", "/events/config", changed);
      ObjectNode expiry = Http.JSON.createObjectNode();
      expiry.set("attributes", wanted.path("attributes"));
      send("PUT", "", expiry);
      done.add("The realm saves who signs in and what is changed.");
    }
  }

  private void lockOutGuessers() throws IOException {
    if (wanted.path("bruteForceProtected").asBoolean()
        && !get("").path("bruteForceProtected").asBoolean()) {
      send("PUT", "", Http.JSON.createObjectNode().put("bruteForceProtected", true));
      done.add("The realm locks out who guesses passwords.");
    }
  }

  private void markRoles() throws IOException {
    Map<String, JsonNode> known = byName(get("/roles?briefRepresentation=false"));
    for (JsonNode role : wanted.at("/roles/realm")) {
      String name = role.path("name").asText();
      JsonNode present = known.get(name);
      if (present == null) {
        send("POST", "/roles", role);
        done.add("There is a role " + name + ".");
      } else {
        ObjectNode marked = present.deepCopy();
        marked.withObject("/attributes").setAll((ObjectNode) role.path("attributes"));
        if (!marked.equals(present)) {
          send("PUT", "/roles-by-id/" + present.path("id").asText(), marked);
          done.add("The role " + name + " is marked as Vigie's to give and take.");
        }
      }
    }
  }

  private static Map<String, JsonNode> byName(JsonNode named) {
    Map<String, JsonNode> byName = new java.util.HashMap<>();
    named.forEach(each -> byName.put(each.path("name").asText(), each));
    return byName;
  }

  private String client(String id, String address, String secret) throws IOException {
    JsonNode found = get("/clients?clientId=" + id);
    if (found.isEmpty()) {
      for (JsonNode client : wanted.path("clients")) {
        if (client.path("clientId").asText().equals(id)) {
          send("POST", "/clients", client);
        }
      }
      done.add("There is a client " + id + ".");
      found = get("/clients?clientId=" + id);
    }
    ObjectNode client = (ObjectNode) found.get(0);
    String path = "/clients/" + client.path("id").asText();
    if (address != null && !address.equals(client.path("rootUrl").asText())) {
      send("PUT", path, client.put("rootUrl", address));
      done.add("The client " + id + " is at " + address + ".");
    }
    if (secret != null && !secret.equals(get(path + "/client-secret").path("value").asText(null))) {
      send("PUT", path, client.put("secret", secret));
      done.add("The client " + id + " has its secret.");
    }
    return path;
  }

  private void allow(String client) throws IOException {
    String account = get(client + "/service-account-user").path("id").asText();
    String management = get("/clients?clientId=" + MANAGEMENT).path(0).path("id").asText();
    String path = "/users/" + account + "/role-mappings/clients/" + management;
    Map<String, JsonNode> has = byName(get(path));
    Map<String, JsonNode> all = byName(get("/clients/" + management + "/roles"));
    ArrayNode missing = Http.JSON.createArrayNode();
    for (JsonNode role : accountOf(CLIENT).path("clientRoles").path(MANAGEMENT)) {
      if (!has.containsKey(role.asText())) {
        missing.add(all.get(role.asText()));
      }
    }
    give(path, missing, CLIENT);
  }

  /** The account of a client's program, as the file has it. */
  private JsonNode accountOf(String client) {
    for (JsonNode user : wanted.path("users")) {
      if (user.path("serviceAccountClientId").asText().equals(client)) {
        return user;
      }
    }
    return MissingNode.getInstance();
  }

  private void give(String path, ArrayNode roles, String client) throws IOException {
    if (!roles.isEmpty()) {
      send("POST", path, roles);
      done.add("The client " + client + " may do what it needs.");
    }
  }

  private JsonNode get(String path) throws IOException {
    return Http.json(request(path).GET());
  }

  private void send(String method, String path, JsonNode body) throws IOException {
    Http.send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body.toString())),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(admin + path))
        .header("Authorization", "Bearer " + token);
  }
}
