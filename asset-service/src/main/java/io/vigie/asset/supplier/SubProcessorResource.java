package io.vigie.asset.supplier;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

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

/** Whom a supplier relies on in turn. The ETag is the supplier's. */
@Path("/v1/suppliers/{supplier}/sub-processors")
public class SubProcessorResource {

  @Schema(name = "SubProcessorObjection")
  record Objection(@NotBlank @Size(max = 2_000) String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  SubProcessorResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SubProcessor.View>> declare(
      UUID supplier,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid SubProcessor.Declaration body) {
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found -> {
              SubProcessor declared = new SubProcessor(supplier, body, actor.id(), clock.instant());
              return declared
                  .persist()
                  .chain(() -> outbox.append(found, declared.declared()))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/suppliers/" + supplier + "/sub-processors/" + declared.id(),
                              declared.view(found.version()),
                              found.version()));
            });
  }

  /** In the order in which they were declared. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<SubProcessor.View>>> list(
      UUID supplier, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("supplier", supplier).after(paging);
    return Supplier.require(supplier)
        .chain(
            found ->
                SubProcessor.<SubProcessor>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(all, SubProcessor::id, one -> one.view(found.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<SubProcessor.View>> get(UUID supplier, UUID id) {
    return Supplier.require(supplier)
        .chain(found -> SubProcessor.require(supplier, id).map(one -> ok(found, one)));
  }

  @POST
  @Path("{id}/approval")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SubProcessor.View>> approve(
      UUID supplier, UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Instant now = clock.instant();
    return decide(supplier, id, ifMatch, one -> one.approve(actor.id(), now));
  }

  @POST
  @Path("{id}/objection")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SubProcessor.View>> object(
      UUID supplier,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Objection body) {
    Instant now = clock.instant();
    return decide(supplier, id, ifMatch, one -> one.object(body.reason(), actor.id(), now));
  }

  private Uni<RestResponse<SubProcessor.View>> decide(
      UUID supplier, UUID id, String ifMatch, Function<SubProcessor, SupplierEvent> decision) {
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found ->
                SubProcessor.require(supplier, id)
                    .call(one -> outbox.append(found, decision.apply(one)))
                    .map(one -> ok(found, one)));
  }

  private static RestResponse<SubProcessor.View> ok(Supplier of, SubProcessor one) {
    return Answer.ok(one.view(of.version()), of.version());
  }
}
