package io.vigie.asset.software.feed;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.asset.software.AdvisoryIntake;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;

/**
 * Takes in the documents that an index names, each version of each once, some at a time. One that
 * is no advisory, or not there, waits as a notice, and keeps no other from being taken.
 */
@ApplicationScoped
class FeedDocuments {

  /** So many are fetched in one reading; the rest in the next, which follows at once. */
  static final int AT_ONCE = 50;

  private final FeedReader reader;
  private final AdvisoryIntake intake;
  private final Outbox outbox;
  private final Clock clock;

  FeedDocuments(FeedReader reader, AdvisoryIntake intake, Outbox outbox, Clock clock) {
    this.reader = reader;
    this.intake = intake;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * Takes in what is new.
   *
   * @return what was read, without items; whole where nothing is left. Fails where documents cannot
   *     be fetched; those before are kept
   */
  Uni<FeedReader.Reading> take(UUID feed, FeedReader.Reading index) {
    return Panache.withSession(() -> known(feed))
        .chain(
            known -> {
              List<FeedReader.Item> due =
                  index.items().stream()
                      .filter(item -> !item.publishedAt().equals(known.get(item.link())))
                      .toList();
              return Multi.createFrom()
                  .iterable(due.subList(0, Math.min(AT_ONCE, due.size())))
                  .onItem()
                  .transformToUniAndConcatenate(item -> take(feed, item))
                  .collect()
                  .last()
                  .replaceWith(due.size() <= AT_ONCE ? index.withoutItems() : index.inPart());
            });
  }

  /** When what was taken had changed last, by its address. */
  private static Uni<Map<String, Instant>> known(UUID feed) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select url, changed_at from feed_document where feed_id = ?1",
                        Object[].class)
                    .setParameter(1, feed)
                    .getResultList())
        .map(
            rows -> {
              Map<String, Instant> known = new HashMap<>();
              rows.forEach(row -> known.put((String) row[0], instant(row[1])));
              return known;
            });
  }

  private static Instant instant(Object time) {
    return time instanceof Instant at ? at : ((OffsetDateTime) time).toInstant();
  }

  private Uni<Void> take(UUID feed, FeedReader.Item item) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .completionStage(() -> reader.document(item.link()))
        .emitOn(task -> context.runOnContext(none -> task.run()))
        .chain(document -> intake.take(document, () -> know(feed, item)))
        .onFailure(FeedDocuments::isOfItself)
        .recoverWithUni(
            failure ->
                Panache.withTransaction(
                    () -> know(feed, item).chain(() -> tell(feed, item, failure))));
  }

  /** Whether the next document may be another matter. */
  private static boolean isOfItself(Throwable failure) {
    return failure instanceof Problem problem && problem.status() < 500
        || cause(failure) instanceof FeedReader.Unreadable unreadable && unreadable.isOfItself();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static Uni<Void> know(UUID feed, FeedReader.Item item) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into feed_document (feed_id, url, changed_at) values (?1, ?2, ?3)
                        on conflict (feed_id, url) do update set changed_at = excluded.changed_at""")
                    .setParameter(1, feed)
                    .setParameter(2, item.link())
                    .setParameter(3, OffsetDateTime.ofInstant(item.publishedAt(), ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<Void> tell(UUID feed, FeedReader.Item item, Throwable failure) {
    Notice notice =
        new Notice(
            feed,
            new FeedReader.Item(
                item.id() + " " + item.publishedAt(),
                FeedReader.text("Not taken in: " + words(cause(failure))),
                item.link(),
                null,
                item.publishedAt()),
            clock.instant());
    return outbox.append(notice, notice.received());
  }

  private static String words(Throwable failure) {
    return failure instanceof Problem problem && !problem.errors().isEmpty()
        ? problem.errors().stream()
            .map(error -> error.field() + " " + error.message())
            .collect(Collectors.joining("; "))
        : failure.getMessage();
  }
}
