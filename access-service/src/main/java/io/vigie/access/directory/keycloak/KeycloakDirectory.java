package io.vigie.access.directory.keycloak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vigie.access.directory.Account;
import io.vigie.access.directory.AccountChange;
import io.vigie.access.directory.Directory;
import io.vigie.access.directory.DirectoryFailure;
import io.vigie.access.directory.DirectoryRules;
import io.vigie.access.directory.NewAccount;

import static io.vigie.access.directory.keycloak.KeycloakApi.segment;

/** A realm of Keycloak 26. Groups are those of the top level. */
final class KeycloakDirectory implements Directory {

  private static final Pattern ID = Pattern.compile("[0-9A-Za-z:._-]{1,100}");
  private static final String PROGRAM = "service-account-";
  private static final int AT_ONCE = 4;
  private static final int MOST_GROUPS = 1_000;

  private final KeycloakApi api;
  private final DirectoryRules rules;
  private final KeycloakSetUp setUp;

  KeycloakDirectory(KeycloakApi api, DirectoryRules rules) {
    this.api = api;
    this.rules = rules;
    this.setUp = new KeycloakSetUp(api, rules);
  }

  @Override
  public Uni<Page> accounts(String from, int limit) {
    return page(Map.of(), from, limit, this::read);
  }

  private Uni<Page> page(
      Map<String, String> only, String from, int limit, Function<JsonNode, Uni<Account>> read) {
    int first = from == null ? 0 : Integer.parseInt(from);
    Map<String, Object> query = new HashMap<>(only);
    query.putAll(Map.of("first", first, "max", limit, "briefRepresentation", true));
    return api.get("/users", query)
        .chain(
            users ->
                Multi.createFrom()
                    .iterable(users)
                    .filter(user -> !rules.isUntouchable(user.path("username").asText()))
                    .onItem()
                    .transformToUni(read::apply)
                    .merge(AT_ONCE)
                    .collect()
                    .asList()
                    .map(
                        accounts ->
                            new Page(
                                accounts,
                                users.size() < limit ? null : String.valueOf(first + limit))));
  }

  @Override
  public Uni<Account> account(String subject) {
    return user(subject)
        .onItem()
        .ifNotNull()
        .transformToUni(
            user -> isProgram(user).chain(is -> is ? Uni.createFrom().nullItem() : read(user)));
  }

  private Uni<JsonNode> user(String subject) {
    return ID.matcher(subject).matches()
        ? api.get("/users/" + subject)
        : Uni.createFrom().nullItem();
  }

  /** A list of all leaves them out, and one by name does not. */
  @Override
  public Uni<Page> programs(String from, int limit) {
    return page(Map.of("username", PROGRAM), from, limit, this::readProgram);
  }

  @Override
  public Uni<Account> program(String subject) {
    return user(subject).onItem().ifNotNull().transformToUni(this::readProgram);
  }

  /** Null where it is a person's, untouchable, or that of this service. */
  private Uni<Account> readProgram(JsonNode user) {
    String username = user.path("username").asText();
    if (rules.isUntouchable(username)) {
      return Uni.createFrom().nullItem();
    }
    return isOwn(user.path("id").asText())
        .chain(own -> own ? Uni.createFrom().item(false) : isProgram(user))
        .chain(
            is ->
                is
                    ? read(user.<ObjectNode>deepCopy().put("username", client(username)))
                    : Uni.createFrom().nullItem());
  }

  private static String client(String username) {
    return username.substring(PROGRAM.length());
  }

  private Uni<Boolean> isOwn(String subject) {
    return api.token().map(own -> own.claims().path("sub").asText().equals(subject));
  }

  /**
   * A search leaves out the accounts of programs, which nothing else tells from those of people.
   */
  private Uni<Boolean> isProgram(JsonNode user) {
    String username = user.path("username").asText();
    return username.startsWith(PROGRAM)
        ? api.get("/users", Map.of("search", username, "exact", true))
            .map(found -> !found.findValuesAsText("id").contains(user.path("id").asText()))
        : Uni.createFrom().item(false);
  }

  private Uni<JsonNode> list(String username) {
    return api.get("/users", Map.of("username", username, "exact", true));
  }

  @Override
  public Uni<Account> named(String username) {
    return list(username)
        .chain(users -> users.isEmpty() ? Uni.createFrom().nullItem() : read(users.get(0)));
  }

  private Uni<Account> read(JsonNode user) {
    String path = "/users/" + user.path("id").asText();
    return roles(path)
        .chain(
            roles ->
                direct(path)
                    .chain(
                        direct ->
                            groups(path)
                                .map(groups -> account(user, roles, direct, groups.keySet()))));
  }

