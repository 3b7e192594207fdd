package io.vigie.incident.notice;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vigie.incident.notice.Addressees.Addressee;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import org.hibernate.LockMode;
import org.jboss.logging.Logger;

/**
 * Sends notices when they are due, all of them in each run, {@value #BATCH} at a time. An attempt
 * begins in a transaction of its own, so that of two replicas one sends; what came of it is written
 * in another. After a crash in between, it goes out again once the pause behind the attempt is
 * over, under the same id. The shortest pause is longer than an attempt can take.
 */
@ApplicationScoped
class NoticeSending {

  static final int BATCH = 50;

  private static final Logger LOG = Logger.getLogger(NoticeSending.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  /** A notice that is to be sent. */
  public record Due(UUID id, UUID person) {}

  private final Addressees addressees;
  private final Map<Channel, Delivery> deliveries;
  private final NoticeSettings settings;
  private final Outbox outbox;
  private final Relay relay;
  private final Clock clock;

  NoticeSending(
      Addressees addressees,
      @All List<Delivery> deliveries,
      NoticeSettings settings,
      Outbox outbox,
      Relay relay,
      Clock clock) {
    this.addressees = addressees;
    this.deliveries =
        deliveries.stream().collect(Collectors.toMap(Delivery::channel, Function.identity()));
    this.settings = settings;
    this.outbox = outbox;
    this.relay = relay;
    this.clock = clock;
  }

  @Scheduled(
      every = "${vigie.notices.send-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> send() {
    return sendAfter(BEFORE_ALL, Vertx.currentContext());
  }

  private Uni<Void> sendAfter(UUID last, Context context) {
    return Panache.withSession(() -> due(last))
        .call(due -> sendEach(due, context))
        .invoke(relay::wake)
        .chain(
            due ->
                due.size() < BATCH
                    ? Uni.createFrom().voidItem()
                    : sendAfter(due.get(BATCH - 1).id(), context));
  }

  private Uni<List<Due>> due(UUID last) {
    return Notice.find(
            """
            select id, person from Notice
            where state = WAITING and nextAttemptAt <= ?1 and id > ?2 order by id""",
            clock.instant(),
            last)
        .project(Due.class)
        .range(0, BATCH - 1)
        .list();
  }

  private Uni<Void> sendEach(List<Due> notices, Context context) {
    List<UUID> people = notices.stream().map(Due::person).filter(Objects::nonNull).toList();
    return on(context, addressees.of(people))
        .onItemOrFailure()
        .transformToUni(
            (known, failure) ->
                Multi.createFrom()
                    .iterable(notices)
                    .onItem()
                    .transformToUniAndConcatenate(
                        due ->
                            begin(due.id())
                                .onItem()
                                .ifNotNull()
                                .transformToUni(
                                    notice ->
                                        failure != null && notice.person() != null
                                            ? failed(notice, failure)
                                            : send(notice, known, context)))
                    .collect()
                    .last());
  }

  /** The notice, its attempt begun; null where it is another's turn or its time is over. */
  private Uni<Notice> begin(UUID id) {
    Instant now = clock.instant();
    return Panache.withTransaction(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createSelectionQuery(
                                    """
                                    from Notice where id = ?1 and state = WAITING
                                      and nextAttemptAt <= ?2""",
                                    Notice.class)
                                .setParameter(1, id)
                                .setParameter(2, now)
                                .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                                .getSingleResultOrNull())
                    .onItem()
                    .ifNotNull()
                    .call(notice -> outbox.append(notice, notice.attempt(now))))
        .map(notice -> notice == null || notice.hasEnded() ? null : notice)
        .onFailure()
        .invoke(failure -> LOG.errorf(failure, "notice %s is due and was not begun", id))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> send(Notice notice, Map<UUID, Addressee> people, Context context) {
    Addressee known = notice.person() == null ? null : people.get(notice.person());
    Addressee person = known != null && known.isHere() ? known : null;
    if (notice.person() != null && person == null && notice.role() == null) {
      return record(notice, current -> current.recipientGone(clock.instant()));
    }
    return on(
            context,
            Uni.createFrom()
                .deferred(() -> deliveries.get(notice.channel()).deliver(notice, person))
                .ifNoItem()
                .after(PATIENCE)
                .fail())
        .onItemOrFailure()
        .transformToUni(
            (sent, failure) ->
                failure == null
                    ? record(notice, current -> current.sent(clock.instant()))
                    : failed(notice, failure));
  }

  private Uni<Void> failed(Notice notice, Throwable failure) {
    String error = FailureText.of(failure);
    LOG.warnf("notice %s was not sent: %s", notice.id(), error);
    return record(notice, current -> current.fail(error, settings.giveUpAfter(), clock.instant()));
  }

  /** What came of an attempt; where even that fails, the next attempt comes after its pause. */
  private Uni<Void> record(Notice notice, Function<Notice, List<NoticeEvent>> outcome) {
    return Panache.withTransaction(
            () ->
                Notice.<Notice>findById(notice.id(), LockModeType.PESSIMISTIC_WRITE)
                    .chain(current -> outbox.append(current, outcome.apply(current))))
        .onFailure()
        .invoke(lost -> LOG.errorf(lost, "what became of notice %s is not known", notice.id()))
        .onFailure()
        .recoverWithNull();
  }

  /** What comes from elsewhere, on the context that database sessions live on. */
  private static <T> Uni<T> on(Context context, Uni<T> work) {
    return work.emitOn(task -> context.runOnContext(none -> task.run()));
  }
}
