package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.web.Task;

/**
 * Rules that are to be attested, for the role of each: from so long before the last attestation is
 * over as re-evaluations open before they are due, and from when it was withdrawn.
 */
@ApplicationScoped
class AttestationTasks implements Task.Source {

  /**
   * ?1 rules, ?2 when the last must still count, ?3 and ?4 the place, ?5 a limit, ?6 how long
   * ahead, in seconds. What was never attested waits since the rule's first re-evaluation was
   * planned, which is when the service learnt of the rule.
   */
  private static final String WAITING =
      """
      select id, rule, since from (
        select cast(md5('control-attestation.give/' || r.rule) as uuid) as id, r.rule, coalesce(
          (select max(least(a.valid_until - ?6 * interval '1 second', a.ended_at)) from control_attestation a where a.rule = r.rule),
          (select min(e.planned_at) from re_evaluation e where e.rule = r.rule)) as since
        from unnest(string_to_array(?1, ',')) as r (rule)
        where not exists (
          select from control_attestation a where a.rule = r.rule and a.ended_at is null and a.valid_until > ?2)) waiting
      where (since, id) > (?3, ?4) order by since, id limit ?5""";

  private final Catalogue catalogue;
  private final Actor actor;
  private final Clock clock;

  AttestationTasks(Catalogue catalogue, Actor actor, Clock clock) {
    this.catalogue = catalogue;
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    String rules =
        catalogue.all().stream()
            .filter(rule -> rule.attestation() != null && actor.hasRole(rule.attestation().by()))
            .map(Rule::id)
            .collect(Collectors.joining(","));
    if (rules.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(WAITING, Object[].class)
                    .setParameter(1, rules)
                    .setParameter(
                        2, clock.instant().plus(ReevaluationTasks.OPENS).atOffset(ZoneOffset.UTC))
                    .setParameter(3, after.since().atOffset(ZoneOffset.UTC))
                    .setParameter(4, after.id())
                    .setParameter(5, limit)
                    .setParameter(6, (double) ReevaluationTasks.OPENS.toSeconds())
                    .getResultList())
        .map(rows -> rows.stream().map(AttestationTasks::give).toList());
  }

  private static Task give(Object[] row) {
    String rule = (String) row[1];
    Instant since = row[2] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[2];
    return new Task(
        (UUID) row[0],
        "control-attestation.give",
        "control/" + rule,
        "/v1/controls/" + rule + "/attestations",
        since,
        since.plus(ReevaluationTasks.OPENS));
  }
}
