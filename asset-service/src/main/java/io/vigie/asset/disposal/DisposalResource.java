package io.vigie.asset.disposal;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Kinds;
import io.vigie.asset.inventory.Medium;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** The disposal procedure (R3.4), step by step. */
@Path("/v1/disposals")
public class DisposalResource {

  @Schema(name = "DisposalRequest")
  record Request(
      @NotNull UUID asset,
      @NotBlank @Size(max = 2_000) String reason,
      @NotNull @Size(max = 50) List<@NotNull @Valid Part> media) {}

  record Part(@NotNull Medium medium, @NotBlank @Size(max = 100) String identifier) {}

  @Schema(name = "DisposalEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  record Departure(
      @NotBlank @Size(max = 200) String recipient, @NotNull @PastOrPresent LocalDate leftOn) {}

  @Schema(name = "Disposal")
  record View(UUID id, @JsonUnwrapped Disposal.State state, long version) {
    static View of(Disposal disposal) {
      return new View(disposal.id(), disposal.state(), disposal.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "stage",
          Sorting.ranked("stage", Disposal.Stage.values()),
          "waitingSince",
          "%swaitingSince");

  private final Outbox outbox;
  private final Kinds kinds;
  private final SanitisationRules rules;
  private final Departures departures;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  DisposalResource(
      Outbox outbox,
      Kinds kinds,
      SanitisationRules rules,
      Departures departures,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.kinds = kinds;
    this.rules = rules;
    this.departures = departures;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Asks for a retired asset to be disposed of, with each medium in it. How deep each has to be
   * sanitised follows from the highest confidentiality that the asset ever had. An asset of a kind
   * with media needs at least one, or what became of them said in the reason of its retirement.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> request(@NotNull @Valid Request body) {
    return Asset.hold(body.asset())
        .chain(
            asset -> {
              Disposal disposal =
                  new Disposal(
                      asset.id(),
                      asset.state().retiredAt(),
                      body.reason(),
                      items(asset, body),
                      actor.id(),
                      clock.instant());
              return outbox
                  .append(disposal, disposal.requested(clock.instant()))
                  .replaceWith(disposal);
            })
        .map(
            disposal ->
                Answer.created(
                    "/v1/disposals/" + disposal.id(), View.of(disposal), disposal.version()));
  }

  private List<Item> items(Asset asset, Request body) {
    if (asset.state().state() != AssetState.RETIRED) {
      throw Problem.conflict("asset-not-retired", "Retire the asset first.");
    }
    var possible = kinds.require(asset.details().kind()).media();
    if (body.media().isEmpty() && !possible.isEmpty()) {
      throw Problem.unprocessable(
          "media-not-named",
          "Such an asset has media. Name each that is in it; known: %s.".formatted(possible));
    }
    List<Item> items = new ArrayList<>();
    for (Part part : body.media()) {
      if (!possible.contains(part.medium())) {
        throw Problem.unprocessable(
            "medium-not-in-this-kind",
            "Such an asset has no %s; known: %s.".formatted(part.medium(), possible));
      }
      items.add(
          new Item(
              items.size() + 1,
              part.medium(),
              part.identifier(),
              rules.required(part.medium(), asset.highestConfidentiality()),
              null,
              null));
    }
    return items;
  }

  @GET
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("asset") UUID asset,
      @QueryParam("stage") Disposal.Stage stage,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("asset", asset)
            .equal("stage", stage)
            .after(paging, sorting, Disposal.class, SORTS);
    return Disposal.<Disposal>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(disposals -> paging.page(disposals, Disposal::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Disposal.require(id).map(DisposalResource::ok);
  }

  /** By somebody who did not ask for it (R4.6). */
  @POST
  @Path("{id}/approval")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Disposal.require(id, ifMatch)
        .call(disposal -> outbox.append(disposal, disposal.approve(actor.id(), clock.instant())))
        .call(departures::sanitisedIfReady)
        .map(DisposalResource::ok);
  }

  @POST
  @Path("{id}/refusal")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> refuse(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return Disposal.require(id, ifMatch)
        .call(
            disposal ->
                outbox.append(
                    disposal, disposal.refuse(actor.id(), body.reason(), clock.instant())))
        .map(DisposalResource::ok);
  }

  /** It is given up; the asset stays retired. */
  @POST
  @Path("{id}/cancellation")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<View>> cancel(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return Disposal.require(id, ifMatch)
        .call(disposal -> outbox.append(disposal, disposal.cancel(body.reason(), clock.instant())))
        .map(DisposalResource::ok);
  }

  /**
   * The asset leaves. Refused until access-service has reported that nobody has rights on it, and
   * backup-service that somebody decided about its copies; what is missing is named.
   */
  @POST
  @Path("{id}/completion")
  @RolesAllowed(ASSET_MANAGER)
  @Command
  public Uni<RestResponse<View>> complete(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Departure body) {
    return Disposal.require(id, ifMatch)
        .call(disposal -> departures.complete(disposal, body.recipient(), body.leftOn()))
        .map(DisposalResource::ok);
  }

  /** What happened to the disposal, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("disposal", id, query);
  }

  static RestResponse<View> ok(Disposal disposal) {
    return Answer.ok(View.of(disposal), disposal.version());
  }
}
