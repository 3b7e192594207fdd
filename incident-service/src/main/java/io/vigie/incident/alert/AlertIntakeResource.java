package io.vigie.incident.alert;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
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
  private final ObjectMapper json;
  private final Map<String, AlertForm> forms = AlertForm.all();

  AlertIntakeResource(AlertIntake intake, ObjectMapper json) {
    this.intake = intake;
    this.json = json;
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

  /**
   * JSON of a foreign form that the policy has a mapping for (contracts/policy/alert-forms.json);
   * 404 for one that it has none for.
   *
   * @param form its name, under which its alerts are listed as their source
   */
  @POST
  @Path("forms/{form}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({TOOL, SYSADMIN})
  @Command
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = SchemaType.STRING),
              example = "a document in the named form"))
  public Uni<RestResponse<AlertIntake.Outcome>> takeForm(
      @Pattern(regexp = "[a-z][a-z0-9-]{0,49}") String form, @NotNull byte[] body) {
    AlertForm mapping = forms.get(form);
    if (mapping == null) {
      throw Problem.notFound("No form has this name; these have a mapping: " + forms.keySet());
    }
    return take(mapping.signals(form, read(body), intake.policy()));
  }

  private JsonNode read(byte[] body) {
    try {
      JsonNode document = json.readTree(body);
      if (document.isMissingNode()) {
        throw Problem.badRequest("The body is empty.");
      }
      return document;
    } catch (IOException e) {
      throw Problem.badRequest("The body is no JSON.");
    }
  }

  private Uni<RestResponse<AlertIntake.Outcome>> take(List<Signal> signals) {
    return intake.take(signals).map(AlertIntakeResource::ok);
  }

  private static RestResponse<AlertIntake.Outcome> ok(AlertIntake.Taken taken) {
    return ResponseBuilder.ok(taken.outcome()).build();
  }
}
