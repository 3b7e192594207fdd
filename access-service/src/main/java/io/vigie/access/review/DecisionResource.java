package io.vigie.access.review;

import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.STAFF;

/** What reviewers say. */
@Path("/v1/campaigns/{id}/decisions")
public class DecisionResource {

  private final Decisions decisions;
  private final Items items;

  DecisionResource(Decisions decisions, Items items) {
    this.decisions = decisions;
    this.items = items;
  }

  /**
   * Answers about up to 200 items: all are taken, or none, with what is wrong with which. Each
   * names the version of the item that was read. Nobody answers about their own rights. A
   * revocation or reduction is carried out at once; where there are two stages, it needs no second.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<Answer.Page<Item>>> decide(UUID id, @NotNull @Valid DecisionSheet body) {
    return decisions
        .take(id, body.decisions())
        .chain(() -> items.of(id, body.decisions().stream().map(DecisionSheet.Line::item).toList()))
        .map(decided -> RestResponse.ok(new Answer.Page<>(decided)));
  }
}
