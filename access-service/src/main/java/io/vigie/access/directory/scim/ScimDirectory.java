package io.vigie.access.directory.scim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.access.directory.Account;
import io.vigie.access.directory.AccountChange;
import io.vigie.access.directory.Directory;
import io.vigie.access.directory.DirectoryFailure;
import io.vigie.access.directory.DirectoryRules;
import io.vigie.access.directory.DirectorySettings;
import io.vigie.access.directory.NewAccount;

/**
 * A SCIM 2.0 service provider: its Users are the accounts, told apart by {@code id}, and its Groups
 * the roles and groups. A Group is Vigie's when its {@code externalId}, which is the client's to
 * set (RFC 7643, 3.1), is {@code vigie.owned:role:<name>} or {@code vigie.owned:group:<name>}.
 *
 * <p>Memberships are read from the Users' own {@code groups}, and changed by PATCH of the Groups
 * (RFC 7644, 3.5.2). SCIM knows neither sessions nor second factors nor what a holder must do: an
 * account that is closed keeps its sessions as long as the provider lets it.
 */
public final class ScimDirectory implements Directory {

  private static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
  private static final String PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
  private static final int PAGE = 100;

  /** Asked for by name: a provider may keep memberships back from who does not ask. */
  private static final String ATTRIBUTES = "userName,active,emails,groups";

  /** A Group of Vigie's. */
  private record Owned(String id, boolean isRole, String name) {}

  private final ScimApi api;
  private final DirectoryRules rules;

  public ScimDirectory(WebClient client, DirectorySettings settings, DirectoryRules rules) {
    this.api = new ScimApi(client, settings);
    this.rules = rules;
  }

  @Override
  public Uni<Page> accounts(String from, int limit) {
    int start = from == null ? 1 : Integer.parseInt(from);
    return owned()
        .chain(
            owned ->
                api.get(
                        "/Users",
                        Map.of("attributes", ATTRIBUTES, "startIndex", start, "count", limit))
                    .map(
                        list -> {
                          List<Account> accounts = new ArrayList<>();
                          JsonNode users = list.path("Resources");
                          users.forEach(user -> accounts.add(account(user, owned)));
                          accounts.removeIf(account -> rules.isUntouchable(account.username()));
                          int next = start + users.size();
                          boolean isLast =
                              users.isEmpty() || next > list.path("totalResults").asInt();
                          return new Page(accounts, isLast ? null : String.valueOf(next));
                        }));
  }

  @Override
  public Uni<Account> account(String subject) {
    return subject.matches("[0-9A-Za-z._-]{1,100}")
        ? api.get("/Users/" + subject, Map.of("attributes", ATTRIBUTES))
            .onItem()
            .ifNotNull()
            .transformToUni(user -> owned().map(owned -> account(user, owned)))
        : Uni.createFrom().nullItem();
  }

  @Override
  public Uni<Account> named(String username) {
    return api.get(
            "/Users",
            Map.of("filter", "userName eq " + TextNode.valueOf(username), "attributes", ATTRIBUTES))
        .chain(
            list ->
                list.path("Resources").isEmpty()
                    ? Uni.createFrom().nullItem()
                    : owned().map(owned -> account(list.path("Resources").get(0), owned)));
  }

  private static Account account(JsonNode user, Map<String, Owned> owned) {
    Set<String> roles = new HashSet<>();
    Set<String> groups = new HashSet<>();
    for (JsonNode membership : user.path("groups")) {
      Owned group = owned.get(membership.path("value").asText());
      if (group != null) {
        (group.isRole() ? roles : groups).add(group.name());
      }
    }
    return new Account(
        user.path("id").asText(),
        user.path("userName").asText(),
        email(user.path("emails")),
        user.path("active").asBoolean(true),
        roles,
        roles,
        groups);
  }

