package io.vigie.asset.supplier;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
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

/** A supplier's contracts. Their ETag is the supplier's. */
@Path("/v1/suppliers/{supplier}/contracts")
public class ContractResource {

  /**
   * @param endedOn the first day on which it binds no more
   */
  @Schema(name = "SupplierContractEnding")
  record Ending(@NotNull LocalDate endedOn, @NotBlank @Size(max = 2_000) String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  ContractResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SupplierContract.View>> sign(
      UUID supplier,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid ContractTerms body) {
    return Supplier.requireNotEnded(supplier, ifMatch)
        .chain(
            found -> {
              SupplierContract contract =
                  new SupplierContract(supplier, body, actor.id(), clock.instant());
              return contract
                  .persist()
                  .chain(() -> append(found, contract.signed()))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/suppliers/" + supplier + "/contracts/" + contract.id(),
                              contract.view(found.version()),
                              found.version()));
            });
  }

  /** In the order in which they were recorded. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<SupplierContract.View>>> list(
      UUID supplier, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("supplier", supplier).after(paging);
    return Supplier.require(supplier)
        .chain(
            found ->
                SupplierContract.<SupplierContract>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(
                                all, SupplierContract::id, one -> one.view(found.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<SupplierContract.View>> get(UUID supplier, UUID id) {
    return Supplier.require(supplier)
        .chain(
            found -> SupplierContract.require(supplier, id).map(contract -> ok(found, contract)));
  }

  /** Ends a contract before its time. */
  @POST
  @Path("{id}/ending")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<SupplierContract.View>> end(
      UUID supplier,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Ending body) {
    Instant now = clock.instant();
    return Supplier.require(supplier, ifMatch)
        .chain(
            found ->
                SupplierContract.require(supplier, id)
                    .call(
                        contract -> append(found, contract.end(body.endedOn(), body.reason(), now)))
                    .map(contract -> ok(found, contract)));
  }

  /** With how the supplier stands now. */
  private Uni<Void> append(Supplier supplier, SupplierEvent event) {
    return Standing.renew(supplier, event.at()).chain(() -> outbox.append(supplier, event));
  }

  private static RestResponse<SupplierContract.View> ok(Supplier of, SupplierContract contract) {
    return Answer.ok(contract.view(of.version()), of.version());
  }
}
