package io.vigie.audit.control;

import java.time.Instant;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.control.Applicability.AnnexControl;
import io.vigie.audit.control.PolicyReport.Signed;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/**
 * The statement of applicability: every control of ISO/IEC 27001:2022 Annex A, with the rules that
 * serve it, where they stand now, how much evidence there is, and where the log proves it; or why
 * none does.
 */
@Path("/v1/controls/statement-of-applicability")
@RolesAllowed({AUDITOR, CISO})
public class StatementResource {

  private static final String PDF = "application/pdf";

  /**
   * @param at when the rules stood so
   * @param signed the checkpoint that proves the entries; null where the log has signed none yet
   */
  @Schema(name = "StatementOfApplicability")
  record StatementView(Instant at, Signed signed, List<AnnexControl> controls) {}

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance statement(StatementView statement, Language say);
  }

  private final PolicyReport report;
  private final Applicability applicability;
  private final Printing printing;

  StatementResource(PolicyReport report, Applicability applicability, Printing printing) {
    this.report = report;
    this.applicability = applicability;
    this.printing = printing;
  }

  /**
   * All of Annex A, in its order; 503 where evidence cannot be counted in two seconds, or no key of
   * the log signed its newest checkpoint.
   */
  @GET
  @Read(inSession = false)
  public Uni<StatementView> get() {
    return now();
  }

  private Uni<StatementView> now() {
    return report
        .now()
        .map(now -> new StatementView(now.at(), now.signed(), applicability.of(now.lines())));
  }

  /**
   * The same for a spreadsheet (RFC 4180, UTF-8): a row for each rule that serves a control, and
   * one for each control that none serves. What a spreadsheet would take for a formula has an
   * apostrophe before it.
   */
  @GET
  @Path("csv")
  @Produces("text/csv; charset=utf-8")
  @Read(inSession = false)
  @APIResponse(
      responseCode = "200",
      description = "The table",
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example = Applicability.COLUMNS))
  public Uni<String> table() {
    return now().map(Applicability::csv);
  }

  /**
   * The same on pages, in French or in English, as {@code Accept-Language} asks. One PDF is made at
   * a time: 503 meanwhile.
   */
  @GET
  @Path("pdf")
  @Produces(PDF)
  @Read(inSession = false)
  @APIResponse(
      responseCode = "200",
      description = "The pages",
      content =
          @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> pages(@Context HttpHeaders headers) {
    Language language = Language.of(headers.getAcceptableLanguages());
    return now()
        .chain(statement -> printing.pages(() -> Templates.statement(statement, language).render()))
        .map(
            pages ->
                RestResponse.ResponseBuilder.ok(pages)
                    .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"statement-of-applicability.pdf\"")
                    .header(HttpHeaders.CONTENT_LANGUAGE, language.tag())
                    .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE)
                    .build());
  }
}
