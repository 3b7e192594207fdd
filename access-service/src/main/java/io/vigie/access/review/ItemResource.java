package io.vigie.access.review;

import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Own;
import io.vigie.access.review.Items.Whose;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/** The rights that a campaign asks about. */
@Path("/v1/campaigns/{id}/items")
public class ItemResource {

  private static final String WHOSE =
      "me|all|access-managers|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

  private final Items items;
  private final Own own;
  private final Actor actor;

  ItemResource(Items items, Own own, Actor actor) {
    this.items = items;
    this.own = own;
    this.actor = actor;
  }

  /**
   * Items in the order in which they were made.
   *
   * @param reviewer {@code me} for those that wait for the caller, or waited; {@code
   *     access-managers} for those that any of them answers; {@code all}, or the id of a person,
   *     for access managers, the CISO and auditors
   * @param state {@code PENDING} leaves out rights that ended meanwhile
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<Item>>> list(
      UUID id,
      @QueryParam("reviewer")
          @DefaultValue("me")
          @Pattern(regexp = WHOSE, message = "must be me, all, access-managers or a person's id")
          String reviewer,
      @QueryParam("state") ReviewState state,
      @Valid @BeanParam Paging paging) {
    return Campaign.require(id)
        .chain(() -> reviewer.equals("me") ? mine() : Uni.createFrom().item(others(reviewer)))
        .chain(
            whose ->
                whose == null
                    ? Uni.createFrom().item(List.<Item>of())
                    : items.page(id, whose, state, paging.after(), paging.probe()))
        .map(found -> paging.page(found, Item::id, item -> item));
  }

  /** Null where the caller is nobody's account. */
  private Uni<Whose> mine() {
    return own.ids().map(ids -> ids.isEmpty() ? null : new Whose(false, ids.get(0)));
  }

  private Whose others(String reviewer) {
    if (!actor.hasRole(ACCESS_MANAGER) && !actor.hasRole(CISO) && !actor.hasRole(AUDITOR)) {
      throw Problem.forbidden("You see the items that wait for you: reviewer=me.");
    }
    return switch (reviewer) {
      case "all" -> Whose.EVERYBODY;
      case "access-managers" -> Whose.ACCESS_MANAGERS;
      default -> new Whose(false, UUID.fromString(reviewer));
    };
  }
}
