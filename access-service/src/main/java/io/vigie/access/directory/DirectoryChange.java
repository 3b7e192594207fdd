package io.vigie.access.directory;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.hibernate.annotations.Immutable;

/**
 * An account that waits to be made what it must be: that of a person, or one that is nobody's. It
 * is written by statements alone, in {@link Changes} and by the database when people change.
 */
@Entity
@Immutable
@Table(name = "directory_change")
class DirectoryChange extends PanacheEntityBase {

  @Id private UUID id;

  @Column(name = "person_id")
  private UUID person;

  private String account;
  private long mark;
  private boolean urgent;
  private Instant since;
  private int attempts;

  @Column(name = "next_at")
  private Instant nextAt;

  @Column(name = "last_error")
  private String lastError;

  private boolean away;

  protected DirectoryChange() {}

  UUID id() {
    return id;
  }

  /** Null where the account is nobody's. */
  UUID person() {
    return person;
  }

  /** Null where it is that of {@link #person}. */
  String account() {
    return account;
  }

  /** Goes up each time that the account is marked again. */
  long mark() {
    return mark;
  }

  /** Whether something may have to be taken away. */
  boolean isUrgent() {
    return urgent;
  }

  Instant since() {
    return since;
  }

  int attempts() {
    return attempts;
  }

  /** When it is tried again; null for at once. */
  Instant nextAt() {
    return nextAt;
  }

  /** Null before the first attempt that failed. */
  String lastError() {
    return lastError;
  }

  /**
   * Whether it has waited since {@code time} or before, and was refused when it was last tried: not
   * where the directory was away, nor where it was marked again meanwhile.
   */
  boolean isRefusedSince(Instant time) {
    return nextAt != null && lastError != null && !away && !since.isAfter(time);
  }
}
