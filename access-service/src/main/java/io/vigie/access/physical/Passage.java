package io.vigie.access.physical;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.Immutable;

/** That a badge was held to a door, as the door told. {@link Passages} keeps them. */
@Entity
@Immutable
public class Passage extends PanacheEntityBase {

  /**
   * @param number of the badge
   * @param granted whether the door opened
   * @param badge null where the number is no person's badge
   * @param visit the visit for which it was worn, or null
   * @param person the badge's holder, or null
   * @param misuse what is wrong with it, or null
   */
  @Schema(name = "Passage")
  record View(
      UUID id,
      String source,
      long sequence,
      String number,
      String door,
      UUID zone,
      PassageDirection direction,
      Instant passedAt,
      boolean granted,
      UUID badge,
      UUID visit,
      UUID person,
      BadgeMisuse misuse) {}

  @Id private UUID id;
  private String source;
  private long sequence;
  private String number;
  private String door;

  @Column(name = "zone_id")
  private UUID zone;

  @Enumerated(EnumType.STRING)
  private PassageDirection direction;

  @Column(name = "passed_at")
  private Instant passedAt;

  private boolean granted;

  @Column(name = "badge_id")
  private UUID badge;

  @Column(name = "visit_id")
  private UUID visit;

  @Column(name = "person_id")
  private UUID person;

  @Enumerated(EnumType.STRING)
  private BadgeMisuse misuse;

  protected Passage() {}

  UUID id() {
    return id;
  }

  View view() {
    return new View(
        id, source, sequence, number, door, zone, direction, passedAt, granted, badge, visit,
        person, misuse);
  }
}
