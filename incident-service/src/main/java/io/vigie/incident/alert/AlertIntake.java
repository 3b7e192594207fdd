package io.vigie.incident.alert;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.outbox.Outbox.Stored;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Takes what sources tell, however much at once, by the same few statements: one forgets what was
 * resolved too long ago to be the same, one inserts what is new and counts what is not, and what
 * fires again or is over is loaded and decided. All take their locks in the order of the
 * fingerprints, so that two calls with the same alerts wait for each other and never for ever.
 */
@ApplicationScoped
public class AlertIntake {

  private static final String FORGET =
      """
      update alert set latest = false where id in (
        select a.id from unnest(cast(?1 as text[])) as told(print)
        join alert a on a.fingerprint = told.print and a.latest
        where a.state = 'RESOLVED' and a.resolved_at < cast(?2 as timestamptz)
        order by a.fingerprint for update of a)""";

  /** What flaps and was calm is not any more; that is counted, too. */
  private static final String UPSERT =
      """
      with told as (
        insert into alert
          (id, version, event_number, published_state, fingerprint, latest, source, rule, severity,
           labels, summary, description, asset, cause_event, cause_subject, state, started_at,
           received_at, fired_at, last_seen_at, occurrences, flaps, flapping, mails, told,
           next_mail_at, mail_held_until, group_key, escalations, escalate_at)
        select id, 0, 1, published, fingerprint, true, source, rule, severity,
          labels, summary, description, asset, "causeEvent", "causeSubject", 'FIRING',
          "startedAt", now, now, now, times, 0, false, 0, false, "mailAt", "mailHeldUntil", "group", 0, "escalateAt"
        from json_to_recordset(cast(cast(?1 as text) as json)) as signal (
          id uuid, published text, fingerprint text, source text, rule text, severity text,
          labels text, summary text, description text, asset uuid, "causeEvent" uuid,
          "causeSubject" text, "startedAt" timestamptz, now timestamptz, times bigint,
          "mailAt" timestamptz, "mailHeldUntil" timestamptz, "group" text, "escalateAt" timestamptz)
        order by fingerprint
        on conflict (fingerprint) where latest do update set
          occurrences = alert.occurrences + excluded.occurrences,
          last_seen_at = greatest(alert.last_seen_at, excluded.last_seen_at),
          flaps = alert.flaps + case when alert.calm_since is null then 0 else 1 end,
          calm_since = null
        returning id, state, xmax = 0 as is_new)
      select id, state, is_new from told""";

  /**
   * What became of the signals of one call.
   *
   * @param received how many there were
   * @param fired alerts that were not there before
   * @param firedAgain alerts that were resolved a short time ago
   * @param repeated alerts that fire already: they are counted
   * @param resolved alerts that are over
   * @param unknown signals that something is over that does not fire here
   */
  @Schema(name = "AlertIntake")
  public record Outcome(
      int received, int fired, int firedAgain, int repeated, int resolved, int unknown) {}

  /**
   * The outcome, for whoever told.
   *
   * @param begun the ids of the alerts that were not there before
   */
  public record Taken(Outcome outcome, List<UUID> begun) {}

  /** What one call says of one alert. */
  private static final class Told {
    private Signal firing;
    private int times;
    private Signal over;

    private void add(Signal signal) {
      over = signal.isFiring() ? null : signal;
      if (signal.isFiring()) {
        firing = signal;
        times++;
      }
    }
  }

  private record Row(
      UUID id,
      String published,
      String fingerprint,
      String source,
      String rule,
      Severity severity,
      String labels,
      String summary,
      String description,
      UUID asset,
      UUID causeEvent,
      String causeSubject,
      Instant startedAt,
      Instant now,
      int times,
      Instant mailAt,
      Instant mailHeldUntil,
      String group,
      Instant escalateAt) {}

  /** What the statement did with one alert. */
  private record Upserted(UUID id, AlertState state, boolean isNew) {

    static Upserted of(Object[] row) {
      return new Upserted((UUID) row[0], AlertState.valueOf((String) row[1]), (Boolean) row[2]);
    }
  }

  private final Outbox outbox;
  private final AlertMail mail;
  private final ObjectMapper json;
  private final Clock clock;
  private final AlertPolicy policy = AlertPolicy.read();

  AlertIntake(Outbox outbox, AlertMail mail, ObjectMapper json, Clock clock) {
    this.outbox = outbox;
    this.mail = mail;
    this.json = json;
    this.clock = clock;
  }

  /** What sources call things is read by this. */
  AlertPolicy policy() {
    return policy;
  }

