package io.vigie.backup.vault;

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

/** That a copy was read or restored under an access, and why; it never changes. */
@Entity
@Table(name = "backup_use")
public class BackupUse extends PanacheEntityBase {

  /**
   * A use.
   *
   * @param location where the copy is; told once, to who records the use, like the next two
   * @param snapshot what the tool calls the copy
   * @param nativeReport what the tool wrote in its own form
   */
  @Schema(name = "BackupUse")
  record View(
      UUID id,
      UUID access,
      UseAction action,
      UUID run,
      UUID asset,
      String location,
      String snapshot,
      String nativeReport,
      String reason,
      Instant usedAt) {}

  @Id private UUID id;
  private UUID access;

  @Enumerated(EnumType.STRING)
  private UseAction action;

  private UUID run;
  private UUID asset;
  private String reason;

  @Column(name = "used_at")
  private Instant usedAt;

  protected BackupUse() {}

  BackupUse(UUID access, UseAction action, Copy copy, String reason, Instant at) {
    this.id = Ids.next();
    this.access = access;
    this.action = action;
    this.run = copy.run();
    this.asset = copy.asset();
    this.reason = reason;
    this.usedAt = at;
  }

  UUID id() {
    return id;
  }

  UseAction action() {
    return action;
  }

  UUID run() {
    return run;
  }

  UUID asset() {
    return asset;
  }

  String reason() {
    return reason;
  }

  View view() {
    return new View(id, access, action, run, asset, null, null, null, reason, usedAt);
  }

  View viewWith(Copy copy) {
    return new View(
        id,
        access,
        action,
        run,
        asset,
        copy.location(),
        copy.snapshot(),
        copy.nativeReport(),
        reason,
        usedAt);
  }
}
