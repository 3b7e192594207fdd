package io.vigie.incident;

import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;

/**
 * What was known of incidents, and when. The log has the same and proves it; it is kept here too,
 * since the log cannot tell who may know of a restricted incident.
 */
@ApplicationScoped
public class IncidentHistory {

  private final Outbox outbox;
  private final ObjectReader states;

  IncidentHistory(Outbox outbox, ObjectMapper json) {
    this.outbox = outbox;
    this.states =
        json.readerFor(Incident.State.class)
            .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /** Publishes a decision that changes what is known of the incident, and keeps what is so. */
  public Uni<Void> append(Incident incident, IncidentEvent event) {
    return outbox
        .append(incident, event)
        .chain(() -> new IncidentPast(incident, event.at()).persist())
        .replaceWithVoid();
  }

  /** What was known of the incident at this time. */
  public Uni<KnownFacts> knownAt(Incident incident, Instant time) {
    UUID id = incident.id();
    return SecurityEvent.<SecurityEvent>find(
            "id = ?1 and reportedAt <= ?2", incident.state().securityEvent(), time)
        .firstResult()
        .chain(
            origin ->
                IncidentPast.at(id, time)
                    .chain(
                        past ->
                            IncidentEntry.factsAt(id, time)
                                .map(
                                    facts ->
                                        KnownFacts.of(
                                            time,
                                            origin,
                                            past == null ? null : read(past.state()),
                                            facts))));
  }

  private Incident.State read(String state) {
    try {
      return states.readValue(state);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was kept of an incident is none of its states", e);
    }
  }
}