  /** The primary address, or the first. */
  private static String email(JsonNode emails) {
    String first = emails.path(0).path("value").asText(null);
    for (JsonNode email : emails) {
      if (email.path("primary").asBoolean()) {
        return email.path("value").asText(null);
      }
    }
    return first;
  }

  /** By id. */
  private Uni<Map<String, Owned>> owned() {
    return owned(1, new HashMap<>());
  }

  private Uni<Map<String, Owned>> owned(int start, Map<String, Owned> found) {
    String prefix = rules.mark() + ":";
    return api.get(
            "/Groups",
            Map.of(
                "filter",
                "externalId sw " + TextNode.valueOf(prefix),
                "attributes",
                "externalId",
                "startIndex",
                start,
                "count",
                PAGE))
        .chain(
            list -> {
              JsonNode groups = list.path("Resources");
              for (JsonNode group : groups) {
                String[] parts = group.path("externalId").asText().split(":", 3);
                if (parts.length == 3 && parts[0].equals(rules.mark())) {
                  String id = group.path("id").asText();
                  found.put(id, new Owned(id, parts[1].equals("role"), parts[2]));
                }
              }
              int next = start + groups.size();
              return groups.isEmpty() || next > list.path("totalResults").asInt()
                  ? Uni.createFrom().item(found)
                  : owned(next, found);
            });
  }

  @Override
  public Uni<String> create(NewAccount account) {
    ObjectNode user = JsonNodeFactory.instance.objectNode();
    user.putArray("schemas").add(USER);
    user.put("userName", account.username()).put("active", true);
    user.putObject("name")
        .put("givenName", account.givenName())
        .put("familyName", account.familyName());
    user.putArray("emails")
        .addObject()
        .put("value", account.email())
        .put("type", "work")
        .put("primary", true);
    return api.send(HttpMethod.POST, "/Users", user).map(made -> made.path("id").asText());
  }

  @Override
  public Uni<Void> change(String subject, AccountChange change) {
    return account(subject)
        .onItem()
        .ifNull()
        .failWith(() -> DirectoryFailure.refused("The account is gone from the directory."))
        .invoke(account -> rules.requireTouchable(account.username()))
        .call(() -> Boolean.FALSE.equals(change.enabled()) ? patchUser(subject, change) : none())
        .chain(this::owned)
        .call(
            owned ->
                members(owned, change.takeRoles(), change.takeGroups(), group -> remove(subject)))
        .call(
            owned -> members(owned, change.giveRoles(), change.giveGroups(), group -> add(subject)))
        .call(() -> Boolean.FALSE.equals(change.enabled()) ? none() : patchUser(subject, change))
        .invoke(
            owned ->
                requireNoneMissing(
                    lacking(owned, true, change.giveRoles()),
                    lacking(owned, false, change.giveGroups())))
        .replaceWithVoid();
  }

  private static Uni<Void> none() {
    return Uni.createFrom().voidItem();
  }

  private static Set<String> lacking(
      Map<String, Owned> owned, boolean areRoles, Set<String> names) {
    Set<String> lacking = new TreeSet<>(names);
    owned.values().stream()
        .filter(each -> each.isRole() == areRoles)
        .map(Owned::name)
        .forEach(lacking::remove);
    return lacking;
  }

  private void requireNoneMissing(Set<String> roles, Set<String> groups) {
    if (!roles.isEmpty() || !groups.isEmpty()) {
      throw DirectoryFailure.missing(
          "The directory has no Group with the externalId %s: make it, or mark it."
              .formatted(
                  Stream.concat(
                          roles.stream().map(name -> rules.mark() + ":role:" + name),
                          groups.stream().map(name -> rules.mark() + ":group:" + name))
                      .collect(Collectors.joining(", nor "))),
          roles,
          groups);
    }
  }

  private Uni<Void> members(
      Map<String, Owned> owned,
      Set<String> roles,
      Set<String> groups,
      Function<Owned, ObjectNode> operation) {
    return Multi.createFrom()
        .iterable(owned.values())
        .filter(each -> (each.isRole() ? roles : groups).contains(each.name()))
        .onItem()
        .transformToUniAndConcatenate(
            each -> patch("/Groups/" + each.id(), List.of(operation.apply(each))))
        .collect()
        .last();
  }

