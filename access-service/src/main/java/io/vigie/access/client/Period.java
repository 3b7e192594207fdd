package io.vigie.access.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** The time in which an access counts, its end excluded. */
@Embeddable
public record Period(
    @Column(name = "valid_from") Instant validFrom,
    @Column(name = "valid_until") Instant validUntil) {

  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * The time that somebody asks for at {@code now}.
   *
   * @param from within a year from now; null for now
   * @param until after the beginning, by 366 days at most
   * @throws Problem 400 when either is out of range
   */
  static Period asked(Instant from, Instant until, Instant now) {
    Period period = new Period(from == null ? now : from, until);
    require(
        isWithin(period.validFrom, now),
        "validFrom",
        "must not be in the past, nor more than a year ahead");
    require(
        until.isAfter(period.validFrom) && isWithin(until, period.validFrom),
        "validUntil",
        "must be after the beginning, by 366 days at most");
    return period;
  }

  private static boolean isWithin(Instant time, Instant from) {
    return !time.isBefore(from) && !time.isAfter(from.plus(LONGEST));
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw Problem.invalid(List.of(new FieldError(field, rule)));
    }
  }

  boolean includes(Instant at) {
    return !at.isBefore(validFrom) && at.isBefore(validUntil);
  }
}
