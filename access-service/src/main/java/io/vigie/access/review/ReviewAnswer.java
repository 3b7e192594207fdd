package io.vigie.access.review;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;

/** One answer about one item, as it was given. It never changes. */
@Entity
@Table(name = "review_answer")
class ReviewAnswer extends PanacheEntityBase {

  /** The id of its event. */
  @Id UUID id;

  @Column(name = "review_id")
  UUID review;

  int stage;

  @Enumerated(EnumType.STRING)
  Verdict verdict;

  String reason;

  @Column(name = "until_at")
  Instant until;

  @Column(name = "delegate_id")
  UUID delegate;

  @Column(name = "answered_by")
  String by;

  @Column(name = "answered_at")
  Instant at;

  protected ReviewAnswer() {}

  ReviewAnswer(UUID id, ReviewEvent.Decided decided) {
    this.id = id;
    this.review = decided.aggregateId();
    this.stage = decided.stage();
    this.verdict = decided.decision();
    this.reason = decided.reason();
    this.until = decided.until();
    this.delegate = decided.delegate();
    this.by = decided.reviewer();
    this.at = decided.at();
  }
}
