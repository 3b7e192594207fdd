package io.vigie.backup.continuity;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
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
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** Whether a plan keeps what it promises. */
@Path("/v1/continuity-plans/{id}/gap")
public class GapResource {

  private static final String PDF = "application/pdf";

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance gap(ContinuityGap gap);
  }

  private final Clock clock;

  GapResource(Clock clock) {
    this.clock = clock;
  }

  /** Objectives, what was measured, the difference, and what is not redundant, as of now. */
  @GET
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Read
  public Uni<ContinuityGap> get(UUID id) {
    return gap(id);
  }

  /** The same on one page. */
  @GET
  @Path("pdf")
  @RolesAllowed({SYSADMIN, CISO, RESPONDER, AUDITOR})
  @Produces(PDF)
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The page",
      content =
          @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> pdf(UUID id) {
    return gap(id)
        .chain(gap -> Pdf.render(() -> Templates.gap(gap).render()))
        .map(
            pdf ->
                ResponseBuilder.ok(pdf, PDF)
                    .header("Content-Disposition", "attachment; filename=\"continuity-gap.pdf\"")
                    .build());
  }

  private Uni<ContinuityGap> gap(UUID id) {
    Instant now = clock.instant();
    return ContinuityPlan.require(id)
        .chain(
            plan ->
                CriticalFunction.require(plan.state().criticalFunction())
                    .chain(
                        function ->
                            openLessons(id)
                                .chain(
                                    lessons ->
                                        UnderlyingAssets.of(function, now)
                                            .map(
                                                underlying ->
                                                    ContinuityGap.of(
                                                        plan,
                                                        function,
                                                        lessons,
                                                        underlying,
                                                        now)))));
  }

  private static Uni<Long> openLessons(UUID plan) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "select coalesce(sum(lessons), 0) from ContinuityExercise where plan = ?1",
                        Long.class)
                    .setParameter(1, plan)
                    .getSingleResult());
  }
}
