package io.vigie.access.review;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vigie.kernel.Deadline;
import io.vigie.kernel.web.Pdf;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** What a campaign came to, for whoever has to see that it was done. */
@Path("/v1/campaigns/{id}/report")
public class ReportResource {

  private static final String PDF = "application/pdf";

  /** Pages that a reader turns, and that memory holds; what is more is in further parts. */
  private static final int MOST_ITEMS = 1_000;

  private static final int PAGE = 500;

  @CheckedTemplate
  static class Templates {
    static native TemplateInstance report(
        UUID id,
        Campaign.State campaign,
        Count count,
        List<Report.Row> rows,
        boolean isWhole,
        String next,
        String opening,
        String ending);
  }

  /**
   * @param last the item behind which the next part begins; null for the last part
   */
  private record Part(List<Report.Row> rows, UUID last) {

    /** Of rows of one item more than a part has, where there is one. */
    static Part of(List<Report.Row> rows) {
      List<UUID> items = rows.stream().map(Report.Row::item).distinct().toList();
      if (items.size() <= MOST_ITEMS) {
        return new Part(rows, null);
      }
      UUID beyond = items.get(MOST_ITEMS);
      return new Part(
          rows.stream().filter(row -> !row.item().equals(beyond)).toList(),
          items.get(MOST_ITEMS - 1));
    }

    String next(UriInfo uri) {
      return last == null
          ? null
          : uri.getRequestUriBuilder().replaceQueryParam("after", last).build().toString();
    }
  }

  private final Report report;
  private final Deadline deadline;
  private final Clock clock;

  ReportResource(Report report, Deadline deadline, Clock clock) {
    this.report = report;
    this.deadline = deadline;
    this.clock = clock;
  }

  /**
   * The report as it is now: what was asked, how it came out, and each answer with who gave it,
   * why, and where the log proves it. Of a campaign with more than 1,000 items it has those that
   * were not simply certified, 1,000 in each part, with a {@code Link} to the next one; the table
   * has all.
   *
   * @param after the last item of the part before; none for the first part
   */
  @GET
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Produces(PDF)
  @Read
  @APIResponse(
      responseCode = "200",
      description = "The report",
      content =
          @Content(mediaType = PDF, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Uni<RestResponse<byte[]>> pdf(
      UUID id, @QueryParam("after") UUID after, @Context UriInfo uri) {
    return Campaign.require(id)
        .chain(
            campaign ->
                Count.of(id, clock.instant())
                    .chain(
                        count ->
                            part(campaign, after == null ? new UUID(0, 0) : after)
                                .chain(part -> print(campaign, count, part, part.next(uri)))));
  }

  private static boolean isWhole(Campaign campaign) {
    return campaign.state().items() <= MOST_ITEMS;
  }

  private Uni<Part> part(Campaign campaign, UUID after) {
    return (isWhole(campaign)
            ? report.rows(campaign.id(), after, MOST_ITEMS)
            : report.exceptions(campaign.id(), after, MOST_ITEMS + 1))
        .map(Part::of);
  }

  /**
   * @param next where the next part is, or null
   */
  private Uni<RestResponse<byte[]>> print(Campaign campaign, Count count, Part part, String next) {
    return Pdf.render(
            () ->
                Templates.report(
                        campaign.id(),
                        campaign.state(),
                        count,
                        part.rows(),
                        isWhole(campaign),
                        next,
                        report.receipt(campaign.openingEvent()),
                        report.receipt(campaign.endingEvent()))
                    .render())
        .map(
            pdf -> {
              ResponseBuilder<byte[]> answer =
                  ResponseBuilder.ok(pdf, PDF)
                      .header("Content-Disposition", "attachment; filename=\"review.pdf\"");
              if (next != null) {
                answer.header("Link", "<" + next + ">; rel=\"next\"");
              }
              return answer.build();
            });
  }

  /** Each answer, and each item without one, as CSV (RFC 4180, UTF-8); streamed, page by page. */
  @GET
  @Path("csv")
  @RolesAllowed({ACCESS_MANAGER, CISO, AUDITOR})
  @Produces("text/csv; charset=utf-8")
  @APIResponse(
      responseCode = "200",
      description = "The table",
      content =
          @Content(
              mediaType = "text/csv",
              schema = @Schema(type = SchemaType.STRING),
              example =
                  "item,right,serviceAccount,clientAccess,person,givenName,familyName,asset,entitlement,sensitivity,ground,state,"
                      + "rightState,serviceAccountState,clientAccessState,stage,decision,reviewer,decidedAt,reason,until,delegate,receipt"))
  public Multi<Buffer> csv(UUID id) {
    return Multi.createBy()
        .concatenating()
        .streams(
            deadline
                .bound(Panache.withSession(() -> Campaign.require(id)))
                .map(campaign -> Buffer.buffer(Report.HEADER))
                .toMulti(),
            table(id));
  }

  private Multi<Buffer> table(UUID id) {
    return Multi.createBy()
        .repeating()
        .<UUID[], List<Report.Row>>uni(
            () -> new UUID[] {new UUID(0, 0)},
            last ->
                deadline
                    .bound(Panache.withSession(() -> report.rows(id, last[0], PAGE)))
                    .invoke(
                        rows -> {
                          if (!rows.isEmpty()) {
                            last[0] = rows.get(rows.size() - 1).item();
                          }
                        }))
        .until(List::isEmpty)
        .map(
            rows ->
                Buffer.buffer(rows.stream().map(Report.Row::csv).collect(Collectors.joining())));
  }
}