  private static Account account(
      JsonNode user, Set<String> roles, Map<String, JsonNode> direct, Set<String> groups) {
    return new Account(
        user.path("id").asText(),
        user.path("username").asText(),
        user.path("email").asText(null),
        user.path("enabled").asBoolean(),
        roles,
        roles.stream().filter(direct::containsKey).collect(Collectors.toSet()),
        groups);
  }

  private Uni<Set<String>> roles(String path) {
    return api.get(path + "/role-mappings/realm/composite", Map.of("briefRepresentation", false))
        .map(roles -> owned(roles).keySet());
  }

  private Uni<Map<String, JsonNode>> direct(String path) {
    return api.get(path + "/role-mappings/realm").map(roles -> byName(roles, role -> true));
  }

  private Uni<Map<String, JsonNode>> groups(String path) {
    return api.get(path + "/groups", Map.of("briefRepresentation", false, "max", MOST_GROUPS))
        .map(
            groups ->
                byName(groups, group -> isTop(group) && rules.owns(group.path("attributes"))));
  }

  private static boolean isTop(JsonNode group) {
    return group.path("path").asText().lastIndexOf('/') == 0;
  }

  private Map<String, JsonNode> owned(JsonNode named) {
    return byName(named, each -> rules.owns(each.path("attributes")));
  }

  /** None where the account went meanwhile. */
  private static Map<String, JsonNode> byName(JsonNode named, Function<JsonNode, Boolean> which) {
    Map<String, JsonNode> found = new HashMap<>();
    if (named != null) {
      for (JsonNode each : named) {
        if (which.apply(each)) {
          found.put(each.path("name").asText(), each);
        }
      }
    }
    return found;
  }

  @Override
  public Uni<String> create(NewAccount account) {
    ObjectNode user = JsonNodeFactory.instance.objectNode();
    user.put("username", account.username())
        .put("email", account.email())
        .put("firstName", account.givenName())
        .put("lastName", account.familyName())
        .put("enabled", true);
    account.requiredActions().forEach(user.putArray("requiredActions")::add);
    return api.create("/users", user);
  }

  @Override
  public Uni<Void> change(String subject, AccountChange change) {
    String path = "/users/" + segment(subject);
    Set<String> noRoles = new TreeSet<>();
    Set<String> noGroups = new TreeSet<>();
    return api.get(path)
        .onItem()
        .ifNull()
        .failWith(() -> DirectoryFailure.refused("The account is gone from the directory."))
        .invoke(user -> rules.requireTouchable(user.path("username").asText()))
        .call(user -> isProgram(user).invoke(KeycloakDirectory::requirePerson))
        .call(user -> Boolean.FALSE.equals(change.enabled()) ? update(path, user, change) : none())
        .call(() -> takeRoles(path, change.takeRoles()))
        .call(() -> takeGroups(path, change.takeGroups()))
        .call(
            () -> change.endSessions() ? api.send(HttpMethod.POST, path + "/logout", null) : none())
        .call(() -> giveRoles(path, change.giveRoles(), noRoles))
        .call(() -> giveGroups(path, change.giveGroups(), noGroups))
        .call(user -> Boolean.FALSE.equals(change.enabled()) ? none() : update(path, user, change))
        .invoke(() -> requireNoneMissing(noRoles, noGroups))
        .replaceWithVoid();
  }

  @Override
  public Uni<Boolean> delete(String subject) {
    String path = "/users/" + segment(subject);
    return api.get(path)
        .chain(
            user ->
                user == null ? Uni.createFrom().item(false) : delete(path, user).replaceWith(true));
  }

  private Uni<Void> delete(String path, JsonNode user) {
    rules.requireTouchable(user.path("username").asText());
    return isProgram(user)
        .invoke(KeycloakDirectory::requirePerson)
        .chain(() -> api.send(HttpMethod.DELETE, path, null));
  }

  /** Its client stays, and gets no token: whoever is disabled has no client credentials. */
  @Override
  public Uni<Boolean> closeProgram(String subject) {
    String path = "/users/" + segment(subject);
    return isOwn(subject)
        .invoke(KeycloakDirectory::requireAnothers)
        .chain(() -> api.get(path))
        .chain(
            user ->
                user == null
                    ? Uni.createFrom().item(false)
                    : closeProgram(path, user).replaceWith(true));
  }

  private Uni<Void> closeProgram(String path, JsonNode user) {
    if (rules.isUntouchable(user.path("username").asText())) {
      rules.requireClosedByHand(user.path("enabled").asBoolean());
      return none();
    }
    return update(path, user, AccountChange.CLOSING)
        .chain(() -> api.send(HttpMethod.POST, path + "/logout", null))
        .replaceWithVoid();
  }

  private static void requireAnothers(boolean isOwn) {
    if (isOwn) {
      throw DirectoryFailure.refused(
          "Close it by hand: the account is this service's own. Give it another client first.");
    }
  }

  private static void requirePerson(boolean isProgram) {
    if (isProgram) {
      throw DirectoryFailure.refused("The account is a program's: take it off the person.");
    }
  }

