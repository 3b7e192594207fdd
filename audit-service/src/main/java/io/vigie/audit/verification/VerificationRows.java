package io.vigie.audit.verification;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vigie.audit.verification.VerificationEvent.LogVerified;

/**
 * What verifications found. Figures of the last one, the same in each replica: {@code
 * vigie_log_verified_intact} (1 or 0), {@code vigie_log_verified_size} and {@code
 * vigie_log_verified_age_seconds}; each -1 as long as there was none.
 */
@ApplicationScoped
class VerificationRows {

  private static final String INSERT =
      """
      insert into verification (id, intact, size, root, signed_size, bad_index, reason, milliseconds, finished_at)
      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)""";

  private final Pool database;
  private final Clock clock;
  private final AtomicLong intact;
  private final AtomicLong size;
  private final AtomicLong age;

  VerificationRows(Pool database, Clock clock, MeterRegistry registry) {
    this.database = database;
    this.clock = clock;
    intact = registry.gauge("vigie.log.verified.intact", new AtomicLong(-1));
    size = registry.gauge("vigie.log.verified.size", new AtomicLong(-1));
    age = registry.gauge("vigie.log.verified.age.seconds", new AtomicLong(-1));
  }

  /** In the caller's transaction. */
  Uni<Integer> insert(LogVerified result) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(INSERT)
                    .setParameter(1, result.aggregateId())
                    .setParameter(2, result.intact())
                    .setParameter(3, result.size())
                    .setParameter(4, result.root())
                    .setParameter(5, result.signedSize())
                    .setParameter(6, result.index())
                    .setParameter(7, result.reason())
                    .setParameter(8, result.milliseconds())
                    .setParameter(9, result.at().atOffset(ZoneOffset.UTC))
                    .executeUpdate());
  }

  /** The last verification, or null. */
  Uni<LogVerified> last() {
    return database
        .query("select * from verification order by finished_at desc, id desc limit 1")
        .execute()
        .map(rows -> rows.size() == 0 ? null : of(rows.iterator().next()));
  }

  @Scheduled(every = "30s")
  Uni<Void> measure() {
    return last()
        .invoke(
            last -> {
              if (last != null) {
                intact.set(last.intact() ? 1 : 0);
                size.set(last.size());
                age.set(Duration.between(last.at(), clock.instant()).toSeconds());
              }
            })
        .replaceWithVoid();
  }

  private static LogVerified of(Row row) {
    return new LogVerified(
        row.getUUID("id"),
        row.getBoolean("intact"),
        row.getLong("size"),
        row.getString("root"),
        row.getLong("signed_size"),
        row.getLong("bad_index"),
        row.getString("reason"),
        row.getLong("milliseconds"),
        row.getOffsetDateTime("finished_at").toInstant());
  }
}
