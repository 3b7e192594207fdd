package io.vigie.incident.clock;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.IncidentAccess;
import io.vigie.incident.IncidentHistory;
import io.vigie.incident.KnownFacts;
import io.vigie.kernel.web.Pdf;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;

/**
 * A notification to begin with (R13.2): what it is about, and the facts as they were known when the
 * agency became aware. What was found out since is for whoever writes it to add.
 */
@Path("/v1/notification-clocks/{id}/draft")
public class DraftResource {

  private static final String PDF = "application/pdf";

  /** What XML 1.0 (section 2.2) has no place for, and a text may hold. */
  private static final String NO_XML = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]";

  /**
   * @param title of the regime, by language, {@code en} and {@code fr}; null where a later version
   *     of the policy has the regime no more, as what else is the regime's
   * @param source the act and the article
   * @param stepTitle of the notification, by language
   * @param client whom it is to tell; null where a regime is not for each client
   */
  @Schema(name = "NotificationDraft")
  record View(
      UUID clock,
      UUID incident,
      String regime,
      Map<String, String> title,
      String source,
      String step,
      Map<String, String> stepTitle,
      UUID client,
      Instant awareAt,
      Instant dueAt,
      KnownFacts known) {}

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance draft(View draft);
  }

  private final IncidentAccess incidents;
  private final IncidentHistory past;
  private final Regimes regimes;

  DraftResource(IncidentAccess incidents, IncidentHistory past, Regimes regimes) {
    this.incidents = incidents;
    this.past = past;
    this.regimes = regimes;
  }

  /** The draft, from what had been recorded at the clock's {@code awareAt} and as it stood then. */
  @GET
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Read
  public Uni<View> get(UUID id) {
    return NotificationClock.require(id)
        .chain(
            clock ->
                incidents
                    .require(clock.incident())
                    .chain(incident -> past.knownAt(incident, clock.state().awareAt()))
                    .map(known -> draft(clock, known)));
  }

  /** The same to be printed, in English and French. */
  @GET
  @Path("pdf")
  @RolesAllowed({RESPONDER, CISO, AUDITOR})
  @Produces(PDF)
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The draft",
      content =
          @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> pdf(UUID id) {
    return get(id)
        .chain(draft -> Pdf.render(() -> Templates.draft(draft).render().replaceAll(NO_XML, " ")))
        .map(
            pdf ->
                ResponseBuilder.ok(pdf, PDF)
                    .header("Content-Disposition", "attachment; filename=\"notification.pdf\"")
                    .build());
  }

  private View draft(NotificationClock clock, KnownFacts known) {
    NotificationClock.State state = clock.state();
    Regime regime = regimes.find(state.regime()).orElse(null);
    Regime.Step step = regime == null ? null : regime.find(state.step()).orElse(null);
    return new View(
        clock.id(),
        state.incident(),
        state.regime(),
        regime == null ? null : regime.title(),
        regime == null ? null : regime.source(),
        state.step(),
        step == null ? null : step.title(),
        state.client(),
        state.awareAt(),
        state.dueAt(),
        known);
  }
}
