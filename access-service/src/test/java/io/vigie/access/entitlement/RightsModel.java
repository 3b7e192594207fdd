package io.vigie.access.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What people may do, as the rules have it and as simply as they can be written down: held in
 * memory, worked out person by person, entitlement by entitlement, each time that anything happens.
 * What time brings happens when {@link #tick} is told.
 */
final class RightsModel {

  private static final Duration GRACE = Duration.ofDays(14);

  static final class Worker {
    LocalDate joinedOn;
    LocalDate lastDay;
    boolean hasLeft;
    boolean hasStarted;
    String named;
    final List<Assignment> assignments = new ArrayList<>();
    final Map<String, Instant> requests = new HashMap<>();
    final Map<Given, Standing> standings = new HashMap<>();
  }

  static final class Assignment {
    final String id;
    final String profile;
    final Instant from;
    final Instant until;
    boolean isEnded;

    Assignment(String id, String profile, Instant from, Instant until) {
      this.id = id;
      this.profile = profile;
      this.from = from;
      this.until = until;
    }

    private boolean isOver(Instant now) {
      return isEnded || until != null && !until.isAfter(now);
    }
  }

  private record Given(String profile, String entitlement) {}

  /** Given now ({@code until} is null), in its grace, or taken although it is given. */
  private record Standing(Instant until, boolean isWithheld) {}

  final Map<String, Worker> people = new HashMap<>();
  final Map<String, Set<String>> bundles = new HashMap<>();
  final Set<String> privileged = new HashSet<>();
  final Set<String> retired = new HashSet<>();

  void join(String id, LocalDate joinedOn, String named, Instant now) {
    Worker person = new Worker();
    person.joinedOn = joinedOn;
    people.put(id, person);
    name(person, named, now);
  }

  /** The record names a profile, or another one. */
  void name(Worker person, String profile, Instant now) {
    Instant firstDay = person.joinedOn.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant since = firstDay.isAfter(now) ? firstDay : now;
    if (!Objects.equals(person.named, profile)) {
      person.assignments.stream()
          .filter(each -> each.profile.equals(person.named) && !each.from.isAfter(since))
          .forEach(each -> each.isEnded = true);
      if (bundles.containsKey(profile)
          && person.assignments.stream()
              .allMatch(each -> !each.profile.equals(profile) || each.isOver(since))) {
        person.assignments.add(new Assignment(null, profile, since, null));
      }
      person.named = profile;
    }
    tick(now);
  }

  boolean isHeld(Worker person, String profile, Instant from, Instant until) {
    return person.assignments.stream()
        .filter(each -> !each.isEnded && each.profile.equals(profile))
        .anyMatch(
            each ->
                (each.until == null || each.until.isAfter(from))
                    && (until == null || until.isAfter(each.from)));
  }

  /** The right of the profile is revoked. */
  void revoke(Worker person, String profile, String entitlement) {
    Given key = new Given(profile, entitlement);
    Standing standing = person.standings.remove(key);
    if (standing != null && standing.until() == null) {
      person.standings.put(key, new Standing(null, true));
    }
  }

  void tick(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    for (Worker person : people.values()) {
      person.hasLeft |= person.lastDay != null && person.lastDay.isBefore(today);
      person.hasStarted |= !person.joinedOn.isAfter(today);
      person.assignments.forEach(each -> each.isEnded |= person.hasLeft || each.isOver(now));
      person.requests.values().removeIf(until -> person.hasLeft || !until.isAfter(now));
      person.requests.keySet().removeAll(retired);
      Set<Given> keys = given(person, now);
      keys.addAll(person.standings.keySet());
      keys.forEach(key -> stand(person, key, given(person, now).contains(key), now));
    }
  }

  private Set<Given> given(Worker person, Instant now) {
    Set<Given> given = new HashSet<>();
    if (person.hasStarted && !person.hasLeft) {
      for (Assignment each : person.assignments) {
        if (!each.isOver(now) && !each.from.isAfter(now)) {
          bundles.get(each.profile).stream()
              .filter(entitlement -> !retired.contains(entitlement))
              .forEach(entitlement -> given.add(new Given(each.profile, entitlement)));
        }
      }
    }
    return given;
  }

  private void stand(Worker person, Given key, boolean isGiven, Instant now) {
    Standing before = person.standings.get(key);
    if (before != null && before.until() != null && !before.until().isAfter(now)) {
      before = null;
    }
    Standing after;
    if (person.hasLeft || retired.contains(key.entitlement())) {
      after = null;
    } else if (isGiven) {
      after = before != null && before.isWithheld() ? before : new Standing(null, false);
    } else if (before == null || before.isWithheld()) {
      after = null;
    } else if (before.until() != null) {
      after = before;
    } else {
      after = privileged.contains(key.entitlement()) ? null : new Standing(now.plus(GRACE), false);
    }
    if (after == null) {
      person.standings.remove(key);
    } else {
      person.standings.put(key, after);
    }
  }

  /** The entitlements that a person has. */
  Set<String> effective(String id) {
    Worker person = people.get(id);
    Set<String> effective = new TreeSet<>(person.requests.keySet());
    person.standings.forEach(
        (key, standing) -> {
          if (!standing.isWithheld()) {
            effective.add(key.entitlement());
          }
        });
    return effective;
  }
}
