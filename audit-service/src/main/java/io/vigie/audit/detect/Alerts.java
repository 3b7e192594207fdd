package io.vigie.audit.detect;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.detect.Batch.Firing;
import io.vigie.audit.detect.DetectionEvent.AlertOver;
import io.vigie.audit.detect.DetectionEvent.AlertRaised;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.outbox.Outbox;

/**
 * Turns what rules found into alerts: a row for who asks here and an event for everybody else, in
 * the caller's transaction. {@code vigie_detection_alerts_total}, by rule, counts them.
 */
@ApplicationScoped
public class Alerts {

  private static final int ENTRIES_NAMED = 100;
  private static final JsonPointer DETAIL = JsonPointer.compile("/data/detail");

  private static final String INSERT =
      """
      insert into raised
        (id, rule, severity, title, grp, count, first_at, last_at, entries, detail, raised_at)
      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)""";

  private final Rules rules;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;
  private final ObjectMapper json;
  private final MeterRegistry registry;

  Alerts(
      Rules rules,
      Outbox outbox,
      Actor actor,
      Clock clock,
      ObjectMapper json,
      MeterRegistry registry) {
    this.rules = rules;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
    this.json = json;
    this.registry = registry;
  }

  /**
   * Gives the rules something that no entry says: what the log's own watch or its verifier found.
   * Such rules keep no memory; each finding that fits raises an alert.
   *
   * @param type as rules name it, for example {@code log.gap}
   * @param source the source it is about, or null
   * @param subject the object it is about, or null
   * @param since when it began
   * @param detail what was found, in words
   * @return the alerts raised
   */
  public Uni<List<UUID>> found(
      String type, String source, String subject, Instant since, String detail) {
    ObjectNode view = json.createObjectNode().put("type", type).put("time", since.toString());
    if (source != null) {
      view.put("source", source);
    }
    if (subject != null) {
      view.put("subject", subject);
    }
    view.putObject("data").put("detail", detail);
    Signal finding = new Signal(null, view, since);
    return raise(new Batch(rules.all(), List.of(finding)).run(new Memory()));
  }

  Uni<List<UUID>> raise(List<Firing> firings) {
    return Multi.createFrom()
        .iterable(firings)
        .onItem()
        .transformToUniAndConcatenate(this::raise)
        .collect()
        .asList();
  }

  private Uni<UUID> raise(Firing firing) {
    Window counted = firing.counted();
    AlertRaised alert =
        new AlertRaised(
            Ids.next(),
            firing.rule().id(),
            firing.rule().severity(),
            firing.rule().title().en(),
            firing.group().isEmpty() ? null : firing.group(),
            counted.weight(),
            counted.first(),
            counted.last(),
            counted.entries(ENTRIES_NAMED),
            firing.by().text(DETAIL),
            clock.instant());
    registry.counter("vigie.detection.alerts", "rule", alert.rule()).increment();
    return insert(alert)
        .chain(() -> outbox.appendFact("alert", alert.rule(), actor.system(), alert))
        .replaceWith(alert.aggregateId());
  }

  private Uni<Integer> insert(AlertRaised alert) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(INSERT)
                    .setParameter(1, alert.aggregateId())
                    .setParameter(2, alert.rule())
                    .setParameter(3, alert.severity())
                    .setParameter(4, alert.title())
                    .setParameter(5, alert.group() == null ? "" : alert.group())
                    .setParameter(6, alert.count())
                    .setParameter(7, MemoryRows.utc(alert.first()))
                    .setParameter(8, MemoryRows.utc(alert.last()))
                    .setParameter(9, json.valueToTree(alert.entries()).toString())
                    .setParameter(10, alert.detail())
                    .setParameter(11, MemoryRows.utc(alert.at()))
                    .executeUpdate());
  }

  /** What these alerts were raised for has ended. */
  Uni<Void> over(List<UUID> alerts) {
    return Multi.createFrom()
        .iterable(alerts)
        .onItem()
        .transformToUniAndConcatenate(this::over)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> over(UUID alert) {
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "update raised set over_at = ?2 where id = ?1 and over_at is null returning rule, grp",
                        Object[].class)
                    .setParameter(1, alert)
                    .setParameter(2, MemoryRows.utc(now))
                    .getResultList())
        .chain(
            rows ->
                rows.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : publishOver(alert, (String) rows.get(0)[0], (String) rows.get(0)[1], now));
  }

  private Uni<Void> publishOver(UUID alert, String rule, String group, Instant now) {
    return outbox.appendFact(
        "alert",
        rule,
        actor.system(),
        new AlertOver(alert, rule, group.isEmpty() ? null : group, now));
  }
}
