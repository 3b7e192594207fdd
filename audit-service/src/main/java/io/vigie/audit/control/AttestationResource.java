package io.vigie.audit.control;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Outbox.Decided;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * Attestations of rules that no machine can decide: by somebody with the role that the rule names,
 * for as long as the rule says.
 */
@Path("/v1/controls/{rule}/attestations")
public class AttestationResource {

  /**
   * What somebody says.
   *
   * @param basis what was looked at
   * @param statement that the rule holds, in words; both stay in the service
   */
  @Schema(name = "NewAttestation")
  record NewAttestation(
      @NotBlank @Size(max = 4_000) String basis, @NotBlank @Size(max = 4_000) String statement) {}

  /** Why it is withdrawn. */
  @Schema(name = "AttestationEnd")
  record End(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * An attestation.
   *
   * @param basis what was looked at
   * @param endReason why it was withdrawn; null where it was not
   */
  @Schema(name = "GivenAttestation")
  record View(
      UUID id,
      @JsonUnwrapped ControlAttestation.State state,
      String basis,
      String statement,
      String endReason,
      long version) {

    static View of(ControlAttestation given) {
      return new View(
          given.id(),
          given.state(),
          given.basis(),
          given.statement(),
          given.endReason(),
          given.version());
    }
  }

  private final Catalogue catalogue;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AttestationResource(Catalogue catalogue, Outbox outbox, Actor actor, Clock clock) {
    this.catalogue = catalogue;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Attests a rule, at any time: it counts from now on for the interval that the rule sets, and
   * replaces the one before. 403 without the role that the rule names, 409 where a query or the
   * build decides the rule.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> give(
      @PathParam("rule") String id, @NotNull @Valid NewAttestation body) {
    Rule rule = attested(id);
    Instant now = clock.instant();
    ControlAttestation given =
        new ControlAttestation(rule, body.basis(), body.statement(), actor.id(), now);
    List<Decided> decisions = new ArrayList<>();
    decisions.add(new Decided(given, List.of(given.given())));
    return ControlAttestation.standing(id)
        .invoke(
            before -> {
              if (before != null) {
                decisions.add(new Decided(before, List.of(before.replace(now))));
              }
            })
        .chain(() -> outbox.append(decisions))
        .map(
            done ->
                Answer.created(
                    "/v1/controls/" + id + "/attestations/" + given.id(),
                    View.of(given),
                    given.version()));
  }

  /** Attestations of a rule in the order in which they were given. */
  @GET
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @PathParam("rule") String id, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("rule", catalogue.require(id).id()).after(paging);
    return ControlAttestation.<ControlAttestation>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(given -> paging.page(given, ControlAttestation::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<View>> get(@PathParam("rule") String rule, @PathParam("id") UUID id) {
    return ControlAttestation.require(rule, id).map(AttestationResource::ok);
  }

  /** It counts no more, before its end: by somebody with the role that the rule names. */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({ASSET_MANAGER, ACCESS_MANAGER, RESPONDER, SYSADMIN, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      @PathParam("rule") String rule,
      @PathParam("id") UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid End body) {
    return ControlAttestation.require(attested(rule).id(), id)
        .invoke(given -> given.requireVersion(ifMatch))
        .call(given -> outbox.append(given, given.withdraw(body.reason(), clock.instant())))
        .map(AttestationResource::ok);
  }

  /** The rule, for somebody who attests it. */
  private Rule attested(String id) {
    Rule rule = catalogue.require(id);
    if (rule.attestation() == null) {
      throw Problem.conflict(
          "rule-not-attested",
          "Nobody attests this rule: it is decided by " + rule.decided() + ".");
    }
    if (!actor.hasRole(rule.attestation().by())) {
      throw Problem.forbidden(
          "This rule is attested by somebody with the role " + rule.attestation().by() + ".");
    }
    return rule;
  }

  private static RestResponse<View> ok(ControlAttestation given) {
    return Answer.ok(View.of(given), given.version());
  }
}
