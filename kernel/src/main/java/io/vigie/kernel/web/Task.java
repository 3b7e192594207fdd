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

  /** A service's answer to "what waits for me?"; {@code GET /v1/tasks} asks all of them. */
  public interface Source {

    /** The oldest {@code limit} tasks of the caller, told by {@code Actor} and its roles. */
    Uni<List<Task>> waiting(int limit);
  }
}
