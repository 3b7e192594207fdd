package io.vigie.audit.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Finds what is <em>not</em> in the log: a source's number that stays missing, a source that is
 * silent (R11.4). A matter of wellness, not of readiness: the service itself goes on.
 *
 * <p>Figures: {@code vigie_log_missing} (numbers given or announced by a source and not in the log)
 * and {@code vigie_log_silence_seconds}, by source.
 */
@Wellness
@ApplicationScoped
class LogWatch implements AsyncHealthCheck {

  private record Source(
      String name, long missing, Long firstMissing, Instant missingSince, Instant heardAt) {

    static Source of(Row row) {
      NumberRanges numbers = NumberRanges.parse(row.getString("numbers"));
      return new Source(
          row.getString("name"),
          numbers.missing(Math.max(numbers.last(), row.getLong("announced"))),
          row.getLong("first_missing"),
          instant(row.getOffsetDateTime("missing_since")),
          instant(row.getOffsetDateTime("heard_at")));
    }

    private static Instant instant(OffsetDateTime time) {
      return time == null ? null : time.toInstant();
    }
  }

  private final Pool database;
  private final IntakeMetrics intake;
  private final MeterRegistry registry;
  private final Clock clock;
  private final List<String> expected;
  private final Duration gapAfter;
  private final Duration silenceAfter;
  private final Map<String, AtomicLong> gauges = new ConcurrentHashMap<>();

  LogWatch(
      Pool database,
      IntakeMetrics intake,
      MeterRegistry registry,
      Clock clock,
      @ConfigProperty(name = "vigie.log.sources") List<String> expected,
      @ConfigProperty(name = "vigie.log.gap-after") Duration gapAfter,
      @ConfigProperty(name = "vigie.log.silence-after") Duration silenceAfter) {
    this.database = database;
    this.intake = intake;
    this.registry = registry;
    this.clock = clock;
    this.expected = expected;
    this.gapAfter = gapAfter;
    this.silenceAfter = silenceAfter;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return sources().map(this::respond);
  }

  @Scheduled(every = "10s")
  Uni<Void> measure() {
    return sources()
        .invoke(
            sources ->
                sources.forEach(
                    source -> {
                      gauge("vigie.log.missing", source.name).set(source.missing);
                      gauge("vigie.log.silence.seconds", source.name)
                          .set(Duration.between(source.heardAt, clock.instant()).toSeconds());
                    }))
        .replaceWithVoid();
  }

  private Uni<List<Source>> sources() {
    return database
        .query(
            "select name, numbers::text, announced, first_missing, missing_since, heard_at from source order by name")
        .execute()
        .map(
            rows -> {
              List<Source> sources = new ArrayList<>();
              rows.forEach(row -> sources.add(Source.of(row)));
              return sources;
            });
  }

  private HealthCheckResponse respond(List<Source> sources) {
    Map<String, String> troubles = new HashMap<>();
    expected.forEach(name -> troubles.put("/vigie/" + name, "was never heard"));
    for (Source source : sources) {
      troubles.put(source.name, trouble(source));
    }
    troubles.values().removeIf(trouble -> trouble == null);
    if (intake.failure() != null) {
      troubles.put("intake", intake.failure());
    }
    HealthCheckResponseBuilder answer =
        HealthCheckResponse.named("log complete").status(troubles.isEmpty());
    troubles.forEach(answer::withData);
    return answer.build();
  }

  private String trouble(Source source) {
    Instant now = clock.instant();
    if (source.firstMissing != null && source.missingSince.plus(gapAfter).isBefore(now)) {
      return "misses "
          + source.missing
          + " numbers, the first is "
          + source.firstMissing
          + ", since "
          + source.missingSince;
    }
    if (source.heardAt.plus(silenceAfter).isBefore(now)) {
      return "is silent since " + source.heardAt;
    }
    return null;
  }

  private AtomicLong gauge(String name, String source) {
    return gauges.computeIfAbsent(
        name + source, key -> registry.gauge(name, Tags.of("source", source), new AtomicLong()));
  }
}
