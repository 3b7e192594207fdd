package io.vigie.incident.evidence;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vigie.kernel.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.Immutable;

/** Why evidence was handed over: written once, never changed or deleted. */
@Entity
@Immutable
@Table(name = "custody_step")
public class CustodyStep extends PanacheEntityBase {

  /**
   * A hand-over.
   *
   * @param from who had it, and {@code to}, who has it then: subjects
   * @param recordedBy who said so
   */
  @Schema(name = "CustodyStep")
  record View(
      String from, String to, Purpose purpose, String reason, Instant at, String recordedBy) {}

  @Id private UUID id;

  private UUID attachment;

  @Column(name = "from_holder")
  private String from;

  @Column(name = "to_holder")
  private String to;

  @Enumerated(EnumType.STRING)
  private Purpose purpose;

  private String reason;

  @Column(name = "handed_over_at")
  private Instant at;

  @Column(name = "recorded_by")
  private String recordedBy;

  protected CustodyStep() {}

  CustodyStep(AttachmentEvent.HandedOver handOver, String reason, String recordedBy) {
    this.id = Ids.next();
    this.attachment = handOver.aggregateId();
    this.from = handOver.from();
    this.to = handOver.to();
    this.purpose = handOver.purpose();
    this.reason = reason;
    this.at = handOver.at();
    this.recordedBy = recordedBy;
  }

  UUID id() {
    return id;
  }

  View view() {
    return new View(from, to, purpose, reason, at, recordedBy);
  }
}
