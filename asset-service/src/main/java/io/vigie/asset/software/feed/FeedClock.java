package io.vigie.asset.software.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * Reads feeds when their time has come, one after the other. A reading is claimed in a transaction
 * of its own, so that of two replicas one reads; what came of it is written in another. Where the
 * process dies in between, the feed is read again after twice the time that a reading may take.
 */
@ApplicationScoped
class FeedClock {

  private static final int BATCH = 100;
  private static final Logger LOG = Logger.getLogger(FeedClock.class);

  private record Claim(UUID id, FeedFormat format, String url, String etag, String lastModified) {}

  private final FeedReader reader;
  private final FeedDocuments documents;
  private final FeedSettings settings;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  FeedClock(
      FeedReader reader,
      FeedDocuments documents,
      FeedSettings settings,
      Outbox outbox,
      Relay relay,
      Clock clock) {
    this.reader = reader;
    this.documents = documents;
    this.settings = settings;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.asset.look-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> readDue() {
    return Panache.withSession(() -> due(clock.instant()))
        .chain(
            ids ->
                Multi.createFrom()
                    .iterable(ids)
                    .onItem()
                    .transformToUniAndConcatenate(this::read)
                    .collect()
                    .last())
        .invoke(relay::wake)
        .replaceWithVoid();
  }

  private static Uni<List<UUID>> due(Instant now) {
    return Feed.find("select id from Feed where nextReadAt <= ?1 order by nextReadAt", now)
        .project(UUID.class)
        .range(0, BATCH - 1)
        .list();
  }

  private Uni<Void> read(UUID id) {
    Context context = Vertx.currentContext();
    return Panache.withTransaction(() -> claim(id))
        .onItem()
        .ifNotNull()
        .transformToUni(
            claim ->
                Uni.createFrom()
                    .completionStage(
                        () ->
                            reader.read(
                                claim.format(), claim.url(), claim.etag(), claim.lastModified()))
                    .emitOn(task -> context.runOnContext(none -> task.run()))
                    .chain(
                        reading ->
                            claim.format() == FeedFormat.NEWS
                                ? Uni.createFrom().item(reading)
                                : documents.take(id, reading))
                    .onItemOrFailure()
                    .transformToUni(
                        (reading, failure) ->
                            Panache.withTransaction(() -> record(id, reading, failure))))
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "what became of feed %s is not known", id))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Claim> claim(UUID id) {
    Instant now = clock.instant();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Feed where id = ?1 and nextReadAt <= ?2", Feed.class)
                    .setParameter(1, id)
                    .setParameter(2, now)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .transform(
            feed -> {
              int requests = feed.format() == FeedFormat.NEWS ? 1 : 1 + FeedDocuments.AT_ONCE;
              feed.beginReading(now.plus(settings.timeLimit().multipliedBy(2L * requests)));
              return new Claim(
                  feed.id(), feed.format(), feed.url(), feed.etag(), feed.lastModified());
            });
  }

  private Uni<Void> record(UUID id, FeedReader.Reading reading, Throwable failure) {
    return Feed.lock(id)
        .chain(
            feed -> {
              if (feed.isEnded()) {
                return Uni.createFrom().voidItem();
              }
              Instant now = clock.instant();
              if (failure != null) {
                return append(feed, feed.fail(words(failure), settings.retryAfter(), now));
              }
              return keep(feed.id(), reading.items(), now)
                  .chain(() -> tell(feed, feed.read(reading, next(reading), now), now));
            });
  }

  private Duration next(FeedReader.Reading reading) {
    return reading.isWhole() ? settings.readEvery() : Duration.ZERO;
  }

  private Uni<Void> append(Feed feed, FeedEvent event) {
    return event == null ? Uni.createFrom().voidItem() : outbox.append(feed, event);
  }

  /** What changed, or now and then that it was read. */
  private Uni<Void> tell(Feed feed, FeedEvent event, Instant now) {
    return event == null && feed.tellIfDue()
        ? outbox.appendSnapshot(feed, now)
        : append(feed, event);
  }

  private static String words(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof FeedReader.Unreadable ? cause.getMessage() : cause.toString();
  }

  /** Those that are not known yet, the oldest first. */
  private Uni<Void> keep(UUID feed, List<FeedReader.Item> items, Instant now) {
    Map<String, FeedReader.Item> byId = new LinkedHashMap<>();
    for (int i = items.size() - 1; i >= 0; i--) {
      byId.putIfAbsent(items.get(i).id(), items.get(i));
    }
    if (byId.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Notice.<Notice>list("feed = ?1 and item in ?2", feed, byId.keySet())
        .invoke(known -> known.forEach(notice -> byId.remove(notice.item())))
        .chain(
            () ->
                Multi.createFrom()
                    .iterable(byId.values())
                    .onItem()
                    .transformToUniAndConcatenate(
                        item -> {
                          Notice notice = new Notice(feed, item, now);
                          return outbox.append(notice, notice.received());
                        })
                    .collect()
                    .last())
        .replaceWithVoid();
  }
}
