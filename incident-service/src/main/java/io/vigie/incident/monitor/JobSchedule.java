package io.vigie.incident.monitor;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.vigie.kernel.Problem.FieldError;

/** When a job that calls has to. */
final class JobSchedule {

  /** Any will do to see whether there is a next time. */
  private static final Instant SOME_TIME = Instant.parse("2026-01-01T00:00:00Z");

  private JobSchedule() {}

  /** What is wrong with {@code cron} and {@code zone}; empty where nothing is. */
  static List<FieldError> errors(Target target) {
    List<FieldError> errors = new ArrayList<>();
    if (target.zone() != null) {
      try {
        ZoneId.of(target.zone());
      } catch (DateTimeException e) {
        errors.add(new FieldError("target.zone", "must be a time zone such as Europe/Paris"));
      }
    }
    if (target.cron() != null && errors.isEmpty()) {
      try {
        next(target, SOME_TIME);
      } catch (IllegalArgumentException e) {
        errors.add(
            new FieldError(
                "target.cron", "must be five fields as in crontab(5), of a time that comes"));
      }
    }
    return errors;
  }

  /** At the latest then a job calls that last did, or was first waited for, at {@code since}. */
  static Instant deadline(Target target, int everySeconds, Instant since) {
    Instant next = target.cron() == null ? since.plusSeconds(everySeconds) : next(target, since);
    return next.plusSeconds(target.graceSeconds());
  }

  /**
   * As cron has it where clocks are changed: a job of stated hours runs on each day once, at a time
   * that comes twice the first time, and where clocks are put forward over its time right after
   * that; one that runs at any minute or hour, as often as those come.
   */
  private static Instant next(Target target, Instant after) {
    ZoneId zone = target.zone() == null ? ZoneOffset.UTC : ZoneId.of(target.zone());
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    ExecutionTime times = ExecutionTime.forCron(parser.parse(target.cron()).validate());
    if (target.cron().strip().matches("\\*.*|\\S+\\s+\\*.*")) {
      return next(times, after.atZone(zone), target).toInstant();
    }
    ZonedDateTime shown = after.atZone(zone).withZoneSameLocal(ZoneOffset.UTC);
    Instant next;
    do {
      shown = next(times, shown, target);
      next = shown.withZoneSameLocal(zone).toInstant();
    } while (!next.isAfter(after));
    return next;
  }

  private static ZonedDateTime next(ExecutionTime times, ZonedDateTime after, Target target) {
    return times
        .nextExecution(after)
        .orElseThrow(() -> new IllegalArgumentException("never comes: " + target.cron()));
  }
}
