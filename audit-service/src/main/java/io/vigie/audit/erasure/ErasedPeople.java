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

  /** What a service's topic bears under its own name and in order alone. */
  private static final String UNANSWERED =
      """
      select e.index, e.event_id, e.subject, e.actor, e.canonical, p.person, p.key, p.body
      from entry e join payload p on p.index = e.index
      where e.type = 'person.erased.v1' and e.source = '/vigie/access' and e.alert is null
        and not exists (select from erasure o where o.event = e.event_id)
      order by e.index limit 50""";

  private record Forgotten(
      UUID event, List<String> ids, String reason, String reference, String actor) {

    static Forgotten of(Row row, JsonNode data) {
      String subject = row.getString("subject");
      List<String> ids = new ArrayList<>(List.of(subject.substring(subject.indexOf('/') + 1)));
      if (data.hasNonNull("subject")) {
        ids.add(data.get("subject").textValue());
      }
      return new Forgotten(
          row.getUUID("event_id"),
          ids,
          data.path("reason").asText(),
          data.path("reference").asText(),
          row.getString("actor"));
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

  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return database
        .query(UNANSWERED)
        .execute()
        .chain(rows -> VertxContextSupport.executeBlocking(() -> read(rows)))
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(
            forgotten ->
                erase(forgotten)
                    .onFailure()
                    .invoke(e -> LOG.errorf(e, "the erasure for %s waits", forgotten.event()))
                    .onFailure()
                    .recoverWithNull()
                    .replaceWithVoid())
        .collect()
        .last()
        .replaceWithVoid();
  }

  private List<Forgotten> read(RowSet<Row> rows) {
    List<Forgotten> forgotten = new ArrayList<>();
    EventData events = new EventData(new Payloads(keys), json);
    for (Row row : rows) {
      forgotten.add(Forgotten.of(row, events.of(row)));
    }
    return forgotten;
  }

  /** Fails where another replica has ordered it meanwhile: nothing is left to do then. */
  private Uni<Erasure> erase(Forgotten forgotten) {
    return orders
        .allIds(forgotten.ids())
        .chain(ids -> VertxContextSupport.executeBlocking(() -> order(forgotten, ids)))
        .chain(orders::place)
        .chain(destruction::carryOut);
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
