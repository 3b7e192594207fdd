package io.vigie.console.service;

import java.time.Instant;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;

/** What every service answers alike. */
public interface TaskService {

  /** As many as a service answers unless it is asked for more. */
  int MOST = 50;

  /**
   * Something that waits for who asks.
   *
   * @param kind what is to be done, for example {@code asset.reassign}
   * @param subject the object it is about, as {@code <kind>/<id>}
   * @param href where it is done at the service
   * @param due null where it has no date
   */
  record Task(UUID id, String kind, String subject, String href, Instant since, Instant due) {}

  /** The first {@value #MOST}, oldest first. */
  @GET
  @Path("/v1/tasks")
  Uni<Items<Task>> tasks();
}
