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

/** What a supplier's contracts may lack for a time. The ETag is the supplier's. */
@Path("/v1/suppliers/{supplier}/exceptions")
public class ExceptionResource {

  @Schema(name = "SupplierExceptionRefusal")
  record Refusal(@NotBlank @Size(max = 2_000) String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  ExceptionResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SupplierException.View>> request(
      UUID supplier,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid SupplierException.Request body) {
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found -> {
              SupplierException exception =
                  new SupplierException(supplier, body, actor.id(), clock.instant());
              return exception
                  .persist()
                  .chain(() -> outbox.append(found, exception.requested()))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/suppliers/" + supplier + "/exceptions/" + exception.id(),
                              exception.view(found.version()),
                              found.version()));
            });
  }

  /** In the order in which they were asked for. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<SupplierException.View>>> list(
      UUID supplier, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("supplier", supplier).after(paging);
    return Supplier.require(supplier)
        .chain(
            found ->
                SupplierException.<SupplierException>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(
                                all, SupplierException::id, one -> one.view(found.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<SupplierException.View>> get(UUID supplier, UUID id) {
    return Supplier.require(supplier)
        .chain(
            found ->
                SupplierException.require(supplier, id).map(exception -> ok(found, exception)));
  }

  @POST
  @Path("{id}/grant")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SupplierException.View>> grant(
      UUID supplier, UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Instant now = clock.instant();
    return decide(supplier, id, ifMatch, exception -> exception.grant(actor.id(), now));
  }

  @POST
  @Path("{id}/refusal")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SupplierException.View>> refuse(
      UUID supplier,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Refusal body) {
    Instant now = clock.instant();
    return decide(
        supplier, id, ifMatch, exception -> exception.refuse(body.reason(), actor.id(), now));
  }

  private Uni<RestResponse<SupplierException.View>> decide(
      UUID supplier, UUID id, String ifMatch, Function<SupplierException, SupplierEvent> decision) {
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found ->
                SupplierException.require(supplier, id)
                    .call(exception -> append(found, decision.apply(exception)))
                    .map(exception -> ok(found, exception)));
  }

  /** With how the supplier stands now. */
  private Uni<Void> append(Supplier supplier, SupplierEvent event) {
    return Standing.renew(supplier, event.at()).chain(() -> outbox.append(supplier, event));
  }

  private static RestResponse<SupplierException.View> ok(Supplier of, SupplierException exception) {
    return Answer.ok(exception.view(of.version()), of.version());
  }
}
