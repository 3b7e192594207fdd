package io.vigie.asset.disposal;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.disposal.Item.Sanitisation;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Medium;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** What is done to each medium in an asset that is disposed of (R3.4). */
@Path("/v1/disposals/{id}/media/{number}")
public class SanitisationResource {

  private static final String BY_HAND = "none";

  /**
   * @param tool "none" for destruction by hand
   * @param toolVersion needed unless the tool is "none"; of a machine, its model
   */
  record Work(
      @NotBlank @Size(max = 40) String technique,
      @NotBlank @Size(max = 100) String tool,
      @Size(min = 1, max = 40) String toolVersion,
      @NotNull @PastOrPresent Instant performedAt,
      @Size(min = 64, max = 64) String certificate) {}

  record Check(boolean passed, @NotBlank @Size(max = 1_000) String how) {}

  private final SanitisationRules rules;
  private final Evidence evidence;
  private final Departures departures;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  SanitisationResource(
      SanitisationRules rules,
      Evidence evidence,
      Departures departures,
      Outbox outbox,
      Actor actor,
      Clock clock) {
    this.rules = rules;
    this.evidence = evidence;
    this.departures = departures;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Whoever calls did it, or had it done. Doing it again replaces what nobody has verified yet. */
  @POST
  @Path("sanitisation")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN})
  @Command
  public Uni<RestResponse<DisposalResource.View>> sanitise(
      UUID id,
      Integer number,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Work body) {
    return Disposal.require(id, ifMatch)
        .call(() -> evidence.require(id, body.certificate()))
        .call(this::judgeMedia)
        .call(
            disposal ->
                outbox.append(
                    disposal,
                    disposal.sanitise(number, work(disposal, number, body), clock.instant())))
        .map(DisposalResource::ok);
  }

  /** Its asset's levels may have risen since it was asked for; until this is done they stay. */
  private Uni<Asset> judgeMedia(Disposal disposal) {
    return Asset.hold(disposal.state().asset())
        .invoke(
            asset ->
                disposal.need(medium -> rules.required(medium, asset.highestConfidentiality())));
  }

  private Sanitisation work(Disposal disposal, int number, Work body) {
    boolean versioned = body.toolVersion() != null && !body.toolVersion().isBlank();
    if (!versioned && !body.tool().equalsIgnoreCase(BY_HAND)) {
      throw Problem.unprocessable(
          "tool-version-missing",
          "Say as toolVersion which version of %s it was, of a machine its model. By hand, the tool is %s."
              .formatted(body.tool(), BY_HAND));
    }
    Medium medium = disposal.item(number).medium();
    Method method = rules.achieved(medium, body.technique());
    if (rules.needsEvidence(method) && body.certificate() == null) {
      throw Problem.unprocessable(
          "evidence-missing",
          "%s needs a certificate or a photograph. Send the file first, then its SHA-256."
              .formatted(method));
    }
    return new Sanitisation(
        method,
        body.technique(),
        body.tool(),
        body.toolVersion(),
        actor.id(),
        body.performedAt(),
        body.certificate());
  }

  /** By somebody other than the operator (R4.6). What did not pass is to be sanitised again. */
  @POST
  @Path("verification")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<DisposalResource.View>> verify(
      UUID id,
      Integer number,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Check body) {
    return Disposal.require(id, ifMatch)
        .call(this::judgeMedia)
        .call(
            disposal ->
                outbox.append(
                    disposal,
                    disposal.verify(
                        number, body.passed(), body.how(), actor.id(), clock.instant())))
        .call(departures::sanitisedIfReady)
        .map(DisposalResource::ok);
  }
}
