package io.vigie.access.directory;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** What waits to be done in the directory. */
@Path("/v1/directory/changes")
public class ChangeResource {

  /**
   * An account that is not yet what it must be, or not known to be.
   *
   * @param person null where the account is nobody's
   * @param account null where it is that of {@code person}
   * @param urgent whether something may have to be taken away
   * @param nextAt when it is tried again; null for at once
   * @param lastError null before an attempt failed
   */
  @Schema(name = "DirectoryChange")
  record View(
      UUID id,
      UUID person,
      String account,
      boolean urgent,
      Instant since,
      int attempts,
      Instant nextAt,
      String lastError) {

    static View of(DirectoryChange change) {
      return new View(
          change.id(),
          change.person(),
          change.account(),
          change.isUrgent(),
          change.since(),
          change.attempts(),
          change.nextAt(),
          change.lastError());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of("since", "%ssince", "attempts", "%sattempts", "nextAt", "%snextAt");

  private final Changes changes;

  ChangeResource(Changes changes) {
    this.changes = changes;
  }

  /** Accounts in the order in which they were marked; none waits when all is done. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR, ACCESS_MANAGER})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") UUID person,
      @QueryParam("failed") Boolean failed,
      @QueryParam("urgent") Boolean urgent,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("person", person)
            .equal("urgent", urgent)
            .after(paging, sorting, DirectoryChange.class, SORTS);
    if (failed != null) {
      filter.where(failed ? "lastError is not null" : "lastError is null");
    }
    return DirectoryChange.<DirectoryChange>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(rows -> paging.page(rows, DirectoryChange::id, View::of));
  }

  /** One that waits; 404 when it is done. */
  @GET
  @Path("{id}")
  @RolesAllowed({SYSADMIN, CISO, AUDITOR, ACCESS_MANAGER})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return DirectoryChange.<DirectoryChange>findById(id)
        .onItem()
        .ifNull()
        .failWith(ChangeResource::unknown)
        .map(change -> RestResponse.ok(View.of(change)));
  }

  /** Has it tried again at once; what it comes to is an event of its own. */
  @POST
  @Path("{id}/retry")
  @RolesAllowed({SYSADMIN, ACCESS_MANAGER})
  @Command
  @APIResponse(responseCode = "202", description = "It is tried at once")
  public Uni<RestResponse<Void>> retry(UUID id) {
    return changes
        .retry(id)
        .map(
            known -> {
              if (!known) {
                throw unknown();
              }
              return RestResponse.ResponseBuilder.<Void>create(RestResponse.Status.ACCEPTED)
                  .header("Retry-After", 1)
                  .build();
            });
  }

  private static Problem unknown() {
    return Problem.notFound("No change that waits has this id. Perhaps it is done.");
  }
}
