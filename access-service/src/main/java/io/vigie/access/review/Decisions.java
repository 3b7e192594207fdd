package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.client.ClientAccess;
import io.vigie.access.client.ClientAccessEvent;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Duties;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.access.person.ServiceAccount;
import io.vigie.access.person.ServiceAccountEvent;
import io.vigie.access.review.DecisionSheet.Line;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;

/**
 * Takes answers, and carries out in the same transaction what they take away or give back. All of a
 * sheet are taken, or none.
 */
@ApplicationScoped
class Decisions {

  private final Outbox outbox;
  private final RightsObservers observers;
  private final Duties duties;
  private final Objections objections;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  Decisions(
      Outbox outbox,
      RightsObservers observers,
      Duties duties,
      Objections objections,
      Own own,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.observers = observers;
    this.duties = duties;
    this.objections = objections;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Takes them.
   *
   * @throws Problem 404 for no such campaign, 409 for one that is not open, 422 with what is wrong
   *     with which line
   */
  Uni<Void> take(UUID campaign, List<Line> lines) {
    Set<UUID> items = lines.stream().map(Line::item).collect(Collectors.toSet());
    return Review.<Review>list("campaign = ?1 and id in ?2", campaign, items)
        .chain(
            reviews ->
                people(reviews, lines)
                    .chain(
                        people ->
                            Right.takeAll(distinct(reviews, Review::rightId))
                                .chain(
                                    rights ->
                                        ServiceAccount.takeAll(
                                                distinct(reviews, Review::serviceAccount))
                                            .chain(
                                                accounts ->
                                                    take(
                                                        campaign, lines, reviews, people, rights,
                                                        accounts)))));
  }

  /** Holders, and those who are delegated to, who all stay what they are meanwhile. */
  private static Uni<List<Person>> people(List<Review> reviews, List<Line> lines) {
    Set<UUID> ids = distinct(reviews, Review::person);
    lines.stream().map(Line::delegate).filter(id -> id != null).forEach(ids::add);
    return Person.<Person>find("id in ?1 order by id", ids)
        .withLock(LockModeType.PESSIMISTIC_READ)
        .list();
  }

  private Uni<Void> take(
      UUID id,
      List<Line> lines,
      List<Review> reviews,
      List<Person> people,
      List<Right> rights,
      List<ServiceAccount> accounts) {
    Instant now = clock.instant();
    return Campaign.holdOpen(id)
        .chain(
            campaign ->
                own.ids()
                    .chain(
                        ids ->
                            facts(campaign, lines, reviews, people, rights, accounts, ids, now)
                                .chain(
                                    facts -> {
                                      objections.require(lines, facts);
                                      return carryOut(campaign, lines, facts, now);
                                    })));
  }

  private Uni<Facts> facts(
      Campaign campaign,
      List<Line> lines,
      List<Review> reviews,
      List<Person> people,
      List<Right> rights,
      List<ServiceAccount> accounts,
      List<UUID> callers,
      Instant now) {
    return ClientAccess.takeAll(distinct(reviews, Review::clientAccess))
        .chain(
            accesses ->
                Entitlement.<Entitlement>list("id in ?1", distinct(reviews, Review::entitlement))
                    .chain(
                        entitlements ->
                            ReviewAnswer.<ReviewAnswer>list(
                                    "review in ?1 and stage = 1 and verdict in ?2",
                                    distinct(reviews, Review::id),
                                    List.of(Verdict.CERTIFY, Verdict.REDUCE))
                                .chain(
                                    kept ->
                                        apart(lines, reviews, rights)
                                            .chain(
                                                apart ->
                                                    Facts.leaders(lines, callers)
                                                        .map(
                                                            leaders ->
                                                                new Facts(
                                                                    campaign.isOverdue(now),
                                                                    byId(reviews, Review::id),
                                                                    byId(people, Person::id),
                                                                    byId(rights, Right::id),
                                                                    byId(
                                                                        accounts,
                                                                        ServiceAccount::id),
                                                                    byId(
                                                                        accesses, ClientAccess::id),
                                                                    byId(
                                                                        entitlements,
                                                                        Entitlement::id),
                                                                    kept.stream()
                                                                        .collect(
                                                                            Collectors.toMap(
                                                                                each -> each.review,
                                                                                each -> each.by)),
                                                                    apart,
                                                                    leaders,
                                                                    callers,
                                                                    now))))));
  }

  /**
   * Why suspended rights that these lines keep must not go on (R4.6), by the right. In the order of
   * their holders, since each of these is held meanwhile.
   */
  private Uni<Map<UUID, String>> apart(List<Line> lines, List<Review> reviews, List<Right> rights) {
    Set<UUID> kept =
        lines.stream()
            .filter(line -> line.decision().keeps())
            .map(Line::item)
            .collect(Collectors.toSet());
    Set<UUID> asked =
        reviews.stream()
            .filter(review -> kept.contains(review.id()))
            .map(Review::rightId)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    Map<UUID, String> apart = new HashMap<>();
    return Multi.createFrom()
        .iterable(
            rights.stream()
                .filter(right -> right.state().state() == RightState.SUSPENDED)
                .filter(right -> asked.contains(right.id()))
                .sorted(Comparator.comparing(Right::person))
                .toList())
        .onItem()
        .transformToUniAndConcatenate(
            right ->
                duties
                    .check(right)
                    .onFailure(Problem.class)
                    .recoverWithUni(
                        problem -> {
                          apart.put(right.id(), problem.getMessage());
                          return Uni.createFrom().voidItem();
                        }))
        .collect()
        .last()
        .replaceWith(apart);
  }

  private Uni<Void> carryOut(Campaign campaign, List<Line> lines, Facts facts, Instant now) {
    List<Decided> decided = new ArrayList<>();
    List<ReviewAnswer> answers = new ArrayList<>();
    Set<UUID> certified = new HashSet<>();
    Set<UUID> affected = new TreeSet<>();
    for (Line line : lines) {
      Review review = facts.reviews().get(line.item());
      ReviewEvent.Decided event = review.decide(line, facts.callers(), actor.id(), now);
      UUID eventId = Ids.next();
      answers.add(new ReviewAnswer(eventId, event));
      decided.add(new Decided(review, List.of(event), eventId));
      ServiceAccount account = facts.serviceAccount(review);
      if (account != null) {
        decided.add(new Decided(account, carryOut(campaign, line, review, account, now)));
        continue;
      }
      ClientAccess access = facts.clientAccess(review);
      if (access != null) {
        decided.add(new Decided(access, carryOut(campaign, line, review, access, now)));
        continue;
      }
      Right right = facts.rights().get(review.rightId());
      if (line.decision() == Verdict.REVOKE) {
        Act act = new Act(actor.id(), now, reason(campaign, line));
        decided.add(new Decided(right, List.of(right.revoke(act))));
        affected.add(review.person());
      }
      if (line.decision() == Verdict.REDUCE) {
        decided.add(new Decided(right, List.of(right.reduce(line.until(), now))));
      }
      if (review.isCertified()) {
        certified.add(right.id());
        if (right.state().state() == RightState.SUSPENDED) {
          decided.add(new Decided(right, List.of(right.resume(now))));
          affected.add(review.person());
        }
      }
    }
    return outbox
        .append(decided)
        .chain(() -> ReviewAnswer.persist(answers))
        .chain(() -> certify(certified, now))
        .chain(() -> observers.tell(affected));
  }

  private static List<ServiceAccountEvent> carryOut(
      Campaign campaign, Line line, Review review, ServiceAccount account, Instant now) {
    if (line.decision() == Verdict.REVOKE) {
      return List.of(account.end(reason(campaign, line), now));
    }
    return review.isCertified() ? account.certify(line.until(), now) : List.of();
  }

  private List<ClientAccessEvent> carryOut(
      Campaign campaign, Line line, Review review, ClientAccess access, Instant now) {
    if (line.decision() == Verdict.REVOKE) {
      return List.of(access.revoke(reason(campaign, line), actor.id(), now));
    }
    if (review.isCertified()) {
      access.certify(now);
    }
    return List.of();
  }

  private static String reason(Campaign campaign, Line line) {
    String review = "Revoked in the review \"" + campaign.name() + "\" (" + campaign.id() + ")";
    return line.reason() == null ? review + "." : review + ": " + line.reason();
  }

  private static Uni<Void> certify(Set<UUID> rights, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        update access_right set certified_at = ?1
                        where id = any(cast(cast(?2 as text[]) as uuid[]))""")
                    .setParameter(1, now.atOffset(ZoneOffset.UTC))
                    .setParameter(2, Scope.texts(rights))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private static <T> Set<UUID> distinct(List<T> all, Function<T, UUID> id) {
    return all.stream()
        .map(id)
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static <T> Map<UUID, T> byId(List<T> all, Function<T, UUID> id) {
    return all.stream().collect(Collectors.toMap(id, each -> each));
  }
}
