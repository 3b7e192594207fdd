package io.vigie.kernel.inbox;

import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What listeners could not work, as an operator sees it. */
@ApplicationScoped
public class Parking {

  /** A parked event; {@code key} is the object whose later events wait behind it. */
  @Schema(name = "ParkedEvent")
  public record View(
      long id,
      String listener,
      String key,
      String topic,
      int partition,
      long offset,
      String error,
      Instant parkedAt) {

    private static View of(ParkedEvent event) {
      return new View(
          event.id,
          event.listener,
          event.key,
          event.topic,
          event.partition,
          event.position,
          event.error,
          event.parkedAt);
    }
  }

  private final Inbox inbox;

  Parking(Inbox inbox) {
    this.inbox = inbox;
  }

  public Uni<List<View>> list(int limit, long after) {
    return inbox.parked(limit, after).map(events -> events.stream().map(View::of).toList());
  }

  public Uni<Long> count() {
    return inbox.countParked();
  }

  /** See {@link Inbox#replay}. */
  public Uni<Integer> replay(long id) {
    return inbox.replay(id);
  }
}
