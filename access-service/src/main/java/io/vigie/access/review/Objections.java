package io.vigie.access.review;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.Right;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonState;
import io.vigie.access.review.DecisionSheet.Line;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;

/** What can be wrong with an answer. */
@ApplicationScoped
class Objections {

  private final ReviewPolicy policy;
  private final Actor actor;

  Objections(ReviewPolicy policy, Actor actor) {
    this.policy = policy;
    this.actor = actor;
  }

  /** Fails with 422 where something is wrong with any line, and says what with which. */
  void require(List<Line> lines, Facts facts) {
    List<FieldError> errors = new ArrayList<>();
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      String wrong =
          seen.add(line.item()) ? wrong(line, facts) : "is about the same item as another";
      if (wrong != null) {
        errors.add(new FieldError("decisions[" + i + "]", wrong));
      }
    }
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "decisions-refused",
          "None was taken. Correct the listed ones, and send all again.",
          errors);
    }
  }

  /** Null where nothing is wrong. */
  private String wrong(Line line, Facts facts) {
    Review review = facts.reviews().get(line.item());
    if (review == null) {
      return "is about no item of this campaign";
    }
    if (review.state().state() != ReviewState.PENDING || review.version() != line.version()) {
      return "is about an item that changed meanwhile; read it again";
    }
    String notTheirs = notTheirs(review, facts);
    return notTheirs == null ? wrong(line, review, facts) : notTheirs;
  }

  private String notTheirs(Review review, Facts facts) {
    if (facts.callers().stream().anyMatch(caller -> facts.isOf(review, caller))) {
      return "is about your own right, or a program you answer for; somebody else reviews it";
    }
    boolean isReviewer =
        review.reviewer() == null
            ? actor.hasRole(ACCESS_MANAGER)
            : facts.callers().contains(review.reviewer());
    boolean mayStepIn = facts.isOverdue() && (actor.hasRole(ACCESS_MANAGER) || actor.hasRole(CISO));
    if (!isReviewer && !mayStepIn) {
      return "is for somebody else to answer";
    }
    return actor.id().equals(facts.kept().get(review.id()))
        ? "was kept by you in the first stage; somebody else has to answer now"
        : null;
  }

  private String wrong(Line line, Review review, Facts facts) {
    if (!facts.isLive(review)) {
      return "is about what ended meanwhile; there is nothing to answer";
    }
    if (line.decision().keeps() && isLedMeanwhile(review, facts)) {
      return "is about a program of somebody who leads you; revoke it, or delegate it";
    }
    if ((line.until() != null) != (line.decision() == Verdict.REDUCE)) {
      return "needs an end where the right is reduced, and nowhere else";
    }
    if ((line.delegate() != null) != (line.decision() == Verdict.DELEGATE)) {
      return "needs a person to delegate to where it is delegated, and nowhere else";
    }
    boolean needsReason =
        line.decision().keeps()
            && review.rightId() != null
            && policy.needsReasonToKeep(
                facts.entitlements().get(review.entitlement()).terms().sensitivity());
    if (needsReason && (line.reason() == null || line.reason().isBlank())) {
      return "needs a reason: what is kept is sensitive or privileged";
    }
    String apart = facts.apart().get(review.rightId());
    if (line.decision().keeps() && apart != null) {
      return "is about what is suspended and must not go on. " + apart;
    }
    return switch (line.decision()) {
      case REDUCE -> wrongEnd(line, review, facts);
      case DELEGATE -> wrongDelegate(line, review, facts);
      default -> null;
    };
  }

  /** Whoever took over the program since the reviewer was chosen may lead them. */
  private static boolean isLedMeanwhile(Review review, Facts facts) {
    return review.serviceAccount() != null
        && review.reviewer() != null
        && facts.callers().contains(review.reviewer())
        && facts.isOfLeader(review, review.reviewer());
  }

  private static String wrongEnd(Line line, Review review, Facts facts) {
    if (review.clientAccess() != null) {
      return "is about a client's data, where the end stands with the purpose: keep or revoke it";
    }
    if (review.serviceAccount() != null) {
      return wrongEnd(line, facts.serviceAccount(review).state().validUntil(), facts.now());
    }
    Right.State right = facts.rights().get(review.rightId()).state();
    if (right.ground() == Ground.PROFILE) {
      return "is about what a profile gives, which ends with it: revoke it, or end the assignment";
    }
    return wrongEnd(line, right.validUntil(), facts.now());
  }

  private static String wrongEnd(Line line, Instant validUntil, Instant now) {
    return line.until().isAfter(now) && (validUntil == null || line.until().isBefore(validUntil))
        ? null
        : "needs an end in the future that is before the present one";
  }

  private static String wrongDelegate(Line line, Review review, Facts facts) {
    UUID to = line.delegate();
    Person person = facts.people().get(to);
    if (person == null
        || person.state().state() != PersonState.ACTIVE
        || person.state().subject() == null) {
      return "delegates to nobody who works here and can sign in";
    }
    if (to.equals(review.reviewer()) || facts.callers().contains(to)) {
      return "delegates to who has it already";
    }
    if (facts.isOf(review, to)) {
      return "delegates to the holder";
    }
    if (facts.isOfLeader(review, to)) {
      return "delegates to somebody whom the holder leads";
    }
    return person.isHolder(String.valueOf(facts.kept().get(review.id())))
        ? "delegates to who kept it in the first stage"
        : null;
  }
}
