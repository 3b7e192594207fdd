package io.vigie.incident.alert;

import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/**
 * Where sources tell of alerts, each in its form. To tell the same again is right: it is counted.
 */
@Path("/v1/alerts")
public class AlertIntakeResource {

  private static final long FIRST_VERSION = 0;

  private final AlertIntake intake;

  AlertIntakeResource(AlertIntake intake) {
    this.intake = intake;
  }

  /** One signal in our own form: 201 where it begins an alert, else 200. */
  @POST
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<AlertIntake.Outcome>> take(@NotNull @Valid AlertSignal body) {
    return intake
        .take(List.of(body.signal(intake.policy())))
        .map(
            taken ->
                taken.begun().isEmpty()
                    ? ok(taken)
                    : Answer.created(
                        "/v1/alerts/" + taken.begun().get(0), taken.outcome(), FIRST_VERSION));
  }

  /** A webhook of Alertmanager, version 4. */
  @POST
  @Path("alertmanager")
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<AlertIntake.Outcome>> takeWebhook(
      @NotNull @Valid AlertmanagerWebhook body) {
    return take(body.signals(intake.policy()));
  }

  /** An alert of Wazuh, as its integrator has it. */
  @POST
  @Path("wazuh")
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<AlertIntake.Outcome>> takeWazuh(@NotNull @Valid WazuhAlert body) {
    return take(List.of(body.signal(intake.policy())));
  }

  /** An event in CloudEvents 1.0, structured. */
  @POST
  @Path("cloudevents")
  @Consumes({"application/cloudevents+json", MediaType.APPLICATION_JSON})
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  public Uni<RestResponse<AlertIntake.Outcome>> takeEvent(@NotNull @Valid CloudEvent body) {
    return take(List.of(body.signal(intake.policy())));
  }

  private Uni<RestResponse<AlertIntake.Outcome>> take(List<Signal> signals) {
    return intake.take(signals).map(AlertIntakeResource::ok);
  }

  private static RestResponse<AlertIntake.Outcome> ok(AlertIntake.Taken taken) {
    return ResponseBuilder.ok(taken.outcome()).build();
  }
}
