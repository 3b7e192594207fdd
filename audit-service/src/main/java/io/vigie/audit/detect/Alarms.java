package io.vigie.audit.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.intake.LogWatch;
import io.vigie.audit.intake.LogWatch.Finding;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Turns what the log's own watch finds into alerts: one when a finding begins, and the word that it
 * is over when it ends. One replica at a time, told by a lock of the database; what was found lies
 * in a table, so neither a restart nor another replica tells of it twice.
 */
@ApplicationScoped
class Alarms {

  private static final long LOCK = 0x5647_5741_5443_4800L; // "VGWATCH"

  /** What a finding is known by while it lasts. */
  private record Key(String type, String about) {

    static Key of(Finding finding) {
      return new Key(
          finding.type(),
          Stream.of(finding.source(), finding.subject())
              .filter(Objects::nonNull)
              .collect(Collectors.joining(" ")));
    }
  }

  private final LogWatch watch;
  private final ObjectGaps objects;
  private final Alerts alerts;
  private final Relay relay;

  Alarms(@Wellness LogWatch watch, ObjectGaps objects, Alerts alerts, Relay relay) {
    this.watch = watch;
    this.objects = objects;
    this.alerts = alerts;
    this.relay = relay;
  }

  /** Compares what the watch finds now with what is known. */
  @Scheduled(
      every = "{vigie.log.watch-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> check() {
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            lock(session)
                                .chain(
                                    locked ->
                                        locked ? compare(session) : Uni.createFrom().voidItem())))
        .invoke(relay::wake);
  }

  private static Uni<Boolean> lock(Mutiny.Session session) {
    return session
        .createNativeQuery("select pg_try_advisory_xact_lock(" + LOCK + ")", Boolean.class)
        .getSingleResult();
  }

  private Uni<Void> compare(Mutiny.Session session) {
    return watch
        .findings()
        .chain(found -> objects.findings().invoke(found::addAll).replaceWith(found))
        .chain(
            findings ->
                session
                    .createNativeQuery("select type, about, alerts from alarm", Object[].class)
                    .getResultList()
                    .chain(rows -> compare(session, findings, rows)));
  }

  private Uni<Void> compare(Mutiny.Session session, List<Finding> findings, List<Object[]> rows) {
    Map<Key, String> ended = new HashMap<>();
    rows.forEach(row -> ended.put(new Key((String) row[0], (String) row[1]), (String) row[2]));
    List<Finding> begun = new ArrayList<>();
    for (Finding finding : findings) {
      if (ended.remove(Key.of(finding)) == null) {
        begun.add(finding);
      }
    }
    return each(begun, finding -> begin(session, finding))
        .chain(
            () -> each(ended.entrySet(), alarm -> end(session, alarm.getKey(), alarm.getValue())));
  }

  private Uni<Void> begin(Mutiny.Session session, Finding finding) {
    Key key = Key.of(finding);
    return alerts
        .found(
            finding.type(), finding.source(), finding.subject(), finding.since(), finding.detail())
        .chain(
            ids ->
                session
                    .createNativeQuery(
                        "insert into alarm (type, about, alerts) values (?1, ?2, ?3)")
                    .setParameter(1, key.type())
                    .setParameter(2, key.about())
                    .setParameter(3, String.join(",", ids.stream().map(UUID::toString).toList()))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> end(Mutiny.Session session, Key key, String raised) {
    List<UUID> ids =
        Stream.of(raised.split(",")).filter(id -> !id.isEmpty()).map(UUID::fromString).toList();
    return alerts
        .over(ids)
        .chain(
            () ->
                session
                    .createNativeQuery("delete from alarm where type = ?1 and about = ?2")
                    .setParameter(1, key.type())
                    .setParameter(2, key.about())
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** One after the other: a session serves one statement at a time. */
  private static <T> Uni<Void> each(Iterable<T> items, Function<T, Uni<Void>> work) {
    return Multi.createFrom()
        .iterable(items)
        .onItem()
        .transformToUniAndConcatenate(item -> work.apply(item))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
