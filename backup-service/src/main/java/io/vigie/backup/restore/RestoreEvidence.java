package io.vigie.backup.restore;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.vigie.kernel.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What shows what was restored; it never changes. */
@Entity
@Table(name = "restore_evidence")
public class RestoreEvidence extends PanacheEntityBase {

  /**
   * @param sha256 of the file that it is; absent where it is words alone
   */
  @Schema(name = "RestoreEvidence")
  record View(UUID id, UUID test, String text, String sha256, Instant addedAt) {}

  @Id private UUID id;
  private UUID test;
  private String text;
  private String sha256;

  @Column(name = "added_at")
  private Instant addedAt;

  protected RestoreEvidence() {}

  RestoreEvidence(UUID test, String text, String sha256, Instant at) {
    this.id = Ids.next();
    this.test = test;
    this.text = text;
    this.sha256 = sha256;
    this.addedAt = at;
  }

  UUID id() {
    return id;
  }

  String sha256() {
    return sha256;
  }

  View view() {
    return new View(id, test, text, sha256, addedAt);
  }
}
