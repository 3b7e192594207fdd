package io.vigie.asset.inventory;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That somebody tried an alarm, and how it came out (R6.1). It is never changed. */
@Entity
@Table(name = "alarm_test")
public class AlarmTest extends PanacheEntityBase {

  /** How a test came out. */
  @Schema(name = "AlarmTestOutcome")
  public enum Outcome {
    PASSED,
    FAILED
  }

  /**
   * What the caller tried.
   *
   * @param note what was tried or what failed, or null
   */
  @Schema(name = "AlarmTestReport")
  record Report(
      @NotNull @PastOrPresent Instant testedAt,
      @NotNull Outcome outcome,
      @Size(min = 1, max = 2_000) String note) {}

  /**
   * @param testedBy whose account recorded it
   * @param version the asset's, for If-Match
   */
  @Schema(name = "AlarmTest")
  record View(
      UUID id,
      UUID asset,
      Instant testedAt,
      Outcome outcome,
      String testedBy,
      String note,
      Instant recordedAt,
      long version) {}

  @Id private UUID id;
  private UUID asset;

  @Column(name = "tested_at")
  private Instant testedAt;

  @Enumerated(EnumType.STRING)
  private Outcome outcome;

  @Column(name = "tested_by")
  private String testedBy;

  private String note;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  protected AlarmTest() {}

  AlarmTest(UUID asset, Report report, String by, Instant at) {
    this.id = Ids.next();
    this.asset = asset;
    this.testedAt = report.testedAt();
    this.outcome = report.outcome();
    this.testedBy = by;
    this.note = report.note();
    this.recordedAt = at;
  }

  /** The asset's test, or 404. */
  static Uni<AlarmTest> require(UUID asset, UUID id) {
    return AlarmTest.<AlarmTest>find("asset = ?1 and id = ?2", asset, id)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> Problem.notFound("The asset has no test with this id."));
  }

  UUID id() {
    return id;
  }

  View view(long version) {
    return new View(id, asset, testedAt, outcome, testedBy, note, recordedAt, version);
  }
}