  private static Uni<Void> none() {
    return Uni.createFrom().voidItem();
  }

  /** Sends back what was read with what differs: what is left out would be taken for empty. */
  private Uni<Void> update(String path, JsonNode user, AccountChange change) {
    ObjectNode changed = user.deepCopy();
    if (change.enabled() != null) {
      changed.put("enabled", change.enabled());
    }
    if (change.holder() != null) {
      changed
          .put("firstName", change.holder().givenName())
          .put("lastName", change.holder().familyName())
          .put("email", change.holder().email());
    }
    ArrayNode actions = changed.withArray("requiredActions");
    Set<String> known =
        StreamSupport.stream(actions.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.toSet());
    change.addActions().stream().filter(action -> !known.contains(action)).forEach(actions::add);
    return changed.equals(user) ? none() : api.send(HttpMethod.PUT, path, changed);
  }

  private Uni<Void> takeRoles(String path, Set<String> names) {
    if (names.isEmpty()) {
      return none();
    }
    return roles(path)
        .chain(
            owned ->
                direct(path)
                    .chain(
                        direct -> {
                          direct.keySet().retainAll(names);
                          direct.keySet().retainAll(owned);
                          return direct.isEmpty()
                              ? none()
                              : api.send(
                                  HttpMethod.DELETE, path + "/role-mappings/realm", array(direct));
                        }));
  }

  private static ArrayNode array(Map<String, JsonNode> named) {
    return JsonNodeFactory.instance.arrayNode().addAll(named.values());
  }

  private Uni<Void> takeGroups(String path, Set<String> names) {
    if (names.isEmpty()) {
      return none();
    }
    return groups(path)
        .chain(
            groups -> {
              groups.keySet().retainAll(names);
              return each(
                  groups.values(),
                  group ->
                      api.send(
                          HttpMethod.DELETE, path + "/groups/" + group.path("id").asText(), null));
            });
  }

  private Uni<Void> giveRoles(String path, Set<String> names, Set<String> missing) {
    Map<String, JsonNode> found = new HashMap<>();
    return each(
            names,
            name ->
                api.get("/roles/" + segment(name))
                    .invoke(
                        role -> {
                          if (isOwned(role)) {
                            found.put(name, role);
                          } else {
                            missing.add(name);
                          }
                        })
                    .replaceWithVoid())
        .call(
            () ->
                found.isEmpty()
                    ? none()
                    : api.send(HttpMethod.POST, path + "/role-mappings/realm", array(found)));
  }

  private Uni<Void> giveGroups(String path, Set<String> names, Set<String> missing) {
    return each(
        names,
        name ->
            api.get("/groups", Map.of("search", name, "exact", true, "briefRepresentation", false))
                .map(groups -> byName(groups, KeycloakDirectory::isTop).get(name))
                .chain(
                    group -> {
                      if (!isOwned(group)) {
                        missing.add(name);
                        return none();
                      }
                      return api.send(
                          HttpMethod.PUT, path + "/groups/" + group.path("id").asText(), null);
                    }));
  }

  private boolean isOwned(JsonNode found) {
    return found != null && rules.owns(found.path("attributes"));
  }

  private void requireNoneMissing(Set<String> roles, Set<String> groups) {
    if (!roles.isEmpty() || !groups.isEmpty()) {
      throw DirectoryFailure.missing(
          "The realm has no %s that bears the attribute %s: make it, or mark it."
              .formatted(
                  Stream.concat(
                          roles.stream().map(name -> "role " + name),
                          groups.stream().map(name -> "group " + name))
                      .collect(Collectors.joining(", no ")),
                  rules.mark()),
          roles,
          groups);
    }
  }

  private static <T> Uni<Void> each(Iterable<T> items, Function<T, Uni<Void>> act) {
    return Multi.createFrom()
        .iterable(items)
        .onItem()
        .transformToUniAndConcatenate(act::apply)
        .collect()
        .last();
  }

  @Override
  public Uni<Boolean> hasSessions(String subject) {
    return api.get("/users/" + segment(subject) + "/sessions")
        .map(sessions -> sessions != null && !sessions.isEmpty());
  }

  @Override
  public Uni<Boolean> hasSecondFactor(String subject) {
    return api.get("/users/" + segment(subject) + "/credentials")
        .map(
            credentials -> {
              List<String> kinds = new ArrayList<>();
              if (credentials != null) {
                credentials.forEach(each -> kinds.add(each.path("type").asText()));
              }
              return kinds.stream().anyMatch(rules.secondFactors()::contains);
            });
  }

  @Override
  public Uni<Boolean> locksOutGuessers() {
    return api.get("").map(KeycloakSetUp::locksOutGuessers);
  }

  @Override
  public Uni<List<String>> lacks() {
    return setUp.lacks();
  }
}
