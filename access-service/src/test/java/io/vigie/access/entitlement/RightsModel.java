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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What people may do, as the rules have it and as simply as they can be written down: held in
 * memory, worked out person by person, entitlement by entitlement, each time that anything happens.
 * What time brings happens when {@link #tick} is told. Reviews are by access managers, who never
 * delegate.
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
    final Map<String, Held> requests = new HashMap<>();
    final Map<Given, Held> standings = new HashMap<>();

    private Stream<Held> live() {
      return Stream.concat(requests.values().stream(), standings.values().stream())
          .filter(Held::isLive);
    }
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

  record Given(String profile, String entitlement) {}

  /** A right. What a profile gives has no end as long as the profile does. */
  static final class Held {
    final Worker person;
    final String entitlement;
    Instant until;
    boolean isSuspended;
    private boolean isWithheld;
    private boolean isOver;

    Held(Worker person, String entitlement, Instant until) {
      this.person = person;
      this.entitlement = entitlement;
      this.until = until;
    }

    boolean isLive() {
      return !isOver && !isWithheld;
    }

    private boolean isPast(Instant now) {
      return until != null && !until.isAfter(now);
    }
  }

  /** Whether somebody still needs a right. */
  static final class Asked {
    final Held right;
    String state = "PENDING";

    Asked(Held right) {
      this.right = right;
    }

    boolean isPending() {
      return state.equals("PENDING") && right.isLive();
    }

    /** As the service says it. */
    @Override
    public String toString() {
      return state + (!right.isLive() ? "" : right.isSuspended ? " SUSPENDED" : " APPROVED");
    }
  }

  /** A campaign. Its items are by the id of the right. */
  static final class Round {
    final String id;
    final Instant grace;
    final Map<String, Asked> items = new TreeMap<>();
    boolean isOpen = true;

    Round(String id, Instant grace) {
      this.id = id;
      this.grace = grace;
    }
  }

  final Map<String, Worker> people = new HashMap<>();
  final Map<String, Set<String>> bundles = new HashMap<>();
  final Set<String> privileged = new HashSet<>();
  final Set<String> retired = new HashSet<>();
  final List<Round> rounds = new ArrayList<>();

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

  /** What a campaign asks about that opens now: what lives, and is not being asked about. */
  List<Held> toReview() {
    Set<Held> asked = new HashSet<>();
    rounds.stream()
        .filter(round -> round.isOpen)
        .flatMap(round -> round.items.values().stream())
        .filter(item -> item.state.equals("PENDING"))
        .forEach(item -> asked.add(item.right));
    return people.values().stream()
        .flatMap(Worker::live)
        .filter(right -> !asked.contains(right))
        .toList();
  }

  /** Somebody still needs it. */
  void certify(Asked item) {
    item.state = "CERTIFIED";
    item.right.isSuspended = false;
  }

  /** Of what was asked for alone. */
  void reduce(Asked item, Instant until) {
    item.state = "REDUCED";
    item.right.isSuspended = false;
    item.right.until = until;
  }

  void revoke(Asked item) {
    item.state = "REVOKED";
    revoke(item.right);
  }

  /** Nobody needs to answer any more, or those who did not are late. */
  boolean mayClose(Round round, Instant now) {
    return round.isOpen
        && (!round.grace.isAfter(now) || round.items.values().stream().noneMatch(Asked::isPending));
  }

  /** What a profile still gives is withheld. */
  void revoke(Held right) {
    right.isWithheld = right.until == null;
    if (!right.isWithheld) {
      right.isOver = true;
      right.person.requests.values().remove(right);
      right.person.standings.values().remove(right);
    }
  }

  void tick(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    for (Worker person : people.values()) {
      person.hasLeft |= person.lastDay != null && person.lastDay.isBefore(today);
      person.hasStarted |= !person.joinedOn.isAfter(today);
      person.assignments.forEach(each -> each.isEnded |= person.hasLeft || each.isOver(now));
      person
          .requests
          .values()
          .forEach(
              each ->
                  each.isOver =
                      person.hasLeft || each.isPast(now) || retired.contains(each.entitlement));
      person.requests.values().removeIf(each -> each.isOver);
      Set<Given> keys = given(person, now);
      keys.addAll(person.standings.keySet());
      keys.forEach(key -> stand(person, key, given(person, now).contains(key), now));
    }
    rounds.stream()
        .filter(round -> round.isOpen && !round.grace.isAfter(now))
        .flatMap(round -> round.items.values().stream())
        .filter(Asked::isPending)
        .forEach(item -> item.right.isSuspended = true);
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
    Held before = person.standings.get(key);
    boolean ends =
        before != null
            && (person.hasLeft
                || retired.contains(key.entitlement())
                || before.isPast(now)
                || !isGiven
                    && (before.isWithheld
                        || before.until == null && privileged.contains(key.entitlement())));
    if (ends) {
      before.isOver = true;
      person.standings.remove(key);
      before = null;
    }
    if (isGiven && before == null) {
      person.standings.put(key, new Held(person, key.entitlement(), null));
    } else if (isGiven) {
      before.until = null;
    } else if (before != null && before.until == null) {
      before.until = now.plus(GRACE);
    }
  }

  /** The entitlements that a person has. */
  Set<String> effective(String id) {
    Set<String> effective = new TreeSet<>();
    people
        .get(id)
        .live()
        .filter(right -> !right.isSuspended)
        .forEach(right -> effective.add(right.entitlement));
    return effective;
  }
}
