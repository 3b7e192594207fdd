package io.vigie.access.approval;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.vigie.kernel.Problem;

/**
 * How far something came on its path. The path is the one of when it was asked for, whatever the
 * policy says since; its steps are taken one after the other. Nobody counts twice, neither in
 * person nor by a substitute, and who asked does not count at all (R4.6).
 *
 * @param askedBy a subject
 * @param given in the order in which they were given
 */
public record Approvals(String askedBy, List<Step> path, List<Approval> given) {

  public Approvals {
    path = List.copyOf(path);
    given = List.copyOf(given);
  }

  /** Nobody approved yet. */
  public Approvals(String askedBy, List<Step> path) {
    this(askedBy, path, List.of());
  }

  /** The step that waits, from 0; the number of steps where none does. */
  public int step() {
    int step = 0;
    while (step < path.size() && missing(step).isEmpty()) {
      step++;
    }
    return step;
  }

  public boolean isComplete() {
    return step() == path.size();
  }

  /** Whose approval is waited for: of any of them, or of all. */
  public Set<Approver> awaited() {
    return isComplete() ? Set.of() : missing(step());
  }

  private Set<Approver> missing(int step) {
    Set<Approver> missing = EnumSet.copyOf(path.get(step).of());
    given.stream().filter(each -> each.step() == step).forEach(each -> missing.remove(each.part()));
    boolean isAnyEnough = path.get(step).rule() == Step.Rule.ANY_OF;
    return isAnyEnough && missing.size() < path.get(step).of().size() ? Set.of() : missing;
  }

  /** The subjects whose approval does not count any more, or never did. */
  public Set<String> barred() {
    Set<String> barred = new TreeSet<>(Set.of(askedBy));
    given.stream()
        .flatMap(each -> Stream.of(each.by(), Objects.requireNonNullElse(each.onBehalfOf(), "")))
        .filter(subject -> !subject.isEmpty())
        .forEach(barred::add);
    return barred;
  }

  /** Fails with 422 where the approval of {@code approver} cannot count, whatever they are. */
  public void requireFree(String approver) {
    if (approver.equals(askedBy)) {
      throw selfApproval();
    }
    if (barred().contains(approver)) {
      throw Problem.unprocessable(
          "already-approved",
          "You approved this, or somebody did in your place. Somebody else must take the next step.");
    }
  }

  /** What is said to who asked for something, or would receive it. */
  public static Problem selfApproval() {
    return Problem.unprocessable(
        "self-approval",
        "You asked for this right, or would receive it. Somebody else must approve it.");
  }

  /**
   * With one more.
   *
   * @param capacity null where {@code by} is nobody that the waiting step asks for
   * @throws Problem 403 for such, and 422 where the approval cannot count
   */
  public Approvals with(Capacity capacity, String by, Instant at) {
    requireFree(by);
    if (capacity == null || !awaited().contains(capacity.part())) {
      throw Problem.forbidden("This waits for " + awaited() + ". You are none of them for it.");
    }
    if (capacity.onBehalfOf() != null) {
      requireFree(capacity.onBehalfOf());
    }
    Approval approval =
        new Approval(step(), capacity.part(), capacity.as(), by, capacity.onBehalfOf(), at);
    return new Approvals(
        askedBy, path, Stream.concat(given.stream(), Stream.of(approval)).toList());
  }

  /** The last one given. */
  public Approval last() {
    return given.get(given.size() - 1);
  }
}
