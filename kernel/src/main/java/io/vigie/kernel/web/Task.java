package io.vigie.kernel.web;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/**
 * Something that waits for a person.
 *
 * @param kind what is to be done, for example {@code asset.reassign}; people's words for it are the
 *     console's business
 * @param subject the object it is about, as {@code <kind>/<id>}
 * @param href where to do it
 * @param since when it began to wait
 * @param due when it must be done, or null
 */
public record Task(UUID id, String kind, String subject, String href, Instant since, Instant due) {

  /** Where a task stands among all of them: by since when it waits, then by id. */
  public record Place(Instant since, UUID id) {

    /** Before every task. */
    static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));

    static Place parse(String text) {
      String[] parts = text.split("_", -1);
      return new Place(Instant.parse(parts[0]), UUID.fromString(parts[1]));
    }

    @Override
    public String toString() {
      return since + "_" + id;
    }
  }

  Place place() {
    return new Place(since, id);
  }

  /** A service's answer to "what waits for me?"; {@code GET /v1/tasks} asks all of them. */
  public interface Source {

    /**
     * The first {@code limit} tasks behind {@code after} of the caller, told by {@code Actor} and
     * its roles; by since when they wait, then by id.
     */
    Uni<List<Task>> waiting(Place after, int limit);
  }
}