  /** Takes them in their order, in the present transaction. */
  public Uni<Taken> take(List<Signal> signals) {
    Instant now = clock.instant();
    Map<String, Told> alerts = new LinkedHashMap<>();
    signals.forEach(
        signal -> alerts.computeIfAbsent(signal.fingerprint(), print -> new Told()).add(signal));
    Map<UUID, Alert> firing = new HashMap<>();
    List<Row> rows = new ArrayList<>();
    Map<String, Signal> over = new HashMap<>();
    alerts.forEach(
        (fingerprint, told) -> {
          if (told.firing != null) {
            Alert alert = new Alert(told.firing, policy, now);
            firing.put(alert.id(), alert);
            rows.add(row(alert, fingerprint, told.times, now));
          }
          if (told.over != null) {
            over.put(fingerprint, told.over);
          }
        });
    return fire(firing, rows, now)
        .chain(
            upserted ->
                end(over, now)
                    .map(resolved -> taken(signals.size(), upserted, over.size(), resolved)));
  }

  private static Taken taken(int received, List<Upserted> upserted, int over, int resolved) {
    List<UUID> begun = upserted.stream().filter(Upserted::isNew).map(Upserted::id).toList();
    int again = (int) upserted.stream().filter(AlertIntake::isAgain).count();
    int repeated = upserted.size() - begun.size() - again;
    return new Taken(
        new Outcome(received, begun.size(), again, repeated, resolved, over - resolved), begun);
  }

  private static boolean isAgain(Upserted alert) {
    return alert.state() == AlertState.RESOLVED;
  }

  private Uni<List<Upserted>> fire(Map<UUID, Alert> firing, List<Row> rows, Instant now) {
    return rows.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Panache.getSession()
            .call(session -> forget(session, rows, now))
            .chain(session -> upsert(session, rows))
            .call(upserted -> publishNew(upserted, firing))
            .call(upserted -> fireAgain(upserted, now));
  }

  private Uni<Integer> forget(Mutiny.Session session, List<Row> rows, Instant now) {
    return session
        .createNativeQuery(FORGET)
        .setParameter(1, rows.stream().map(Row::fingerprint).toArray(String[]::new))
        .setParameter(2, OffsetDateTime.ofInstant(now.minus(policy.sameWithin()), ZoneOffset.UTC))
        .executeUpdate();
  }

  private Uni<List<Upserted>> upsert(Mutiny.Session session, List<Row> rows) {
    return session
        .createNativeQuery(UPSERT, Object[].class)
        .setParameter(1, write(rows))
        .getResultList()
        .map(upserted -> upserted.stream().map(Upserted::of).toList());
  }

  private Uni<Void> publishNew(List<Upserted> upserted, Map<UUID, Alert> firing) {
    return outbox.publish(
        upserted.stream()
            .filter(Upserted::isNew)
            .map(
                row -> {
                  Alert alert = firing.get(row.id());
                  ObjectNode state = json.valueToTree(alert.state());
                  return new Stored(alert.kind(), 1, state, alert.fired());
                })
            .toList());
  }

  private Uni<Void> fireAgain(List<Upserted> upserted, Instant now) {
    List<UUID> ids = upserted.stream().filter(AlertIntake::isAgain).map(Upserted::id).toList();
    return ids.isEmpty()
        ? Uni.createFrom().voidItem()
        : Alert.<Alert>find("id in ?1 order by fingerprint", ids)
            .withLock(LockModeType.PESSIMISTIC_WRITE)
            .list()
            .map(
                alerts ->
                    alerts.stream()
                        .map(alert -> new Decided(alert, alert.fireAgain(policy, now)))
                        .toList())
            .chain(decided -> outbox.append(decided));
  }

  /** How many of those that are over were firing. */
  private Uni<Integer> end(Map<String, Signal> over, Instant now) {
    return over.isEmpty()
        ? Uni.createFrom().item(0)
        : Alert.<Alert>find(
                "latest = true and state <> ?1 and fingerprint in ?2 order by fingerprint",
                AlertState.RESOLVED,
                over.keySet())
            .withLock(LockModeType.PESSIMISTIC_WRITE)
            .list()
            .call(alerts -> end(alerts, over, now))
            .map(List::size);
  }

  private Uni<Void> end(List<Alert> alerts, Map<String, Signal> over, Instant now) {
    List<Decided> decided =
        alerts.stream()
            .map(
                alert ->
                    new Decided(
                        alert, alert.over(over.get(alert.state().fingerprint()).cause(), now)))
            .toList();
    // As where somebody resolves one: what is stored of the mail is in the version of the event.
    Uni<Void> mailed = mail.over(alerts);
    return outbox.append(decided).chain(() -> mailed);
  }

  private Row row(Alert alert, String fingerprint, int times, Instant now) {
    Alert.State state = alert.state();
    return new Row(
        alert.id(),
        write(state),
        fingerprint,
        state.source(),
        state.rule(),
        state.severity(),
        write(alert.labels()),
        alert.summary(),
        alert.description(),
        state.asset(),
        state.causeEvent(),
        state.causeSubject(),
        state.startedAt(),
        now,
        times,
        alert.nextMailAt(),
        state.mailHeldUntil(),
        alert.groupKey(),
        alert.escalateAt());
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
