package io.vigie.incident.notice;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.IncidentAccess;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** What was to be told, and what became of it. */
@Path("/v1/notices")
public class NoticeResource {

  /**
   * @param role whose mailbox is told
   * @param parameters the ids and times that the template is filled with
   * @param nextAttemptAt null once it has ended
   * @param lastError what the last attempt that failed said, without an address
   * @param endedAt when it was sent or abandoned
   */
  @Schema(name = "Notice")
  record View(
      UUID id,
      UUID person,
      String role,
      Channel channel,
      String template,
      Map<String, String> parameters,
      String dedupeKey,
      NoticeState state,
      Instant requestedAt,
      Instant notBefore,
      Instant until,
      int attempts,
      Instant nextAttemptAt,
      String lastError,
      Instant endedAt,
      AbandonReason reason,
      long version) {}

  private final IncidentAccess incidents;

  NoticeResource(IncidentAccess incidents) {
    this.incidents = incidents;
  }

  /** Notices in order of request, but of incidents that are not there for the caller. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") NoticeState state,
      @QueryParam("person") UUID person,
      @QueryParam("template") @Size(max = 100) String template,
      @QueryParam("channel") Channel channel,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("person", person)
            .equal("template", template)
            .equal("channel", channel)
            .after(paging);
    incidents.ofReadableOrNone(filter);
    return Notice.<Notice>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(notices -> paging.page(notices, Notice::id, Notice::view));
  }
}
