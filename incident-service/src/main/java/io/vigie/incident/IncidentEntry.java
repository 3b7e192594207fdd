package io.vigie.incident;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.Immutable;

import static io.vigie.kernel.Problem.conflict;
import static io.vigie.kernel.Problem.unprocessable;

/**
 * An entry of an incident's timeline: written once, never changed or deleted. A wrong one is
 * superseded by another, and both stay.
 */
@Entity
@Immutable
@Table(name = "incident_entry")
public class IncidentEntry extends PanacheEntityBase {

  /**
   * @param at when it happened
   * @param recordedBy the subject who wrote it
   * @param supersedes the entry that this one corrects, or null
   * @param supersededBy the entry that corrects this one, or null
   * @param version of the incident
   */
  @Schema(name = "IncidentEntry")
  record View(
      UUID id,
      EntryKind kind,
      String text,
      Instant at,
      Instant recordedAt,
      String recordedBy,
      UUID supersedes,
      UUID supersededBy,
      long version) {}

  private static final int MOST_STATUSES = 100;

  @Id private UUID id;

  private UUID incident;

  @Enumerated(EnumType.STRING)
  private EntryKind kind;

  private String text;

  @Column(name = "happened_at")
  private Instant happenedAt;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  @Column(name = "recorded_by")
  private String recordedBy;

  private UUID supersedes;

  protected IncidentEntry() {}

  /**
   * @param supersedes the entry that it corrects, or null
   */
  public IncidentEntry(
      UUID incident,
      EntryKind kind,
      String text,
      Instant happenedAt,
      Instant recordedAt,
      String recordedBy,
      UUID supersedes) {
    this.id = Ids.next();
    this.incident = incident;
    this.kind = kind;
    this.text = text;
    this.happenedAt = happenedAt;
    this.recordedAt = recordedAt;
    this.recordedBy = recordedBy;
    this.supersedes = supersedes;
  }

  /**
   * Holds when {@code superseded} is null, or an entry of this incident that nothing supersedes
   * yet; 422 or 409 otherwise. The incident's version keeps two corrections from passing at once.
   */
  static Uni<Void> requireStands(UUID incident, UUID superseded) {
    if (superseded == null) {
      return Uni.createFrom().voidItem();
    }
    return IncidentEntry.count("id = ?1 and incident = ?2", superseded, incident)
        .invoke(
            known -> {
              if (known == 0) {
                throw unprocessable(
                    "incident-entry-unknown", "The incident has no entry " + superseded + ".");
              }
            })
        .chain(() -> IncidentEntry.count("supersedes", superseded))
        .invoke(
            corrections -> {
              if (corrections > 0) {
                throw conflict(
                    "incident-entry-superseded",
                    "It is superseded already; correct the entry that superseded it.");
              }
            })
        .replaceWithVoid();
  }

  /** The facts that had been recorded until then and stood then, in the order they happened. */
  static Uni<List<KnownFacts.Fact>> factsAt(UUID incident, Instant time) {
    return IncidentEntry.<IncidentEntry>list(
            """
            incident = ?1 and kind = FACT and recordedAt <= ?2 and id not in (
              select c.supersedes from IncidentEntry c
              where c.incident = ?1 and c.supersedes is not null and c.recordedAt <= ?2)
            order by happenedAt, id""",
            incident,
            time)
        .map(
            entries ->
                entries.stream()
                    .map(entry -> new KnownFacts.Fact(entry.happenedAt, entry.text))
                    .toList());
  }

  /** What clients are told: the last {@value #MOST_STATUSES} statuses that stand. */
  static Uni<String> statusPage(UUID incident) {
    return IncidentEntry.<IncidentEntry>find(
            """
            incident = ?1 and kind = STATUS and id not in (
              select c.supersedes from IncidentEntry c
              where c.incident = ?1 and c.supersedes is not null)
            order by happenedAt desc, id desc""",
            incident)
        .range(0, MOST_STATUSES - 1)
        .list()
        .map(
            entries ->
                entries.stream()
                    .map(entry -> entry.happenedAt + "\n" + entry.text + "\n")
                    .collect(Collectors.joining("\n")));
  }

  /** For each of these that was corrected, the entry that did. */
  static Uni<Map<UUID, UUID>> corrections(Collection<IncidentEntry> entries) {
    return entries.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : IncidentEntry.<IncidentEntry>list(
                "supersedes in ?1", entries.stream().map(IncidentEntry::id).toList())
            .map(
                found ->
                    found.stream()
                        .collect(Collectors.toMap(entry -> entry.supersedes, IncidentEntry::id)));
  }

  public UUID id() {
    return id;
  }

  UUID incident() {
    return incident;
  }

  EntryKind kind() {
    return kind;
  }

  UUID supersedes() {
    return supersedes;
  }

  View view(UUID supersededBy, long version) {
    return new View(
        id, kind, text, happenedAt, recordedAt, recordedBy, supersedes, supersededBy, version);
  }
}
