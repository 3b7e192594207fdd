package io.vigie.console.register;

import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import jakarta.enterprise.context.RequestScoped;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.console.register.Register.Action;

/** Which of a register's actions somebody may do now, as far as that can be told beforehand. */
@RequestScoped
class Allowed {

  private static final String WITHIN = "within ";

  private final Me me;
  private final Services services;
  private final Clock clock;

  Allowed(Me me, Services services, Clock clock) {
    this.me = me;
    this.services = services;
    this.clock = clock;
  }

  Uni<List<Action>> of(Register register, JsonNode object) {
    List<Uni<Action>> asked =
        register.actions().stream()
            .filter(action -> me.hasOneOf(action.roles()) && holds(action.when(), object))
            .map(action -> asked(register, action, object))
            .toList();
    return asked.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Uni.join()
            .all(asked)
            .andFailFast()
            .map(found -> found.stream().filter(Objects::nonNull).toList());
  }

  /** Whether an object's fields are so; of the caller's person nothing is asked. */
  boolean holds(Map<String, JsonNode> when, JsonNode object) {
    return when.entrySet().stream()
        .allMatch(each -> holds(each.getValue(), Registers.at(object, each.getKey())));
  }

  private boolean holds(JsonNode wanted, JsonNode value) {
    boolean isThere = !value.isMissingNode() && !value.isNull();
    if (wanted.isArray()) {
      return wanted
          .valueStream()
          .anyMatch(one -> isThere ? one.asText().equals(value.asText()) : one.isNull());
    }
    return switch (wanted.asText()) {
      case "present", "myself" -> isThere;
      case "absent" -> !isThere;
      case "me" -> value.asText().equals(me.account());
      case "other" -> !value.asText().equals(me.account());
      default -> isThere && isWithin(wanted.asText(), value.asText());
    };
  }

  private boolean isWithin(String wanted, String time) {
    if (!wanted.startsWith(WITHIN)) {
      throw new IllegalStateException("Nobody knows what " + wanted + " is.");
    }
    try {
      Instant now = clock.instant();
      Instant end = Instant.parse(time);
      Instant latest =
          now.atZone(ZoneOffset.UTC)
              .plus(Period.parse(wanted.substring(WITHIN.length())))
              .toInstant();
      return end.isAfter(now) && !end.isAfter(latest);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** Null where it is not allowed, or nobody can say. */
  private Uni<Action> asked(Register register, Action action, JsonNode object) {
    if (me.hasOneOf(action.unless())) {
      return Uni.createFrom().item(action);
    }
    List<String> mine =
        action.when().entrySet().stream()
            .filter(each -> each.getValue().asText().equals("myself"))
            .map(each -> Registers.at(object, each.getKey()).asText())
            .toList();
    Uni<Boolean> isMine =
        mine.isEmpty()
            ? Uni.createFrom().item(true)
            : me.person()
                .map(person -> mine.stream().allMatch(id -> id.equals(person)))
                .onFailure()
                .recoverWithItem(false);
    return isMine
        .chain(is -> is ? told(register, action, object) : Uni.createFrom().item(false))
        .map(is -> is ? action : null);
  }

  private Uni<Boolean> told(Register register, Action action, JsonNode object) {
    String path = action.may() == null ? null : Registers.filled(action.may(), object);
    if (path == null) {
      return Uni.createFrom().item(action.may() == null);
    }
    return services
        .get(register.service(), path)
        .map(
            answer ->
                answer.items().stream().anyMatch(each -> each.path("id").equals(object.path("id"))))
        .onFailure()
        .recoverWithItem(false);
  }
}
