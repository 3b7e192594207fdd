package io.vigie.audit.erasure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.payload.EventData;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.PersonKeys;
import org.jboss.logging.Logger;

/**
 * Has the log follow when access-service forgot who somebody was: each {@code person.erased.v1} in
 * it is an order of its own, by whoever had that done, and once. The log is what remembers them, so
 * that none is missed while this service, the keys or the database are away.
 */
@ApplicationScoped
class ErasedPeople {

  private static final Logger LOG = Logger.getLogger(ErasedPeople.class);

  private static final int PORTION = 50;
  private static final long BEFORE_ALL = -1;

  /** What a service's topic bears under its own name and in order alone, after index $1. */
  private static final String UNANSWERED =
      """
      select e.index, e.event_id, e.subject, e.actor, e.canonical, p.person, p.key, p.body
      from entry e join payload p on p.index = e.index
      where e.type = 'person.erased.v1' and e.source = '/vigie/access' and e.alert is null
        and not exists (select from erasure o where o.event = e.event_id) and e.index > $1
      order by e.index limit %d"""
          .formatted(PORTION);

  private record Forgotten(
      UUID event, List<String> ids, String reason, String reference, String actor) {

    /**
     * @throws IllegalStateException when it does not say whom it is about, or why: nothing is
     *     erased by what cannot be read
     */
    static Forgotten of(Row row, JsonNode data) {
      String object = require("object", row.getString("subject"));
      List<String> ids = new ArrayList<>(List.of(object.substring(object.indexOf('/') + 1)));
      if (data.hasNonNull("subject")) {
        ids.add(require("account", data.get("subject").textValue()));
      }
      if (!object.startsWith("person/") || !ids.stream().allMatch(ErasureOrders::isPerson)) {
        throw new IllegalStateException("it is about nobody who can be a person");
      }
      return new Forgotten(
          row.getUUID("event_id"),
          ids,
          require("reason", data.path("reason").textValue()),
          require("reference", data.path("reference").textValue()),
          row.getString("actor"));
    }

    private static String require(String what, /* nullable */ String text) {
      if (text == null || text.isBlank()) {
        throw new IllegalStateException("its " + what + " cannot be read");
      }
      return text;
    }
  }

  private final Pool database;
  private final PersonKeys keys;
  private final ObjectMapper json;
  private final ErasureOrders orders;
  private final KeyDestruction destruction;
  private final Clock clock;

  ErasedPeople(
      Pool database,
      PersonKeys keys,
      ObjectMapper json,
      ErasureOrders orders,
      KeyDestruction destruction,
      Clock clock) {
    this.database = database;
    this.keys = keys;
    this.json = json;
    this.orders = orders;
    this.destruction = destruction;
    this.clock = clock;
  }

  /** All that wait, in portions: one that fails holds up no other, and is tried again. */
  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return lookAfter(BEFORE_ALL);
  }

  private Uni<Void> lookAfter(long index) {
    return database
        .preparedQuery(UNANSWERED)
        .execute(Tuple.of(index))
        .map(ErasedPeople::listed)
        .call(this::answerEach)
        .chain(
            rows ->
                rows.size() < PORTION
                    ? Uni.createFrom().voidItem()
                    : lookAfter(rows.get(PORTION - 1).getLong("index")));
  }

  private static List<Row> listed(RowSet<Row> rows) {
    List<Row> listed = new ArrayList<>();
    rows.forEach(listed::add);
    return listed;
  }

  private Uni<Void> answerEach(List<Row> rows) {
    return Multi.createFrom()
        .iterable(rows)
        .onItem()
        .transformToUniAndConcatenate(
            row ->
                VertxContextSupport.executeBlocking(() -> read(row))
                    .chain(this::erase)
                    .onFailure()
                    .invoke(
                        e ->
                            LOG.errorf(
                                "the erasure that event %s asks for waits: %s",
                                row.getUUID("event_id"), e))
                    .onFailure()
                    .recoverWithNull()
                    .replaceWithVoid())
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Forgotten read(Row row) {
    return Forgotten.of(row, new EventData(new Payloads(keys), json).of(row));
  }

  /** Null where another replica has ordered it meanwhile: nothing is left to do then. */
  private Uni<Erasure> erase(Forgotten forgotten) {
    return orders
        .allIds(forgotten.ids())
        .chain(ids -> VertxContextSupport.executeBlocking(() -> order(forgotten, ids)))
        .chain(orders::place)
        .onItem()
        .ifNotNull()
        .transformToUni(destruction::carryOut);
  }

  private Erasure order(Forgotten forgotten, List<String> ids) {
    return new Erasure(
            ids,
            orders.keysOf(ids),
            forgotten.reason(),
            null,
            forgotten.reference(),
            forgotten.actor(),
            clock.instant())
        .answering(forgotten.event());
  }
}
