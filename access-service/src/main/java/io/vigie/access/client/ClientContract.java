package io.vigie.access.client;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * The contract under which a client entrusts data. Its days are those of UTC.
 *
 * @param reference by which both sides know it
 * @param startsOn the first day on which it binds, from 1990 on
 * @param endsOn the last one, within fifty years, or null where it has no end of its own
 * @param file SHA-256 of the signed file, in hexadecimal
 */
@Embeddable
public record ClientContract(
    @NotBlank @Size(max = 100) @Column(name = "contract_reference") String reference,
    @NotNull @Column(name = "contract_starts_on") LocalDate startsOn,
    @Column(name = "contract_ends_on") LocalDate endsOn,
    @NotNull @FileHash @Column(name = "contract_file") String file) {

  private static final LocalDate EARLIEST = LocalDate.of(1990, 1, 1);
  private static final int LONGEST_YEARS = 50;

  /** This contract, or 400 when its days cannot be. */
  ClientContract requireConsistent() {
    LocalDate latest = EARLIEST.plusYears(2L * LONGEST_YEARS);
    if (startsOn.isBefore(EARLIEST) || startsOn.isAfter(latest)) {
      throw invalid("contract.startsOn", "must be between " + EARLIEST + " and " + latest);
    }
    if (endsOn != null
        && (endsOn.isBefore(startsOn) || endsOn.isAfter(startsOn.plusYears(LONGEST_YEARS)))) {
      throw invalid("contract.endsOn", "must not be before startsOn, nor fifty years behind it");
    }
    return this;
  }

  private static Problem invalid(String field, String rule) {
    return Problem.invalid(List.of(new FieldError(field, rule)));
  }

  /** From when on it binds no more, or null where it has no end. */
  Instant over() {
    return endsOn == null ? null : endsOn.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
