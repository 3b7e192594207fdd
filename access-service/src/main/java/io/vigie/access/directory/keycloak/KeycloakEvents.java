package io.vigie.access.directory.keycloak;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.access.directory.DirectoryEvents;

/** The events that a realm saves. */
final class KeycloakEvents implements DirectoryEvents {

  private static final Map<String, SignInKind> KINDS =
      Map.of(
          "LOGIN", SignInKind.STARTED,
          "LOGOUT", SignInKind.ENDED,
          "LOGIN_ERROR", SignInKind.FAILED,
          "CLIENT_LOGIN_ERROR", SignInKind.FAILED);

  /** The types that the realm must save. */
  static final List<String> SIGN_INS = KINDS.keySet().stream().sorted().toList();

  /** Roles, groups and accounts; and clients, whose accounts come and go without a word. */
  private static final List<String> CHANGES =
      List.of(
          "USER",
          "REALM_ROLE_MAPPING",
          "CLIENT_ROLE_MAPPING",
          "GROUP_MEMBERSHIP",
          "REALM_ROLE",
          "CLIENT_ROLE",
          "GROUP",
          "CLIENT",
          "REALM");

  private static final Pattern USER = Pattern.compile("users/([^/]+).*");

  /** What an unknown caller sent as a name is kept no longer than a name is. */
  private static final int LONGEST = 100;

  private final KeycloakApi api;

  KeycloakEvents(KeycloakApi api) {
    this.api = api;
  }

  @Override
  public Uni<List<SignIn>> signIns(Instant from, int first, int limit) {
    return page("/events", "type", SIGN_INS, from, first, limit, KeycloakEvents::signIn);
  }

  @Override
  public Uni<List<Change>> changes(Instant from, int first, int limit) {
    return page(
        "/admin-events", "resourceTypes", CHANGES, from, first, limit, KeycloakEvents::change);
  }

  private <T> Uni<List<T>> page(
      String path,
      String filter,
      List<String> values,
      Instant from,
      int first,
      int limit,
      Function<JsonNode, T> read) {
    String only = filter + "=" + String.join("&" + filter + "=", values);
    return api.get(
            path + "?" + only,
            Map.of(
                "direction", "asc", "dateFrom", from.toEpochMilli(), "first", first, "max", limit))
        .map(
            events -> {
              List<T> list = new ArrayList<>();
              events.forEach(event -> list.add(read.apply(event)));
              return list;
            });
  }

  private static SignIn signIn(JsonNode event) {
    return new SignIn(
        event.path("id").asText(),
        KINDS.get(event.path("type").asText()),
        text(event, "userId"),
        text(event, "sessionId"),
        text(event, "clientId"),
        text(event, "ipAddress"),
        text(event, "error"),
        at(event));
  }

  private static Change change(JsonNode event) {
    Matcher path = USER.matcher(event.path("resourcePath").asText());
    return new Change(event.path("id").asText(), path.matches() ? path.group(1) : null, at(event));
  }

  private static Instant at(JsonNode event) {
    return Instant.ofEpochMilli(event.path("time").asLong());
  }

  private static String text(JsonNode event, String field) {
    String text = event.path(field).asText(null);
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
