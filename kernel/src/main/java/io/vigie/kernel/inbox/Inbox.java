package io.vigie.kernel.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.kernel.DatabaseAway;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;
import io.vigie.kernel.outbox.Relay;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Makes "at least once" into "once": the memory of an event is written in the transaction of the
 * work it caused, so both commit or neither does.
 *
 * <p>Work that fails is tried {@value #ATTEMPTS} times with growing pauses; then the event is
 * parked, and whatever comes later of the same key is parked behind it, so that an object's events
 * are never worked out of order. An operator replays a key when the cause is mended. A database
 * that is away is no fault of the event: the record is held, and tried until it is back.
 */
@ApplicationScoped
public class Inbox {

  static final int ATTEMPTS = 5;
  private static final int MAX_DOUBLINGS = 5;
  private static final int LONGEST_KEY = 200;
  private static final int FORGOTTEN_AT_ONCE = 10_000;
  private static final Duration REMEMBERED = Duration.ofDays(35); // topics keep 30
  private static final Logger LOG = Logger.getLogger(Inbox.class);
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  /** Lines that are logged while an event is worked, or parked, have its id under this name. */
  private static final String LOGGED = "eventId";

  private final Vertx vertx;
  private final ObjectMapper json;
  private final Clock clock;
  private final Relay relay;
  private final Map<String, EventListener> listeners = new HashMap<>();
  private final Duration firstPause;

  Inbox(
      Vertx vertx,
      ObjectMapper json,
      Clock clock,
      Relay relay,
      @All List<EventListener> listeners,
      @ConfigProperty(name = "vigie.inbox.first-pause", defaultValue = "200ms")
          Duration firstPause) {
    this.vertx = vertx;
    this.json = json;
    this.clock = clock;
    this.relay = relay;
    this.firstPause = firstPause;
    listeners.forEach(listener -> this.listeners.put(listener.name(), listener));
  }

  /**
   * Has {@code listener} work each of {@code records} once, one after the other, or parks it;
   * passes over types that it does not know, by far the most. Completes when all of that is
   * committed and never fails: a channel that sees a failure would stop for good.
   */
  public Uni<Void> once(EventListener listener, ConsumerRecords<String, byte[]> records) {
    return Multi.createFrom()
        .iterable(records)
        .filter(record -> concerns(listener, record))
        .onItem()
        .transformToUniAndConcatenate(record -> once(listener, event(listener, record)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static boolean concerns(EventListener listener, ConsumerRecord<String, byte[]> record) {
    Header type = record.headers().lastHeader(ReceivedEvent.TYPE);
    return type == null || type.value() == null || listener.knows(new String(type.value(), UTF_8));
  }

  private Uni<Void> once(EventListener listener, ParkedEvent event) {
    return tried(() -> workOrPark(listener, event), Integer.MAX_VALUE, failure -> true)
        .onTermination()
        .invoke(() -> MDC.remove(LOGGED));
  }

  private Uni<Void> workOrPark(EventListener listener, ParkedEvent event) {
    ReceivedEvent read;
    try {
      read = read(event);
      if (!listener.concerns(read)) {
        return Uni.createFrom().voidItem();
      }
    } catch (RuntimeException e) {
      return park(event, e); // it reads no better another time
    }
    return tried(() -> workOrWait(listener, event, read), ATTEMPTS, Inbox::isOfTheEvent)
        .onFailure(Inbox::isOfTheEvent)
        .recoverWithUni(failure -> park(event, failure));
  }

  /** Looks whether its key is parked in the statement that remembers it: most never are. */
  private Uni<Void> workOrWait(EventListener listener, ParkedEvent parked, ReceivedEvent event) {
    MDC.put(LOGGED, event.id().toString());
    return Panache.withTransaction(
            () ->
                execute(
                        """
                    insert into inbox (listener, event_id, received_at) select ?1, ?2, ?3
                    where not exists (select from parked where listener = ?1 and message_key = ?4)
                    on conflict do nothing""",
                        listener.name(),
                        event.id(),
                        now(),
                        parked.key)
                    .chain(
                        inserted ->
                            inserted == 1 ? listener.on(event) : parkBehind(listener, parked)))
        .invoke(relay::wake);
  }

  /** What is parked, oldest first. */
  Uni<List<ParkedEvent>> parked(int limit, long after) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createSelectionQuery(
                                "from ParkedEvent where id > ?1 order by id", ParkedEvent.class)
                            .setParameter(1, after)
                            .setMaxResults(limit)
                            .getResultList()));
  }

  Uni<Long> countParked() {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createSelectionQuery("select count(*) from ParkedEvent", Long.class)
                            .getSingleResult()));
  }

  /**
   * Works a parked key again, from its oldest event to its newest, each in a transaction of its
   * own.
   *
   * @return how many were worked; fails with the first failure, which leaves the rest parked
   */
  Uni<Integer> replay(long id) {
    return Panache.withSession(() -> find("id = ?1", id))
        .chain(
            found -> {
              if (found.isEmpty()) {
                return Uni.createFrom()
                    .failure(Problem.notFound("Nothing is parked under this id."));
              }
              return replayKey(found.get(0));
            })
        .invoke(relay::wake);
  }

  private Uni<Integer> replayKey(ParkedEvent key) {
    return Multi.createBy()
        .repeating()
        .uni(() -> replayOldest(key))
        .whilst(worked -> worked)
        .filter(worked -> worked)
        .collect()
        .with(Collectors.summingInt(worked -> 1));
  }

  /** Whether there was one. */
  private Uni<Boolean> replayOldest(ParkedEvent key) {
    return Panache.withTransaction(
        () ->
            lock(key)
                .chain(() -> find("listener = ?1 and key = ?2 order by id", key.listener, key.key))
                .chain(
                    waiting -> {
                      if (waiting.isEmpty()) {
                        return Uni.createFrom().item(false);
                      }
                      ParkedEvent next = waiting.get(0);
                      return work(listener(next), next)
                          .chain(() -> execute("delete from parked where id = ?1", next.id))
                          .replaceWith(true);
                    }));
  }

  private EventListener listener(ParkedEvent event) {
    EventListener listener = listeners.get(event.listener);
    if (listener == null) {
      throw Problem.conflict(
          "unknown-listener", "This service has no listener " + event.listener + " any more.");
    }
    return listener;
  }

  /** Forgets events that no topic can deliver again, not so many at once that it takes long. */
  @Scheduled(
      every = "${vigie.forget-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> forgetOld() {
    OffsetDateTime before =
        OffsetDateTime.ofInstant(clock.instant().minus(REMEMBERED), ZoneOffset.UTC);
    return Uni.createFrom()
        .deferred(() -> forget(before))
        .repeat()
        .until(forgotten -> forgotten < FORGOTTEN_AT_ONCE)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static Uni<Integer> forget(OffsetDateTime before) {
    return Panache.withTransaction(
        () ->
            execute(
                """
                delete from inbox where (listener, event_id) in
                  (select listener, event_id from inbox where received_at < ?1
                   order by received_at limit ?2)""",
                before,
                FORGOTTEN_AT_ONCE));
  }

  /** Joins the current transaction when there is one: a replay deletes the parked row in it too. */
  private Uni<Void> work(EventListener listener, ParkedEvent parked) {
    ReceivedEvent event;
    try {
      event = read(parked);
      if (!listener.concerns(event)) {
        return Uni.createFrom().voidItem();
      }
    } catch (RuntimeException e) {
      return Uni.createFrom().failure(e);
    }
    MDC.put(LOGGED, event.id().toString());
    return Panache.withTransaction(
        () ->
            execute(
                    "insert into inbox (listener, event_id, received_at) values (?1, ?2, ?3) on conflict do nothing",
                    listener.name(),
                    event.id(),
                    now())
                .chain(
                    inserted -> inserted == 0 ? Uni.createFrom().voidItem() : listener.on(event)));
  }

  /**
   * Behind an older parked event of its key, unless a replay has just emptied the key, or there was
   * none and the event is one that was worked before.
   */
  private Uni<Void> parkBehind(EventListener listener, ParkedEvent event) {
    return Panache.withTransaction(
        () ->
            lock(event)
                .chain(() -> countParked(event))
                .chain(
                    older ->
                        older > 0
                            ? insert(event, "waits behind an older event of its key")
                            : work(listener, event)));
  }

  private Uni<Void> park(ParkedEvent event, Throwable failure) {
    LOG.errorf(
        failure,
        "%s parks %s-%d@%d and its key %s",
        event.listener,
        event.topic,
        event.partition,
        event.position,
        event.key);
    return Panache.withTransaction(() -> lock(event).chain(() -> insert(event, describe(failure))));
  }

  private Uni<Void> insert(ParkedEvent event, String error) {
    return execute(
            """
            insert into parked
              (listener, message_key, topic, partition, position, headers, payload, error, parked_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict do nothing""",
            event.listener,
            event.key,
            event.topic,
            event.partition,
            event.position,
            event.headers,
            event.payload,
            error,
            now())
        .replaceWithVoid();
  }

  private Uni<Long> countParked(ParkedEvent event) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "select count(*) from ParkedEvent where listener = ?1 and key = ?2",
                        Long.class)
                    .setParameter(1, event.listener)
                    .setParameter(2, event.key)
                    .getSingleResult());
  }

  private static Uni<List<ParkedEvent>> find(String where, Object... parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              Mutiny.SelectionQuery<ParkedEvent> query =
                  session
                      .createSelectionQuery("from ParkedEvent where " + where, ParkedEvent.class)
                      .setMaxResults(1);
              for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
              }
              return query.getResultList();
            });
  }

  private Uni<Void> lock(ParkedEvent event) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, event.listener + "/" + event.key)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private static Uni<Integer> execute(String sql, Object... parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              Mutiny.MutationQuery query = session.createNativeQuery(sql);
              for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
              }
              return query.executeUpdate();
            });
  }

  private static boolean isOfTheEvent(Throwable failure) {
    return !DatabaseAway.is(failure);
  }

  /**
   * Fails with the failure that ended it: the last of {@code attempts}, or one not {@code worth}
   * another.
   */
  Uni<Void> tried(Supplier<Uni<Void>> work, int attempts, Predicate<Throwable> worth) {
    Context context = vertx.getOrCreateContext();
    AtomicInteger failed = new AtomicInteger();
    return Uni.createFrom()
        .deferred(work::get)
        // A pause ends on a timer's thread; a session lives on the context it was opened on.
        .runSubscriptionOn(task -> context.runOnContext(ignored -> task.run()))
        .onFailure(failure -> worth.test(failure) && failed.incrementAndGet() < attempts)
        .retry()
        .when(
            failures ->
                failures
                    .onItem()
                    .transformToUniAndConcatenate(failure -> pause(failure, failed.get())));
  }

  private Uni<Long> pause(Throwable failure, int failed) {
    LOG.warnf("attempt %d failed, trying again: %s", failed, failure.toString());
    return Uni.createFrom()
        .item(0L)
        .onItem()
        .delayIt()
        .by(firstPause.multipliedBy(1L << Math.min(failed - 1, MAX_DOUBLINGS)));
  }

  private ParkedEvent event(EventListener listener, ConsumerRecord<String, byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(
                    header.key(), header.value() == null ? "" : new String(header.value(), UTF_8)));
    ParkedEvent event = new ParkedEvent();
    event.listener = listener.name();
    event.key = storable(record.key() == null ? "" : record.key());
    event.topic = record.topic();
    event.partition = record.partition();
    event.position = record.offset();
    event.headers = write(headers);
    event.payload = record.value() == null ? new byte[0] : record.value();
    return event;
  }

  /** Foreign keys may be anything; ours are ids. What no index keeps is told apart by its hash. */
  private static String storable(String key) {
    return key.length() <= LONGEST_KEY && key.indexOf('\0') < 0 ? key : "sha256:" + Sha256.hex(key);
  }

  private static String describe(Throwable failure) {
    String text = failure.toString().replace('\0', ' ');
    return text.length() > 2_000 ? text.substring(0, 2_000) : text;
  }

  private OffsetDateTime now() {
    return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private String write(Map<String, String> headers) {
    try {
      return json.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ReceivedEvent read(ParkedEvent event) {
    try {
      return ReceivedEvent.of(json.readValue(event.headers, HEADERS), event.payload, json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
