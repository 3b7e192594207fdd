package io.vigie.audit.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * <p>Figures: {@code vigie_log_missing} (numbers given or announced by a source, not in the log,
 * and not acknowledged) and {@code vigie_log_silence_seconds}, by source.
 */
@Wellness
@ApplicationScoped
public class LogWatch implements AsyncHealthCheck {

  /**
   * Something that is wrong with the log.
   *
   * @param type {@code log.gap}, {@code log.object-gap}, {@code log.silence} or {@code
   *     log.lost-hashes}
   * @param source whose events it is about; null for the log as a whole
   * @param subject which object's events; null for all of the source's
   * @param since when it began, or when it was first seen
   * @param detail what, in words
   */
  public record Finding(String type, String source, String subject, Instant since, String detail) {}

  /**
   * Hashes that the next append needs: those of the last partial tile of each level, which are leaf
   * hashes, or the roots of the full tiles below.
   */
  private static final String LOST_HASHES =
      """
      select level, wanted, found from (
        select level, nodes % 256 as wanted,
          case when level = 0
            then (select count(*) from entry e where e.index >= nodes - nodes % 256 and e.index < nodes)
            else (select count(*) from tile t
              where t.level = l.level - 1 and t.index >= nodes - nodes % 256 and t.index < nodes)
          end as found
        from head, generate_series(0, 6) as l (level), lateral (select size >> (8 * level) as nodes) n
      ) levels where wanted <> found order by level""";

  private record Source(
      String name, long missing, Long firstMissing, Instant missingSince, Instant heardAt) {

    static Source of(Row row) {
      NumberRanges settled = NumberRanges.parse(row.getString("settled"));
      return new Source(
          row.getString("name"),
          settled.missing(row.getLong("highest")),
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
  private final Instant startedAt;
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
    this.startedAt = clock.instant();
  }

  /**
   * What is wrong now. A source is called silent only after this watch itself has listened for as
   * long: what came while the service was down is still being read.
   */
  public Uni<List<Finding>> findings() {
    return sources()
        .map(this::findings)
        .chain(found -> lostHashes().invoke(found::addAll).replaceWith(found));
  }

  private List<Finding> findings(List<Source> sources) {
    Instant now = clock.instant();
    Map<String, Finding> silent = new TreeMap<>();
    expected.forEach(
        name -> silent.put("/vigie/" + name, silence("/vigie/" + name, "was never heard")));
    List<Finding> found = new ArrayList<>();
    for (Source source : sources) {
      silent.remove(source.name);
      if (hasGap(source, now)) {
        found.add(new Finding("log.gap", source.name, null, source.missingSince, gap(source)));
      }
      if (isSilent(source, now)) {
        silent.put(source.name, silence(source.name, "is silent since " + source.heardAt));
      }
    }
    if (startedAt.plus(silenceAfter).isBefore(now)) {
      found.addAll(silent.values());
    }
    return found;
  }

  private Finding silence(String source, String detail) {
    return new Finding("log.silence", source, null, clock.instant(), detail);
  }

  private Uni<List<Finding>> lostHashes() {
    return database
        .query(LOST_HASHES)
        .execute()
        .map(
            rows -> {
              List<Finding> found = new ArrayList<>();
              rows.forEach(
                  row ->
                      found.add(
                          new Finding(
                              "log.lost-hashes",
                              null,
                              null,
                              clock.instant(),
                              "of the %d hashes at the end of level %d, %d are left"
                                  .formatted(
                                      row.getLong("wanted"),
                                      row.getInteger("level"),
                                      row.getLong("found")))));
              return found.subList(0, Math.min(1, found.size()));
            });
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
            """
            select name, (numbers + acknowledged_numbers(name, ''))::text as settled,
              greatest(announced, upper(numbers) - 1) as highest, first_missing, missing_since, heard_at
            from source order by name""")
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
    if (hasGap(source, now)) {
      return gap(source);
    }
    return isSilent(source, now) ? "is silent since " + source.heardAt : null;
  }

  private boolean hasGap(Source source, Instant now) {
    return source.firstMissing != null && source.missingSince.plus(gapAfter).isBefore(now);
  }

  private boolean isSilent(Source source, Instant now) {
    return source.heardAt.plus(silenceAfter).isBefore(now);
  }

  private static String gap(Source source) {
    return "misses "
        + source.missing
        + " numbers, the first is "
        + source.firstMissing
        + ", since "
        + source.missingSince;
  }

  private AtomicLong gauge(String name, String source) {
    return gauges.computeIfAbsent(
        name + source, key -> registry.gauge(name, Tags.of("source", source), new AtomicLong()));
  }
}
