package io.vigie.access.duty;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.RightsObserver;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Whose conflicts are to be looked at again, and the work itself, {@value #BATCH} people in a
 * transaction. Rules that changed, and once a day everything, are held against all rights by one
 * statement, which marks those people alone who are not as they must be. When one of a batch fails,
 * each gets a transaction of their own, and whoever fails is logged and tried again.
 */
@ApplicationScoped
class DutiesDue implements RightsObserver {

  static final int BATCH = 500;

  /** As many rules at once are dearer than all of them. */
  private static final int RULES = 20;

  private static final Logger LOG = Logger.getLogger(DutiesDue.class);

  private final DutyEvaluation evaluation;
  private final Relay relay;
  private final Clock clock;

  DutiesDue(DutyEvaluation evaluation, Relay relay, Clock clock) {
    this.evaluation = evaluation;
    this.relay = relay;
    this.clock = clock;
  }

  @Override
  public Uni<Void> changed(Set<UUID> people) {
    return execute(
        """
        insert into duty_due (person_id)
        select cast(each as uuid) from unnest(cast(?1 as text[])) each""",
        (Object) texts(people));
  }

  /** A safety net: whatever was missed is found within a day. */
  @Scheduled(cron = "${vigie.access.duties-at}")
  Uni<Void> markAll() {
    return Panache.withTransaction(() -> execute(DutySql.MARK_ALL, now()));
  }

  @Scheduled(
      every = "${vigie.access.duties-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> work() {
    return Panache.withTransaction(() -> markLapsed().chain(this::followRules))
        .chain(() -> workAfter(new UUID(0, 0)));
  }

  /** Whose exceptions end, which are looked at by the same run. */
  private Uni<Void> markLapsed() {
    return execute(
        """
        insert into duty_due (person_id)
        select distinct person_id from duty_conflict
        where state = 'EXCEPTED' and excepted_until <= cast(?1 as timestamptz)""",
        now());
  }

  /**
   * The marks of rules go before their people are looked for, so that a change that is not seen
   * keeps its mark.
   */
  private Uni<Void> followRules() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with gone as (delete from duty_due where rule_id is not null returning rule_id)
                        select distinct cast(rule_id as text) from gone""",
                        String.class)
                    .getResultList())
        .chain(
            rules ->
                rules.size() > RULES
                    ? execute(DutySql.MARK_ALL, now())
                    : Multi.createFrom()
                        .iterable(rules)
                        .onItem()
                        .transformToUniAndConcatenate(
                            rule -> execute(DutySql.MARK_RULE, now(), rule))
                        .collect()
                        .last());
  }

  private Uni<Void> workAfter(UUID last) {
    return Panache.withSession(() -> waiting(last))
        .chain(
            people ->
                people.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : evaluate(people)
                        .onFailure()
                        .recoverWithUni(() -> evaluateEach(people))
                        .invoke(relay::wake)
                        .chain(() -> workAfter(people.get(people.size() - 1))));
  }

  private static Uni<List<UUID>> waiting(UUID last) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select distinct person_id from duty_due where person_id > ?1
                        order by 1 limit ?2""",
                        UUID.class)
                    .setParameter(1, last)
                    .setParameter(2, BATCH)
                    .getResultList());
  }

  private Uni<Void> evaluate(List<UUID> people) {
    return Panache.withTransaction(() -> evaluation.of(people));
  }

  private Uni<Void> evaluateEach(List<UUID> people) {
    return Multi.createFrom()
        .iterable(people)
        .onItem()
        .transformToUniAndConcatenate(
            person ->
                evaluate(List.of(person))
                    .onFailure()
                    .invoke(
                        failure -> LOG.errorf(failure, "the duties of person %s are due", person))
                    .onFailure()
                    .recoverWithNull())
        .collect()
        .last()
        .replaceWithVoid();
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static String[] texts(Collection<UUID> ids) {
    return ids.stream().map(UUID::toString).toArray(String[]::new);
  }

  private static Uni<Void> execute(String sql, Object... parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              Mutiny.MutationQuery query = session.createNativeQuery(sql);
              for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
              }
              return query.executeUpdate();
            })
        .replaceWithVoid();
  }
}
