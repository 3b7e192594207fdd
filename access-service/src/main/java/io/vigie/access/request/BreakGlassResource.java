package io.vigie.access.request;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Act;
import io.vigie.access.entitlement.Entitlement;
import io.vigie.access.entitlement.EntrustedData;
import io.vigie.access.entitlement.RetiredAssets;
import io.vigie.access.entitlement.Right;
import io.vigie.access.entitlement.RightsObservers;
import io.vigie.access.entitlement.Terms;
import io.vigie.access.notice.Notices;
import io.vigie.access.notice.Notices.Notice;
import io.vigie.access.person.Own;
import io.vigie.access.person.Person;
import io.vigie.access.person.PersonState;
import io.vigie.access.person.Qualifications;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/** Rights that are taken in an emergency: at once, for hours, and with an alarm. */
@Path("/v1/rights/break-glass")
public class BreakGlassResource {

  /**
   * @param entitlement the id of what is needed
   * @param reason the emergency, in a few words; what was done is said afterwards
   * @param duration 1 minute to 24 hours, as in ISO 8601; as long as the policy allows without it
   */
  @Schema(name = "BreakGlass")
  record Emergency(
      @NotNull UUID entitlement,
      @NotBlank @Size(max = 2_000) String reason,
      @DurationMin(minutes = 1)
          @DurationMax(hours = 24)
          @JsonDeserialize(using = Terms.IsoDuration.class)
          Duration duration) {}

  private final BreakGlassPolicy policy;
  private final Qualifications qualifications;
  private final EntrustedData entrusted;
  private final Outbox outbox;
  private final RightsObservers observers;
  private final Notices notices;
  private final Own own;
  private final Actor actor;
  private final Clock clock;

  BreakGlassResource(
      BreakGlassPolicy policy,
      Qualifications qualifications,
      EntrustedData entrusted,
      Outbox outbox,
      RightsObservers observers,
      Notices notices,
      Own own,
      Actor actor,
      Clock clock) {
    this.policy = policy;
    this.qualifications = qualifications;
    this.entrusted = entrusted;
    this.outbox = outbox;
    this.observers = observers;
    this.notices = notices;
    this.own = own;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Gives the caller what the policy opens to it, at once and with no approval, whether or not they
   * took the courses that it asks for and may touch the data that it reaches: there may be nobody
   * who did. {@code right.broken-glass.v1} raises an alert and says which are missing, the CISO and
   * the owner get a mail, and the caller has to say why ({@code …/justification}) in time.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<RightView>> breakGlass(@NotNull @Valid Emergency body) {
    return own.require()
        .chain(person -> Person.hold(person.id()))
        .invoke(BreakGlassResource::requireStarted)
        .chain(
            holder ->
                Entitlement.hold(body.entitlement())
                    .call(entitlement -> RetiredAssets.requireInUse(entitlement.asset()))
                    .chain(entitlement -> take(holder, entitlement, body)))
        .map(
            right ->
                Answer.created("/v1/rights/" + right.id(), RightView.of(right), right.version()));
  }

  private static void requireStarted(Person holder) {
    if (holder.state().state() != PersonState.ACTIVE) {
      throw Problem.unprocessable(
          "person-not-started", "Your first day is still to come. Have somebody else do it.");
    }
  }

  private Uni<Right> take(Person holder, Entitlement entitlement, Emergency body) {
    Instant now = clock.instant();
    Right right =
        Right.breakGlass(
            holder.id(),
            entitlement,
            policy.lasting(entitlement, body.duration()),
            now.plus(policy.justifyWithin()),
            new Act(actor.id(), now, body.reason()),
            actor.system());
    return qualifications
        .lacking(holder.id(), Set.of(entitlement.terms().courses()))
        .chain(
            courses ->
                entrusted
                    .barred(holder.id(), entitlement)
                    .chain(
                        clients ->
                            outbox.append(
                                right,
                                right.brokenGlass(
                                    entitlement.terms().sensitivity(), courses, clients))))
        .chain(() -> observers.tellGained(Set.of(holder.id())))
        .chain(() -> notices.request(notice(right, entitlement.terms().owner())))
        .replaceWith(right);
  }

  private static Notice notice(Right right, UUID owner) {
    return new Notice(
        owner,
        CISO,
        "glass-broken",
        Map.of(
            "right", right.id().toString(),
            "person", right.person().toString(),
            "until", right.state().validUntil().toString(),
            "justifyBy", right.emergency().justifyBy().toString()),
        "glass-broken/" + right.id(),
        null,
        null);
  }
}
