package io.vigie.incident.playbook;

import java.time.Clock;
import java.time.Duration;
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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
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

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/** Who is on call, and when nobody is (R14.3). */
@Path("/v1/rota")
public class RotaResource {

  private static final long LOCK = 0x5647_524f_5441L; // "VGROTA"

  /** Somebody's time, from {@code from} until before {@code until}; {@code person} a subject. */
  @Schema(name = "RotaEntry")
  record Entry(
      @NotBlank @Size(max = 255) String person, @NotNull Instant from, @NotNull Instant until) {}

  @Schema(name = "RotaWithdrawal")
  record Withdrawal(@NotBlank @Size(max = 2_000) String reason) {}

  @Schema(name = "RotaShift")
  record View(
      UUID id,
      String person,
      Instant from,
      Instant until,
      Instant withdrawnAt,
      String withdrawalReason,
      long version) {

    static View of(Shift shift) {
      Shift.State state = shift.state();
      return new View(
          shift.id(),
          state.person(),
          state.from(),
          state.until(),
          state.withdrawnAt(),
          shift.withdrawalReason(),
          shift.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "from", "%sstartsAt",
          "until", "%sendsAt",
          "withdrawnAt", "%swithdrawnAt");

  private final PlaybookPolicy policy;
  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  RotaResource(PlaybookPolicy policy, Outbox outbox, History history, Clock clock) {
    this.policy = policy;
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  /** Plans who is on call. What overlaps with what is planned is refused, with what that is. */
  @POST
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> plan(@NotNull @Valid Entry body) {
    Instant now = clock.instant();
    Duration length = Duration.between(body.from(), body.until());
    if (length.isZero()
        || length.isNegative()
        || !body.until().isAfter(now)
        || length.compareTo(policy.longestShift()) > 0) {
      throw invalid(
          "until",
          "must be ahead and behind from, by %d days at most"
              .formatted(policy.longestShift().toDays()));
    }
    Shift shift = new Shift(body.person(), body.from(), body.until());
    return alone()
        .chain(() -> Shift.between(body.from(), body.until()))
        .invoke(RotaResource::requireNone)
        .chain(() -> outbox.append(shift, shift.planned(now)))
        .map(done -> Answer.created("/v1/rota/" + shift.id(), View.of(shift), shift.version()));
  }

  private static Uni<Void> alone() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("select 1 from pg_advisory_xact_lock(?1)", Integer.class)
                    .setParameter(1, LOCK)
                    .getSingleResult())
        .replaceWithVoid();
  }

  private static void requireNone(List<Shift> others) {
    if (!others.isEmpty()) {
      Shift.State other = others.get(0).state();
      throw Problem.conflict(
          "rota-overlaps",
          "Somebody is on call from %s to %s (%s). Withdraw that first, or plan beside it."
              .formatted(other.from(), other.until(), others.get(0).id()));
    }
  }

  /** Entries in the order in which they were planned. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("person") @Size(max = 255) String person,
      @QueryParam("withdrawn") Boolean withdrawn,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("person", person).after(paging, sorting, Shift.class, SORTS);
    if (withdrawn != null) {
      filter.where(withdrawn ? "withdrawnAt is not null" : "withdrawnAt is null");
    }
    return Shift.<Shift>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(shifts -> paging.page(shifts, Shift::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Shift.require(id).map(RotaResource::ok);
  }

  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({RESPONDER, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Withdrawal body) {
    return Shift.require(id, ifMatch)
        .call(shift -> outbox.append(shift, shift.withdraw(body.reason(), clock.instant())))
        .map(RotaResource::ok);
  }

  /** What happened to the entry, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("rota", id, query);
  }

  private static Problem invalid(String field, String message) {
    return Problem.invalid(List.of(new Problem.FieldError(field, message)));
  }

  private static RestResponse<View> ok(Shift shift) {
    return Answer.ok(View.of(shift), shift.version());
  }
}
