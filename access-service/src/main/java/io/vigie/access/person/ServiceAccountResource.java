package io.vigie.access.person;

import java.time.Clock;
import java.time.Instant;
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

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Accounts of programs, and who answers for each. */
@Path("/v1/service-accounts")
public class ServiceAccountResource {

  /**
   * @param subject the {@code sub} of its tokens; neither a person's nor another program's
   * @param responsible the one person who answers for it
   * @param validUntil when it ends by itself, ten years ahead at most
   */
  @Schema(name = "ServiceAccountRegistration")
  record Registration(
      @NotNull @Schema(format = "uuid") @org.hibernate.validator.constraints.UUID String subject,
      @NotBlank @Size(max = 100) String name,
      @NotBlank @Size(max = 2_000) String purpose,
      @NotNull UUID responsible,
      Instant validUntil) {}

  @Schema(name = "ServiceAccountChange")
  record Change(
      @NotBlank @Size(max = 100) String name,
      @NotBlank @Size(max = 2_000) String purpose,
      Instant validUntil) {}

  @Schema(name = "ServiceAccountResponsible")
  record Responsible(@NotNull UUID person) {}

  @Schema(name = "ServiceAccountEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param orphanedAt since when nobody answers for it, because who did left
   */
  @Schema(name = "ServiceAccount")
  record View(
      UUID id,
      String subject,
      String name,
      String purpose,
      UUID responsible,
      Instant validUntil,
      ServiceAccountState state,
      Instant registeredAt,
      Instant orphanedAt,
      Instant endedAt,
      String endReason,
      long version) {

    static View of(ServiceAccount account) {
      ServiceAccount.State state = account.state();
      return new View(
          account.id(),
          state.subject(),
          state.name(),
          account.purpose(),
          state.responsible(),
          state.validUntil(),
          state.state(),
          state.registeredAt(),
          state.orphanedAt(),
          account.endedAt(),
          account.endReason(),
          account.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "name", "lower(%sname)",
          "state", Sorting.ranked("state", ServiceAccountState.values()),
          "validUntil", "%svalidUntil",
          "orphanedAt", "%sorphanedAt");

  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  ServiceAccountResource(Outbox outbox, History history, Clock clock) {
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid Registration body) {
    Instant now = clock.instant();
    return Person.hold(body.responsible())
        .chain(() -> Accounts.requireNoPerson(body.subject()))
        .map(
            free ->
                new ServiceAccount(
                    body.subject(),
                    body.name(),
                    body.purpose(),
                    body.responsible(),
                    body.validUntil(),
                    now))
        .call(account -> outbox.append(account, account.registered(now)))
        .map(
            account ->
                Answer.created(
                    "/v1/service-accounts/" + account.id(), View.of(account), account.version()));
  }

  /**
   * In order of registration.
   *
   * @param orphaned those for which nobody answers, or all others
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") ServiceAccountState state,
      @QueryParam("responsible") UUID responsible,
      @QueryParam("subject") UUID subject,
      @QueryParam("orphaned") Boolean orphaned,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("responsible", responsible)
            .equal("subject", subject == null ? null : subject.toString())
            .after(paging, sorting, ServiceAccount.class, SORTS);
    if (orphaned != null) {
      filter.where(orphaned ? "orphanedAt is not null" : "orphanedAt is null");
    }
    return ServiceAccount.<ServiceAccount>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(accounts -> paging.page(accounts, ServiceAccount::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return ServiceAccount.require(id).map(ServiceAccountResource::ok);
  }

  @PUT
  @Path("{id}")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Change body) {
    return ServiceAccount.require(id, ifMatch)
        .call(
            account ->
                outbox.append(
                    account,
                    account.change(
                        body.name(), body.purpose(), body.validUntil(), clock.instant())))
        .map(ServiceAccountResource::ok);
  }

  /** Makes another person answer for it. */
  @PUT
  @Path("{id}/responsible")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> takeOver(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Responsible body) {
    return Person.hold(body.person())
        .chain(() -> ServiceAccount.require(id, ifMatch))
        .call(account -> outbox.append(account, account.takeOver(body.person(), clock.instant())))
        .map(ServiceAccountResource::ok);
  }

  /** Says that nothing uses it any more. */
  @POST
  @Path("{id}/end")
  @RolesAllowed(ACCESS_MANAGER)
  @Command
  public Uni<RestResponse<View>> end(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid End body) {
    return ServiceAccount.require(id, ifMatch)
        .call(account -> outbox.append(account, account.end(body.reason(), clock.instant())))
        .map(ServiceAccountResource::ok);
  }

  /** What happened to the account, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ACCESS_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("service-account", id, query);
  }

  private static RestResponse<View> ok(ServiceAccount account) {
    return Answer.ok(View.of(account), account.version());
  }
}
