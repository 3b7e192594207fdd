package io.vigie.asset.supplier;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Days, which begin and end in UTC. */
final class Days {

  private Days() {}

  static LocalDate of(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }
}
