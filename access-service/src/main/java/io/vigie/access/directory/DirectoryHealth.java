package io.vigie.access.directory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.jboss.logging.Logger;

/**
 * Down when the directory needs an operator: it is not set up as this service needs it, which is
 * also logged, with what to do; or a change waits for too long. In figures {@code
 * vigie_directory_*}.
 */
@Wellness
@ApplicationScoped
class DirectoryHealth implements HealthCheck {

  private static final Logger LOG = Logger.getLogger(DirectoryHealth.class);

  private record Figures(long waiting, long failed, long oldestSeconds) {}

  private final Directory directory;
  private final DirectorySettings settings;
  private final Clock clock;
  private volatile Figures figures = new Figures(0, 0, 0);
  private volatile List<String> lacks = List.of();

  DirectoryHealth(
      Directory directory, DirectorySettings settings, Clock clock, MeterRegistry metrics) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    metrics.gauge("vigie.directory.waiting", this, any -> figures.waiting());
    metrics.gauge("vigie.directory.failed", this, any -> figures.failed());
    metrics.gauge("vigie.directory.oldest.seconds", this, any -> figures.oldestSeconds());
    metrics.gauge("vigie.directory.lacks", this, any -> lacks.size());
  }

  @Scheduled(
      every = "${vigie.directory.check-every}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> measure() {
    return settings.kind() == DirectorySettings.Kind.NONE
        ? Uni.createFrom().voidItem()
        : read().invoke(read -> figures = read).chain(this::look);
  }

  private Uni<Void> look() {
    return directory
        .lacks()
        .onFailure(DirectoryFailure.class)
        .recoverWithItem(failure -> List.of(failure.getMessage()))
        .invoke(
            found -> {
              if (!found.equals(lacks)) {
                found.forEach(what -> LOG.warnf("the directory: %s", what));
                lacks = found;
              }
            })
        .replaceWithVoid();
  }

  private Uni<Figures> read() {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                "select count(*), count(last_error), min(since) from directory_change",
                                Object[].class)
                            .getSingleResult())
                .map(
                    row ->
                        new Figures(
                            ((Number) row[0]).longValue(),
                            ((Number) row[1]).longValue(),
                            secondsSince(row[2]))));
  }

  private long secondsSince(Object oldest) {
    if (oldest == null) {
      return 0;
    }
    Instant since = oldest instanceof OffsetDateTime time ? time.toInstant() : (Instant) oldest;
    return Math.max(0, Duration.between(since, clock.instant()).toSeconds());
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder health = HealthCheckResponse.named("directory");
    if (settings.kind() == DirectorySettings.Kind.NONE) {
      return health.up().withData("kind", "none").build();
    }
    // As measured: checks are asked at the same time, and would share one session.
    Figures now = figures;
    List<String> wrong = lacks;
    for (int i = 0; i < wrong.size(); i++) {
      health.withData("lacks-" + (i + 1), wrong.get(i));
    }
    return health
        .status(wrong.isEmpty() && now.oldestSeconds() <= settings.lateAfter().toSeconds())
        .withData("waiting", now.waiting())
        .withData("failed", now.failed())
        .withData("oldestSeconds", now.oldestSeconds())
        .build();
  }
}
