package io.vigie.audit.control;

import java.nio.charset.StandardCharsets;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** Where the policy stands, for who reads it on paper or in a spreadsheet. */
@Path("/v1/controls/report")
public class ReportResource {

  private static final String PDF = "application/pdf";
  private static final String CSV = "text/csv";

  /** What the report is written as. */
  @Schema(name = "PolicyReportFormat")
  enum Format {
    PDF,
    CSV
  }

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance report(PolicyReport.View report, Language say);
  }

  private final PolicyReport report;
  private final Printing printing;

  ReportResource(PolicyReport report, Printing printing) {
    this.report = report;
    this.printing = printing;
  }

  /**
   * Each rule of the policy, section by section, as it stands now: since when, how many objects
   * fail, how much evidence there is, exceptions in force, the re-evaluation that is open, the
   * attestation that counts; each with the entry of the log that it stands on (its index and its
   * leaf hash) and with the checkpoint that signs them, so that a reader can check it without us.
   * In French or in English, as {@code Accept-Language} asks. In the table what a spreadsheet would
   * take for a formula has an apostrophe before it. Of more than 1,000 exceptions it has the first,
   * and says so: the table in a last row, {@code INCOMPLETE}. One PDF is made at a time: 503
   * meanwhile, and where no key of the log signed its newest checkpoint. It has the first 200
   * characters of a reason.
   */
  @GET
  @RolesAllowed({AUDITOR, CISO})
  @Produces({PDF, CSV})
  @Read(inSession = false)
  @APIResponse(
      responseCode = "200",
      description = "The report",
      content = {
        @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")),
        @Content(
            mediaType = CSV,
            schema = @Schema(type = SchemaType.STRING),
            example = ReportTable.COLUMNS)
      })
  public Uni<Response> get(
      @QueryParam("format") @DefaultValue("PDF") Format format, @Context HttpHeaders headers) {
    Language language = Language.of(headers.getAcceptableLanguages());
    return report
        .now()
        .chain(
            view ->
                format == Format.PDF
                    ? printing.pages(() -> Templates.report(view, language).render())
                    : Uni.createFrom()
                        .item(ReportTable.of(view, language).getBytes(StandardCharsets.UTF_8)))
        .map(content -> answer(content, format, language));
  }

  private static Response answer(byte[] content, Format format, Language language) {
    boolean isPdf = format == Format.PDF;
    return Response.ok(content)
        .header(HttpHeaders.CONTENT_TYPE, isPdf ? PDF : CSV + ";charset=utf-8")
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"policy." + (isPdf ? "pdf" : "csv") + "\"")
        .header(HttpHeaders.CONTENT_LANGUAGE, language.tag())
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE)
        .build();
  }
}
