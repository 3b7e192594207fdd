package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.person.Own;
import io.vigie.access.physical.KeysToRecover;
import io.vigie.access.physical.KeysToRecover.InHand;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/** That what a review revoked is gone, where no directory tells (R4.7). */
@Path("/v1/campaigns/{id}/confirmations")
public class ConfirmationResource {

  /** The ids of items whose rights, or programs, are gone from the system that knew them. */
  @Schema(name = "ReviewConfirmations")
  public record Confirmations(@NotEmpty @Size(max = 200) List<@NotNull UUID> items) {}

  private final Items items;
  private final KeysToRecover keys;
  private final Outbox outbox;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  ConfirmationResource(
      Items items, KeysToRecover keys, Outbox outbox, Own own, Actor actor, Clock clock) {
    this.items = items;
    this.keys = keys;
    this.outbox = outbox;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * What waits to be confirmed: of what the caller answers for; all of it for access managers, the
   * CISO and auditors.
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<Item>>> list(UUID id, @Valid @BeanParam Paging paging) {
    boolean seesAll =
        actor.hasRole(ACCESS_MANAGER) || actor.hasRole(CISO) || actor.hasRole(AUDITOR);
    return Campaign.require(id)
        .chain(() -> seesAll ? Uni.createFrom().<List<UUID>>nullItem() : own.ids())
        .chain(owners -> items.unconfirmed(id, owners, paging.after(), paging.probe()))
        .map(found -> paging.page(found, Item::id, item -> item));
  }

  /**
   * Says that these rights are gone from the systems where they were given. Who answers for them
   * says so, or an access manager, and nobody of their own. All are taken, or none, with what is
   * wrong with which (422). What the directory holds it confirms itself, and who still has a key to
   * a zone can still enter it (R6.3). That a program is closed which the directory does not have,
   * or where there is none, is said by an access manager.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<Answer.Page<Item>>> confirm(UUID id, @NotNull @Valid Confirmations body) {
    List<UUID> ids = body.items().stream().distinct().toList();
    return Campaign.require(id)
        .chain(() -> Review.takeAll(id, ids))
        .call(reviews -> known(ids, reviews).chain(known -> confirm(ids, known)))
        .chain(() -> items.of(id, ids))
        .map(confirmed -> RestResponse.ok(new Answer.Page<>(confirmed)));
  }

  /**
   * What is known when confirmations are judged.
   *
   * @param callers the caller's person, or nobody
   * @param programs who answers for each that somebody closes by hand, by its item
   */
  private record Known(
      Map<UUID, Review> reviews,
      Map<UUID, Entitlement> entitlements,
      List<UUID> callers,
      Set<InHand> inHand,
      Map<UUID, UUID> programs) {}

  private Uni<Known> known(List<UUID> ids, List<Review> reviews) {
    List<UUID> entitlements =
        reviews.stream().map(Review::entitlement).filter(Objects::nonNull).distinct().toList();
    return Entitlement.<Entitlement>list("id in ?1", entitlements)
        .chain(
            found ->
                own.ids()
                    .chain(
                        callers ->
                            keys.of(reviews.stream().map(Review::person).toList())
                                .chain(
                                    inHand ->
                                        items
                                            .closedByHand(ids)
                                            .map(
                                                programs ->
                                                    new Known(
                                                        byId(reviews, Review::id),
                                                        byId(found, Entitlement::id),
                                                        callers,
                                                        inHand,
                                                        programs)))));
  }

  private Uni<Void> confirm(List<UUID> ids, Known known) {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String wrong = wrong(known.reviews().get(ids.get(i)), known);
      if (wrong != null) {
        errors.add(new FieldError("items[" + i + "]", wrong));
      }
    }
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "confirmations-refused",
          "None was taken. Leave out the listed ones, and send the others again.",
          errors);
    }
    Instant now = clock.instant();
    return outbox.append(
        ids.stream()
            .map(known.reviews()::get)
            .map(review -> new Decided(review, List.of(review.confirm(actor.id(), now))))
            .toList());
  }

  /** Null where nothing is wrong. */
  private String wrong(Review review, Known known) {
    if (review == null) {
      return "is no item of this campaign";
    }
    if (!review.awaitsConfirmation()) {
      return "was not revoked, or is confirmed already";
    }
    if (review.serviceAccount() != null) {
      return wrongProgram(review, known);
    }
    if (review.clientAccess() != null) {
      return "is an access to a client's data, which is gone at once";
    }
    Entitlement entitlement = known.entitlements().get(review.entitlement());
    var terms = entitlement.terms();
    if (terms.directory() != null) {
      return "is a role or group of the directory, which confirms it itself";
    }
    if (known.callers().contains(review.person())) {
      return "was your own right; somebody else confirms that it is gone";
    }
    if (!actor.hasRole(ACCESS_MANAGER) && !known.callers().contains(terms.owner())) {
      return "is confirmed by who answers for it, or by an access manager";
    }
    return known.inHand().contains(new InHand(review.person(), entitlement.asset()))
        ? "leaves its holder with a key to the zone; take the key back first"
        : null;
  }

  private String wrongProgram(Review review, Known known) {
    UUID responsible = known.programs().get(review.id());
    if (responsible == null) {
      return "is an account of the directory, which confirms it itself";
    }
    if (known.callers().contains(review.person()) || known.callers().contains(responsible)) {
      return "was a program you answer for; somebody else confirms that it is closed";
    }
    return actor.hasRole(ACCESS_MANAGER) ? null : "is confirmed by an access manager";
  }

  private static <T> Map<UUID, T> byId(List<T> all, Function<T, UUID> id) {
    return all.stream().collect(Collectors.toMap(id, each -> each));
  }
}
