package io.vigie.incident;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import org.hibernate.annotations.Immutable;

/** What was public of an incident after a decision: written once, never changed or deleted. */
@Entity
@Immutable
@Table(name = "incident_past")
public class IncidentPast extends PanacheEntityBase {

  @Id private UUID id;
  private UUID incident;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  /** An {@link Incident.State} as JSON. */
  private String state;

  protected IncidentPast() {}

  IncidentPast(Incident incident, Instant recordedAt) {
    this.id = Ids.next();
    this.incident = incident.id();
    this.recordedAt = recordedAt;
    this.state = incident.journal().publishedState();
  }

  /** The last one until then; null where there was none. */
  static Uni<IncidentPast> at(UUID incident, Instant time) {
    return IncidentPast.<IncidentPast>find(
            "incident = ?1 and recordedAt <= ?2 order by recordedAt desc, id desc", incident, time)
        .firstResult();
  }

  String state() {
    return state;
  }
}
