package io.vigie.incident.reaction;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;

/** How the reaction of a rule to one thing stands. */
@Entity
class Reaction extends PanacheEntityBase {

  /** The rule's code and what it is about. */
  @Id private String id;

  /** When the newest event about it happened, as its trigger orders. */
  private Instant at;

  @Column(name = "is_open")
  private boolean open;

  /** The asset that it was opened with, or null. */
  private UUID asset;

  /** What was opened last, where that is a security event. */
  @Column(name = "security_event")
  private UUID securityEvent;

  protected Reaction() {}

  private Reaction(String id, Instant at) {
    this.id = id;
    this.at = at;
  }

  /**
   * The one of this rule about this, locked; made where there is none. Of two that make it at once
   * one fails, and is tried again.
   */
  static Uni<Reaction> of(String rule, String about, Instant at) {
    String id = (rule + " " + about).strip();
    return Reaction.<Reaction>findById(id, LockModeType.PESSIMISTIC_WRITE)
        .onItem()
        .ifNull()
        .switchTo(() -> new Reaction(id, at).persist());
  }

  /** Whether something that happened after {@code time} was told: that stands. */
  boolean isPast(Instant time) {
    return time.isBefore(at);
  }

  boolean isOpen() {
    return open;
  }

  UUID asset() {
    return asset;
  }

  UUID securityEvent() {
    return securityEvent;
  }

  /** It is open from now on; {@code opened} is the security event, or null for an alert. */
  void open(UUID concerned, UUID opened, Instant time) {
    at = time;
    open = true;
    asset = concerned;
    securityEvent = opened;
  }

  void close(Instant time) {
    at = time;
    open = false;
  }
}
