package io.vigie.incident;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What was known of an incident at a time: what had been recorded until then, as it stood then.
 * What nobody had recorded yet is null.
 *
 * @param title of the report, as its description, place and {@code noticedAt}; these two null where
 *     nobody said
 * @param state null until a responder found the report to be real, as what follows it
 * @param facts of the timeline, but those that another one had corrected, in the order in which
 *     they happened
 */
@Schema(name = "KnownFacts")
public record KnownFacts(
    Instant knownAt,
    String title,
    String description,
    String place,
    Instant occurredAt,
    Instant noticedAt,
    Instant reportedAt,
    IncidentState state,
    Category category,
    Integer severity,
    Impact impact,
    Urgency urgency,
    List<UUID> affectedAssets,
    List<UUID> affectedClients,
    Integer affectedPeopleCount,
    Instant containedAt,
    Instant recoveredAt,
    List<Fact> facts) {

  /**
   * @param at when it happened
   */
  @Schema(name = "KnownFact")
  public record Fact(Instant at, String text) {}

  /**
   * @param origin null where nothing was reported yet
   * @param incident null where there was none yet
   */
  static KnownFacts of(
      Instant knownAt, SecurityEvent origin, Incident.State incident, List<Fact> facts) {
    boolean reported = origin != null;
    boolean opened = incident != null;
    return new KnownFacts(
        knownAt,
        reported ? origin.title() : null,
        reported ? origin.description() : null,
        reported ? origin.place() : null,
        reported ? origin.state().occurredAt() : null,
        reported ? origin.noticedAt() : null,
        reported ? origin.state().reportedAt() : null,
        opened ? incident.state() : null,
        opened ? incident.category() : null,
        opened ? (Integer) incident.severity() : null,
        opened ? incident.impact() : null,
        opened ? incident.urgency() : null,
        opened ? incident.affectedAssets() : null,
        opened ? incident.affectedClients() : null,
        opened ? (Integer) incident.affectedPeopleCount() : null,
        opened ? incident.containedAt() : null,
        opened ? incident.recoveredAt() : null,
        facts);
  }
}
