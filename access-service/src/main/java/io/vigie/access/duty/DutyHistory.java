package io.vigie.access.duty;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.access.duty.HistoryRules.Deed;
import io.vigie.access.person.Person;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Finds who did both of what nobody may do both of, from what other services tell. Of each event it
 * keeps which account was on which side of which matter, for as long as the policy says. The
 * services refuse what they see at the time; this sees also what they do not compare, and what came
 * past them. One conflict for a rule, matter and account, once.
 */
@ApplicationScoped
class DutyHistory implements EventListener {

  private final Instance<Inbox> inbox;
  private final HistoryRules rules;
  private final Outbox outbox;
  private final Clock clock;

  DutyHistory(Instance<Inbox> inbox, HistoryRules rules, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.rules = rules;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "duty-history";
  }

  @Incoming("duty-history")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public boolean knows(String type) {
    return rules.ask(type);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return Multi.createFrom()
        .iterable(rules.deeds(event))
        .onItem()
        .transformToUniAndConcatenate(deed -> remember(deed, event).call(() -> judge(deed)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static Uni<Integer> remember(Deed deed, ReceivedEvent event) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into duty_act (rule, matter, account, side, at)
                        values (?1, ?2, ?3, ?4, ?5) on conflict do nothing""")
                    .setParameter(1, deed.rule())
                    .setParameter(2, deed.matter())
                    .setParameter(3, deed.account())
                    .setParameter(4, deed.side())
                    .setParameter(5, OffsetDateTime.ofInstant(event.time(), ZoneOffset.UTC))
                    .executeUpdate());
  }

  private Uni<Void> judge(Deed deed) {
    return isBoth(deed)
        .chain(
            isBoth ->
                isBoth
                    ? Person.withSubject(deed.account())
                        .map(
                            holder ->
                                DutyConflict.ofHistory(
                                    deed.rule(),
                                    deed.matter(),
                                    deed.account(),
                                    holder.isEmpty() ? null : holder.get(0).id(),
                                    clock.instant()))
                        .chain(conflict -> outbox.append(conflict, conflict.found()))
                    : Uni.createFrom().voidItem());
  }

  /** Whether the account is on every side, which nobody knew before. */
  private static Uni<Boolean> isBoth(Deed deed) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select count(*) from duty_act a
                        where rule = ?1 and matter = ?2 and account = ?3 and not exists
                          (select from duty_conflict c
                           where c.kind = 'HISTORY' and c.rule = a.rule and c.matter = a.matter
                             and c.account = a.account)""",
                        Long.class)
                    .setParameter(1, deed.rule())
                    .setParameter(2, deed.matter())
                    .setParameter(3, deed.account())
                    .getSingleResult())
        .map(sides -> sides == deed.sides());
  }

  @Scheduled(every = "1h", delayed = "3m")
  Uni<Void> forgetOld() {
    OffsetDateTime before =
        OffsetDateTime.ofInstant(clock.instant().minus(rules.keep()), ZoneOffset.UTC);
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createNativeQuery("delete from duty_act where at < ?1")
                                .setParameter(1, before)
                                .executeUpdate()))
        .replaceWithVoid();
  }
}
