package io.vigie.console.dashboard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.vigie.console.service.PublishedLog;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** Asks how far the log is, once for all who look, and only while somebody does. */
@ApplicationScoped
class Beats {

  /**
   * @param head how many entries the log has; {@value #UNKNOWN} where audit-service does not say
   * @param moved whether figures may be others than before
   */
  record Beat(String head, boolean moved) {}

  /** Not empty: a browser passes events without data by. */
  private static final String UNKNOWN = "-";

  /** Ages and terms that run out change with time alone. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Beat LAST = new Beat(UNKNOWN, false);

  private final PublishedLog log;
  private final Clock clock;
  private final Multi<Beat> beats;
  private final BroadcastProcessor<Beat> last = BroadcastProcessor.create();

  private String before = UNKNOWN;
  private String beforeThat = UNKNOWN;
  private Instant movedAt = Instant.EPOCH;
  private volatile boolean isStopped;

  Beats(
      @RestClient PublishedLog log,
      Clock clock,
      @ConfigProperty(name = "vigie.console.beat") Duration every) {
    this.log = log;
    this.clock = clock;
    beats =
        Multi.createFrom()
            .ticks()
            .every(every)
            .onOverflow()
            .drop()
            .select()
            .first(tick -> !isStopped)
            .onItem()
            .transformToUniAndConcatenate(
                tick ->
                    this.log
                        .checkpoint()
                        .map(Beats::size)
                        .onFailure()
                        .recoverWithItem(() -> UNKNOWN))
            .map(this::beat)
            .broadcast()
            .withCancellationAfterLastSubscriberDeparture()
            .toAllSubscribers();
  }

  private static String size(String checkpoint) {
    return checkpoint.split("\n", 3)[1];
  }

  /** Controls have read what the log got by the next beat: then figures change once more. */
  private Beat beat(String head) {
    boolean moved = !head.equals(beforeThat) || !clock.instant().isBefore(movedAt.plus(LONGEST));
    beforeThat = before;
    before = head;
    if (moved) {
      movedAt = clock.instant();
    }
    return new Beat(head, moved);
  }

  /** From now on, until the console stops; who is slow misses some. */
  Multi<Beat> all() {
    return Multi.createBy()
        .merging()
        .streams(beats.onOverflow().drop(), last.onOverflow().drop())
        .select()
        .first(beat -> beat != LAST);
  }

  /** A stream that goes on would keep the console from stopping. */
  void stop(@Observes ShutdownDelayInitiatedEvent stopping) {
    last.onNext(LAST);
  }

  /** Nobody is left to hear an answer. */
  void stopped(@Observes ShutdownEvent stopped) {
    isStopped = true;
  }
}
