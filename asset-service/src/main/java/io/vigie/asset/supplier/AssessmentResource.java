package io.vigie.asset.supplier;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** How a supplier was assessed. The ETag is the supplier's. */
@Path("/v1/suppliers/{supplier}/assessments")
public class AssessmentResource {

  @Schema(name = "AssessmentPlan")
  record Plan(@NotNull LocalDate plannedFor) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AssessmentResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<Assessment.View>> plan(
      UUID supplier, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Plan body) {
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found -> {
              Assessment assessment = new Assessment(supplier, body.plannedFor(), actor.id());
              return assessment
                  .persist()
                  .chain(() -> outbox.append(found, assessment.planned(clock.instant())))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/suppliers/" + supplier + "/assessments/" + assessment.id(),
                              assessment.view(found.version()),
                              found.version()));
            });
  }

  /** In the order in which they were planned. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Assessment.View>>> list(
      UUID supplier, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("supplier", supplier).after(paging);
    return Supplier.require(supplier)
        .chain(
            found ->
                Assessment.<Assessment>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all -> paging.page(all, Assessment::id, one -> one.view(found.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Assessment.View>> get(UUID supplier, UUID id) {
    return Supplier.require(supplier)
        .chain(found -> Assessment.require(supplier, id).map(assessment -> ok(found, assessment)));
  }

  /** Records what the caller found. */
  @POST
  @Path("{id}/completion")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<Assessment.View>> complete(
      UUID supplier,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Assessment.Findings body) {
    Instant now = clock.instant();
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found ->
                Assessment.require(supplier, id)
                    .call(
                        assessment -> {
                          SupplierEvent done = assessment.done(body, actor.id(), now);
                          return keep(assessment, body.reservations())
                              .chain(() -> outbox.append(found, done));
                        })
                    .map(assessment -> ok(found, assessment)));
  }

  private static Uni<Void> keep(Assessment of, List<Assessment.ToMend> reservations) {
    return Multi.createFrom()
        .iterable(reservations)
        .onItem()
        .transformToUniAndConcatenate(toMend -> new Reservation(of, toMend).persist())
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** From then on the result counts, and the next assessment is due an interval after this one. */
  @POST
  @Path("{id}/acceptance")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<Assessment.View>> accept(
      UUID supplier, UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Supplier.require(supplier, ifMatch)
        .chain(
            found ->
                Assessment.require(supplier, id)
                    .call(
                        assessment ->
                            outbox.append(
                                found, found.accept(assessment, actor.id(), clock.instant())))
                    .map(assessment -> ok(found, assessment)));
  }

  private static RestResponse<Assessment.View> ok(Supplier of, Assessment assessment) {
    return Answer.ok(assessment.view(of.version()), of.version());
  }
}
