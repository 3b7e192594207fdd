package io.vigie.incident.playbook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.DynamicUpdate;

/** The steps of a playbook as somebody wrote them down. They never change; a new version does. */
@Entity
@DynamicUpdate
@Table(name = "playbook_version")
public class PlaybookVersion extends PanacheEntityBase {

  /** What became of it. */
  public enum Decision {
    APPROVED,
    RETURNED
  }

  /**
   * A version.
   *
   * @param document of asset-service, from which the steps are taken; null where none is named
   * @param documentNumber of its version that was in force then; null where that is not known
   * @param decision null while it waits for one
   */
  @Schema(name = "PlaybookVersion")
  record View(
      UUID id,
      int number,
      List<String> steps,
      UUID document,
      Integer documentNumber,
      String author,
      Instant submittedAt,
      Decision decision,
      String decidedBy,
      Instant decidedAt,
      String reason) {}

  @Id private UUID id;
  private UUID playbook;
  private int number;

  @Column(updatable = false)
  @Convert(converter = Lines.class)
  private List<String> steps;

  private UUID document;

  @Column(name = "document_number")
  private Integer documentNumber;

  private String author;

  @Column(name = "submitted_at")
  private Instant submittedAt;

  @Enumerated(EnumType.STRING)
  private Decision decision;

  @Column(name = "decided_by")
  private String decidedBy;

  @Column(name = "decided_at")
  private Instant decidedAt;

  private String reason;

  protected PlaybookVersion() {}

  /**
   * @param document from which the steps are taken, or null
   * @param documentNumber of its version in force, or null where that is not known
   */
  PlaybookVersion(
      UUID playbook,
      int number,
      List<String> steps,
      UUID document,
      Integer documentNumber,
      String author,
      Instant at) {
    this.id = Ids.next();
    this.playbook = playbook;
    this.number = number;
    this.steps = List.copyOf(steps);
    this.document = document;
    this.documentNumber = documentNumber;
    this.author = author;
    this.submittedAt = at;
  }

  /** The version of this number; there is one for each number that the playbook knows. */
  static Uni<PlaybookVersion> of(UUID playbook, int number) {
    return PlaybookVersion.<PlaybookVersion>find("playbook = ?1 and number = ?2", playbook, number)
        .singleResult();
  }

  void decide(Decision what, String by, String why, Instant at) {
    decision = what;
    decidedBy = by;
    reason = why;
    decidedAt = at;
  }

  String digest() {
    return Sha256.hex(String.join("\n", steps));
  }

  UUID id() {
    return id;
  }

  int number() {
    return number;
  }

  List<String> steps() {
    return steps;
  }

  /** Null where none is named. */
  UUID document() {
    return document;
  }

  Integer documentNumber() {
    return documentNumber;
  }

  String author() {
    return author;
  }

  boolean isApproved() {
    return decision == Decision.APPROVED;
  }

  View view() {
    return new View(
        id,
        number,
        steps,
        document,
        documentNumber,
        author,
        submittedAt,
        decision,
        decidedBy,
        decidedAt,
        reason);
  }
}