  /** With the reference, which some providers require. */
  private ObjectNode add(String subject) {
    ObjectNode operation = operation("add", "members");
    operation
        .putArray("value")
        .addObject()
        .put("value", subject)
        .put("$ref", api.address("/Users/" + subject))
        .put("type", "User");
    return operation;
  }

  private static ObjectNode remove(String subject) {
    return operation("remove", "members[value eq " + TextNode.valueOf(subject) + "]");
  }

  private Uni<Void> patchUser(String subject, AccountChange change) {
    List<ObjectNode> operations = new ArrayList<>();
    if (change.enabled() != null) {
      operations.add(operation("replace", "active").put("value", change.enabled()));
    }
    if (change.holder() != null) {
      operations.add(
          operation("replace", "name.givenName").put("value", change.holder().givenName()));
      operations.add(
          operation("replace", "name.familyName").put("value", change.holder().familyName()));
      ObjectNode emails = operation("replace", "emails");
      emails
          .putArray("value")
          .addObject()
          .put("value", change.holder().email())
          .put("type", "work")
          .put("primary", true);
      operations.add(emails);
    }
    return operations.isEmpty() ? none() : patch("/Users/" + subject, operations);
  }

  private static ObjectNode operation(String op, String path) {
    return JsonNodeFactory.instance.objectNode().put("op", op).put("path", path);
  }

  private Uni<Void> patch(String path, List<ObjectNode> operations) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("schemas").add(PATCH);
    ArrayNode list = body.putArray("Operations");
    operations.forEach(list::add);
    return api.send(HttpMethod.PATCH, path, body).replaceWithVoid();
  }

  @Override
  public Uni<Boolean> delete(String subject) {
    return account(subject)
        .chain(
            account ->
                account == null ? Uni.createFrom().item(false) : delete(account).replaceWith(true));
  }

  private Uni<Void> delete(Account account) {
    rules.requireTouchable(account.username());
    return api.send(HttpMethod.DELETE, "/Users/" + account.subject(), null).replaceWithVoid();
  }

  /** The protocol does not tell them from others. */
  @Override
  public Uni<Page> programs(String from, int limit) {
    return Uni.createFrom().item(new Page(List.of(), null));
  }

  @Override
  public Uni<Account> program(String subject) {
    return Uni.createFrom().nullItem();
  }

  @Override
  public Uni<Boolean> closeProgram(String subject) {
    return account(subject)
        .chain(
            account ->
                account == null
                    ? Uni.createFrom().item(false)
                    : closeProgram(account).replaceWith(true));
  }

  private Uni<Void> closeProgram(Account account) {
    if (rules.isUntouchable(account.username())) {
      rules.requireClosedByHand(account.enabled());
      return Uni.createFrom().voidItem();
    }
    return patchUser(account.subject(), AccountChange.CLOSING);
  }

  @Override
  public Uni<Boolean> hasSessions(String subject) {
    return Uni.createFrom().item(false);
  }

  @Override
  public Uni<Boolean> hasSecondFactor(String subject) {
    return Uni.createFrom().item(true);
  }

  /** RFC 7644 says nothing of it. */
  @Override
  public Uni<Boolean> locksOutGuessers() {
    return Uni.createFrom().item(false);
  }

  @Override
  public Uni<List<String>> lacks() {
    return api.get("/ServiceProviderConfig", Map.of())
        .map(
            config -> {
              List<String> lacking = new ArrayList<>();
              for (String feature : List.of("patch", "filter")) {
                if (config == null || !config.path(feature).path("supported").asBoolean()) {
                  lacking.add("The directory must support " + feature + " (RFC 7644).");
                }
              }
              return lacking;
            });
  }
}
