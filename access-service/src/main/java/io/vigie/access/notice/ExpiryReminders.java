package io.vigie.access.notice;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.notice.Notices.Notice;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.outbox.Relay;

/**
 * Reminds whoever has a right that it ends, once for each end that it is given: {@code
 * contracts/policy/right-expiry.json} says how long before. That it did is noted in the transaction
 * that asks for the mail, so that of two replicas one asks.
 */
@ApplicationScoped
class ExpiryReminders {

  private static final int BATCH = 100;

  private record Policy(Period remindBefore) {}

  /**
   * @param isNoted whether this replica noted it, and asks for the mail
   */
  private record Ending(UUID right, UUID person, Instant until, boolean isNoted) {}

  /**
   * What ends between ?1 and ?2, behind the right ?5 that ends at ?4, lasts longer than from ?1 to
   * ?2 in all, and nobody was told of. The place keeps a day on which very many end from being read
   * from its beginning for each batch.
   */
  private static final String NOTE =
      """
      with span as (
          select cast(?1 as timestamptz) as now, cast(?2 as timestamptz) as horizon),
        ending as (
          select id, person_id, valid_until, now from access_right r, span
          where state = 'APPROVED' and valid_until > now and valid_until <= horizon
            and (valid_until, id) > (?4, ?5)
            and decided_at + (horizon - now) < valid_until
            and not exists (
              select from right_reminder m where m.right_id = r.id and m.valid_until = r.valid_until)
          order by valid_until, id limit ?3),
        noted as (
          insert into right_reminder (right_id, valid_until, reminded_at)
          select id, valid_until, now from ending on conflict do nothing
          returning right_id)
      select id, person_id, valid_until, right_id is not null
      from ending left join noted on right_id = id order by valid_until, id""";

  private final Notices notices;
  private final Relay relay;
  private final Clock clock;
  private final Period before = PolicyTable.read("right-expiry", Policy.class).remindBefore();

  ExpiryReminders(Notices notices, Relay relay, Clock clock) {
    this.notices = notices;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.access.remind-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> remind() {
    Instant now = clock.instant();
    return remindAfter(new Ending(new UUID(0, 0), null, now, false), utc(now));
  }

  private Uni<Void> remindAfter(Ending last, OffsetDateTime now) {
    return Panache.withTransaction(() -> note(last, now).call(this::ask))
        .invoke(relay::wake)
        .chain(
            endings ->
                endings.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : remindAfter(endings.get(BATCH - 1), now));
  }

  private static OffsetDateTime utc(Instant time) {
    return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
  }

  private Uni<List<Ending>> note(Ending last, OffsetDateTime now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(NOTE, Object[].class)
                    .setParameter(1, now)
                    .setParameter(2, now.plus(before))
                    .setParameter(3, BATCH)
                    .setParameter(4, utc(last.until()))
                    .setParameter(5, last.right())
                    .getResultList())
        .map(rows -> rows.stream().map(ExpiryReminders::ending).toList());
  }

  private static Ending ending(Object[] row) {
    Instant until = row[2] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[2];
    return new Ending((UUID) row[0], (UUID) row[1], until, (Boolean) row[3]);
  }

  private Uni<Void> ask(List<Ending> endings) {
    return Multi.createFrom()
        .iterable(endings)
        .filter(Ending::isNoted)
        .onItem()
        .transformToUniAndConcatenate(ending -> notices.request(reminder(ending)))
        .collect()
        .last();
  }

  private static Notice reminder(Ending ending) {
    String until = ending.until().toString();
    return new Notice(
        ending.person(),
        null,
        "right-ends",
        Map.of("right", ending.right().toString(), "until", until),
        "right-ends/" + ending.right() + "/" + until,
        null,
        ending.until());
  }
}
