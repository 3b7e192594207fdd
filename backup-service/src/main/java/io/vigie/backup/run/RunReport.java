package io.vigie.backup.run;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * What a tool says of one run.
 *
 * @param startedAt the moment whose state the copy holds
 * @param bytes size of the copy, in bytes
 * @param sha256 digest of the copy, in hexadecimal
 * @param location where the copy is; never published
 * @param message the tool's own words; never published, for nobody knows what they hold
 * @param tool which one it was, such as restic
 * @param snapshot what the tool calls the copy; never published
 * @param tape the asset of the kind TAPE that it is on
 */
@Embeddable
public record RunReport(
    @NotNull @Column(name = "started_at") Instant startedAt,
    @NotNull @Column(name = "ended_at") Instant endedAt,
    @NotNull @Enumerated(EnumType.STRING) Outcome outcome,
    @PositiveOrZero Long bytes,
    @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 lower-case hexadecimal digits")
        String sha256,
    @Size(min = 1, max = 1_000) String location,
    @Size(min = 1, max = MESSAGE) String message,
    @Pattern(regexp = "[a-z0-9][a-z0-9._-]{0,49}") String tool,
    @Size(min = 1, max = SNAPSHOT) String snapshot,
    UUID tape) {

  static final int MESSAGE = 4_000;
  public static final int SNAPSHOT = 200;

  /** How a run ended, in the tool's eyes. */
  public enum Outcome {
    SUCCEEDED,
    FAILED
  }

  boolean succeeded() {
    return outcome == Outcome.SUCCEEDED;
  }
}
