package io.vigie.audit.tlog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Whether an event that is not in the log may still come. Its id is a UUIDv7 and says when it was
 * made. A young one may be on its way. An older one never was committed, but only once every source
 * vouches for that time: it has said since that all it committed until then is sent, and none of
 * the numbers it gave is missing here, other than those that somebody said will not come. So
 * nothing that an outage holds back, however long, is called never, wherever the outage was:
 * source, broker or log.
 */
@ApplicationScoped
public class Delivery {

  /** How long a commit and the way to the log take at most, and how far clocks differ. */
  private static final Duration ON_ITS_WAY = Duration.ofMinutes(1);

  private static final int SOON_SECONDS = 1;
  private static final int LATER_SECONDS = 10;

  private final Pool database;
  private final Clock clock;
  private final String[] sources;

  Delivery(
      Pool database,
      Clock clock,
      @ConfigProperty(name = "vigie.log.sources") List<String> sources) {
    this.database = database;
    this.clock = clock;
    this.sources = sources.stream().map(name -> "/vigie/" + name).toArray(String[]::new);
  }

  /**
   * The answer about an event that the log does not have: 202 with {@code Retry-After} in seconds,
   * or a failure with {@link #never()}.
   */
  public <T> Uni<RestResponse<T>> notLogged(UUID eventId) {
    if (eventId.version() != 7) {
      throw never();
    }
    Instant made = Instant.ofEpochMilli(eventId.getMostSignificantBits() >>> 16);
    Duration age = Duration.between(made, clock.instant());
    if (age.abs().compareTo(ON_ITS_WAY) < 0) {
      return Uni.createFrom().item(soon());
    }
    if (age.isNegative()) {
      throw never();
    }
    return vouching(made.plus(ON_ITS_WAY))
        .map(
            count -> {
              if (count == sources.length) {
                throw never();
              }
              return retry(LATER_SECONDS);
            });
  }

  /** 202: it is there, and about to be published. */
  static <T> RestResponse<T> soon() {
    return retry(SOON_SECONDS);
  }

  /** 404, the same whether there is no such event or it is not the caller's to see. */
  public static Problem never() {
    return Problem.notFound("The log has no event with this id.");
  }

  private Uni<Long> vouching(Instant until) {
    return database
        .preparedQuery(
            """
            select count(*) from source
            where name = any($1) and first_missing is null and sent_until > $2""")
        .execute(Tuple.of(sources, until.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private static <T> RestResponse<T> retry(int seconds) {
    return ResponseBuilder.<T>create(202).header("Retry-After", seconds).build();
  }
}
