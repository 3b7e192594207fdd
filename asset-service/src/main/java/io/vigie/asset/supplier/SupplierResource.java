package io.vigie.asset.supplier;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
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
import static io.vigie.kernel.security.Roles.RESPONDER;

/** Suppliers. Responders see them too: in an incident somebody must be called. */
@Path("/v1/suppliers")
public class SupplierResource {

  private static final String OVERDUE =
      "(state = APPROVED or state = SUSPENDED) and assessmentDue < :value";

  @Schema(name = "SupplierSuspension")
  record Suspension(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "SupplierEnding")
  record Ending(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * What it is, as a change of it is told.
   *
   * @param contactName whom to call; it, {@code contactEmail} and {@code contactPhone} are null
   *     once the supplier has ended
   */
  @Schema(name = "SupplierRecord")
  record Profile(
      String name,
      String services,
      List<Activity> activities,
      Criticality criticality,
      boolean handlesClientData,
      List<String> countries,
      String contactName,
      String contactEmail,
      String contactPhone) {

    static Profile of(SupplierProfile profile) {
      return new Profile(
          profile.name(),
          profile.services(),
          profile.activities(),
          profile.criticality(),
          profile.handlesClientData(),
          profile.countries(),
          profile.contactName(),
          profile.contactEmail(),
          profile.contactPhone());
    }
  }

  /**
   * @param derivedCriticality what the levels of the assets that rely on it make it at least; null
   *     where none has any
   * @param assessedAt when the newest accepted assessment was done
   * @param assessmentDue when the next one must be done
   * @param underContract whether a contract is live, or an exception allows that none is; null
   *     where that was not looked at yet
   * @param lackingClauses those of what they do that no live contract has and no exception allows
   *     to be missing; null as before
   */
  @Schema(name = "Supplier")
  record View(
      UUID id,
      Profile profile,
      Criticality derivedCriticality,
      SupplierState state,
      String proposedBy,
      String approvedBy,
      Instant assessedAt,
      Assessment.Result assessedAs,
      Instant assessmentDue,
      Instant registeredAt,
      Boolean underContract,
      List<String> lackingClauses,
      long version) {

    static View of(Supplier supplier, Criticality derived) {
      Supplier.State state = supplier.state();
      return new View(
          supplier.id(),
          Profile.of(supplier.profile()),
          derived,
          state.state(),
          state.proposedBy(),
          state.approvedBy(),
          state.assessedAt(),
          state.assessedAs(),
          state.assessmentDue(),
          state.registeredAt(),
          state.underContract(),
          state.lackingClauses(),
          supplier.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "profile.name", "lower(%sprofile.name)",
          "state", "%sstate",
          "profile.criticality", Sorting.ranked("profile.criticality", Criticality.values()),
          "assessmentDue", "%sassessmentDue");

  private final Outbox outbox;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  SupplierResource(Outbox outbox, History history, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  /** Proposes a supplier. */
  @POST
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid SupplierProfile body) {
    Supplier supplier = new Supplier(body, actor.id(), clock.instant());
    return outbox
        .append(supplier, supplier.registered())
        .map(
            done ->
                Answer.created(
                    "/v1/suppliers/" + supplier.id(), View.of(supplier, null), supplier.version()));
  }

  /**
   * Suppliers in order of registration. {@code clausesMissing=true}: some clause that applies
   * stands in no live contract; {@code assessmentOverdue=true}: in use, and not assessed in time;
   * {@code criticalityTooLow=true}: less critical by its profile than by what relies on it.
   */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR, RESPONDER})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") SupplierState state,
      @QueryParam("criticality") Criticality criticality,
      @QueryParam("handlesClientData") Boolean handlesClientData,
      @QueryParam("clausesMissing") Boolean clausesMissing,
      @QueryParam("assessmentOverdue") Boolean assessmentOverdue,
      @QueryParam("criticalityTooLow") Boolean criticalityTooLow,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("profile.criticality", criticality)
            .equal("profile.handlesClientData", handlesClientData)
            .after(paging, sorting, Supplier.class, SORTS);
    Instant now = clock.instant();
    if (clausesMissing != null) {
      filter.where(Standing.LACKS_A_CLAUSE + " = " + clausesMissing, Days.of(now));
    }
    if (assessmentOverdue != null) {
      filter.where(assessmentOverdue ? OVERDUE : "not (" + OVERDUE + ")", now);
    }
    if (criticalityTooLow != null) {
      filter.where(Reliance.TOO_LOW + " = " + criticalityTooLow);
    }
    return Supplier.<Supplier>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .chain(
            suppliers ->
                Reliance.of(suppliers.stream().map(Supplier::id).toList())
                    .map(
                        derived ->
                            paging.page(
                                suppliers,
                                Supplier::id,
                                each -> View.of(each, derived.get(each.id())))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR, RESPONDER})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Supplier.require(id).chain(SupplierResource::ok);
  }

  /**
   * One that does more, gets client data or works in another country must be approved anew. None is
   * less critical than what relies on it.
   */
  @PUT
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid SupplierProfile body) {
    return Supplier.require(id, ifMatch)
        .call(() -> Reliance.require(id, body.criticality()))
        .call(
            supplier ->
                Standing.of(id, body.activities(), Days.of(clock.instant()))
                    .chain(
                        standing ->
                            outbox.append(
                                supplier,
                                supplier.change(body, standing, actor.id(), clock.instant()))))
        .chain(SupplierResource::ok);
  }

  /** What the live contracts cover today of the clauses that apply, and what they lack. */
  @GET
  @Path("{id}/coverage")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<Standing> coverage(UUID id) {
    return Supplier.require(id).chain(this::standing);
  }

  @POST
  @Path("{id}/approval")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> approve(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Supplier.require(id, ifMatch)
        .call(supplier -> Reliance.require(id, supplier.profile().criticality()))
        .call(
            supplier ->
                standing(supplier)
                    .chain(
                        standing ->
                            outbox.append(
                                supplier, supplier.approve(standing, actor.id(), clock.instant()))))
        .chain(SupplierResource::ok);
  }

  @POST
  @Path("{id}/suspension")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> suspend(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Suspension body) {
    return Supplier.require(id, ifMatch)
        .call(supplier -> outbox.append(supplier, supplier.suspend(body.reason(), clock.instant())))
        .chain(SupplierResource::ok);
  }

  @POST
  @Path("{id}/resumption")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> resume(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Supplier.require(id, ifMatch)
        .call(
            supplier ->
                standing(supplier)
                    .chain(
                        standing ->
                            outbox.append(supplier, supplier.resume(standing, clock.instant()))))
        .chain(SupplierResource::ok);
  }

  @POST
  @Path("{id}/ending")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> end(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Ending body) {
    return Supplier.require(id, ifMatch)
        .call(supplier -> outbox.append(supplier, supplier.end(body.reason(), clock.instant())))
        .chain(SupplierResource::ok);
  }

  /** What happened to the supplier, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("supplier", id, query);
  }

  private Uni<Standing> standing(Supplier supplier) {
    return Standing.of(supplier, Days.of(clock.instant()));
  }

  private static Uni<RestResponse<View>> ok(Supplier supplier) {
    return Reliance.of(List.of(supplier.id()))
        .map(
            derived ->
                Answer.ok(View.of(supplier, derived.get(supplier.id())), supplier.version()));
  }
}
