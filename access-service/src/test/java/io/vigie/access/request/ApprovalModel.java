package io.vigie.access.request;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may approve what, as the rules have it and as simply as they can be written down: held in
 * memory and looked through from the beginning each time. People are called by their subject.
 */
final class ApprovalModel {

  /** What the policy says today; the first member of a step is its rule. */
  static final Map<String, List<List<String>>> PATHS =
      Map.of(
          "NORMAL", List.of(List.of("ANY_OF", "MANAGER", "OWNER", "ACCESS_MANAGER")),
          "SENSITIVE", List.of(List.of("ANY_OF", "MANAGER"), List.of("ANY_OF", "OWNER", "CISO")),
          "PRIVILEGED", List.of(List.of("ALL_OF", "OWNER", "CISO")));

  record Given(int step, String part, String as, String by, String onBehalfOf) {}

  /** Somebody may approve in the place of another, from now until a time. */
  record Substitution(String absent, String substitute, Instant until) {}

  static final class Request {
    String id;
    String sensitivity;
    String asker;
    String state = "REQUESTED";
    Instant askedAt;

    /** For how long from its approval on, in place of an end; or null. */
    Duration duration;

    Instant validUntil;
    Instant renewalUntil;
    List<Given> given = new ArrayList<>();

    /** By when whoever broke the glass says why; null where nobody did. */
    Instant justifyBy;

    boolean isJustified;
    boolean isMissed;
    boolean isAccepted;

    boolean waits() {
      return state.equals("REQUESTED") || state.equals("APPROVED") && renewalUntil != null;
    }
  }

  final String recipient;
  final String manager;
  final String owner;
  final Map<String, Set<String>> roles;
  final Set<String> left = new HashSet<>();
  final List<Substitution> substitutions = new ArrayList<>();
  final List<Request> requests = new ArrayList<>();

  ApprovalModel(String recipient, String manager, String owner, Map<String, Set<String>> roles) {
    this.recipient = recipient;
    this.manager = manager;
    this.owner = owner;
    this.roles = roles;
  }

  private static int step(Request request) {
    int step = 0;
    while (step < PATHS.get(request.sensitivity).size() && missing(request, step).isEmpty()) {
      step++;
    }
    return step;
  }

  static boolean isComplete(Request request) {
    return step(request) == PATHS.get(request.sensitivity).size();
  }

  private static Set<String> missing(Request request, int step) {
    List<String> parts = PATHS.get(request.sensitivity).get(step);
    Set<String> missing = new TreeSet<>(parts.subList(1, parts.size()));
    for (Given given : request.given) {
      if (given.step == step) {
        if (parts.get(0).equals("ANY_OF")) {
          return Set.of();
        }
        missing.remove(given.part);
      }
    }
    return missing;
  }

  private boolean counts(String who, Request request) {
    return !who.equals(recipient)
        && !who.equals(request.asker)
        && request.given.stream()
            .noneMatch(given -> who.equals(given.by) || who.equals(given.onBehalfOf));
  }

  /** Everything that somebody's approval could be now. */
  Set<Given> possible(String actor, Request request, Instant now) {
    Set<Given> possible = new HashSet<>();
    if (!request.waits() || !counts(actor, request)) {
      return possible;
    }
    int step = step(request);
    for (String part : missing(request, step)) {
      String holder = part.equals("MANAGER") ? manager : part.equals("OWNER") ? owner : null;
      boolean isVacant = holder != null && (left.contains(holder) || !counts(holder, request));
      String as = isVacant ? "ACCESS_MANAGER" : part;
      boolean isRole = holder == null || isVacant;
      if (isRole ? roles.getOrDefault(actor, Set.of()).contains(as) : actor.equals(holder)) {
        possible.add(new Given(step, part, as, actor, null));
      }
      for (Substitution each : substitutions) {
        if (!isRole
            && each.absent.equals(holder)
            && each.substitute.equals(actor)
            && each.until.isAfter(now)) {
          possible.add(new Given(step, part, as, actor, holder));
        }
      }
    }
    return possible;
  }

  /** What time brings. */
  void tick(Instant now, Duration lapseAfter) {
    for (Request request : requests) {
      request.isMissed |=
          request.justifyBy != null && !request.isJustified && !request.justifyBy.isAfter(now);
      if (request.state.equals("APPROVED") && !request.validUntil.isAfter(now)) {
        request.state = "EXPIRED";
      }
      if (request.waits() && !request.askedAt.plus(lapseAfter).isAfter(now)) {
        if (request.renewalUntil == null) {
          request.state = "LAPSED";
        }
        request.renewalUntil = null;
      }
    }
  }
}
