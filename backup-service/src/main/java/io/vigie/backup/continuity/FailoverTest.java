package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vigie.kernel.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A test of whether a peer takes over, as somebody recorded it; it never changes. */
@Entity
@Table(name = "failover_test")
public class FailoverTest extends PanacheEntityBase {

  /**
   * How it came out.
   *
   * @param takeoverSeconds null where the peer did not take over
   * @param note never published
   */
  @Embeddable
  public record Result(
      @Column(name = "tested_at") Instant testedAt,
      boolean passed,
      @Column(name = "takeover_seconds") Long takeoverSeconds,
      String note) {}

  /** A fail-over test. */
  @Schema(name = "FailoverTest")
  record View(
      UUID id,
      UUID asset,
      UUID peer,
      Instant testedAt,
      boolean passed,
      Long takeoverSeconds,
      String note,
      String recordedBy,
      Instant recordedAt) {}

  @Id private UUID id;

  @Column(name = "critical_function")
  private UUID criticalFunction;

  private UUID asset;
  private UUID peer;
  @Embedded private Result result;

  @Column(name = "recorded_by")
  private String recordedBy;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  protected FailoverTest() {}

  FailoverTest(UUID criticalFunction, UUID asset, UUID peer, Result result, String by, Instant at) {
    this.id = Ids.next();
    this.criticalFunction = criticalFunction;
    this.asset = asset;
    this.peer = peer;
    this.result = result;
    this.recordedBy = by;
    this.recordedAt = at;
  }

  UUID id() {
    return id;
  }

  View view() {
    return new View(
        id,
        asset,
        peer,
        result.testedAt(),
        result.passed(),
        result.takeoverSeconds(),
        result.note(),
        recordedBy,
        recordedAt);
  }
}
