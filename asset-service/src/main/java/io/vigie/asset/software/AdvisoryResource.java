package io.vigie.asset.software;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;

/** Advisories, and what is known of them here. */
@Path("/v1/advisories")
public class AdvisoryResource {

  /** A document in CSAF 2.0 or OSV, which its content tells apart. */
  @Schema(name = "AdvisoryDocument", type = SchemaType.OBJECT)
  record Document(@Schema(hidden = true) @JsonValue JsonNode content) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Document {}
  }

  @Schema(name = "AdvisoryWithdrawal")
  record Withdrawal(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * Whether it is known to be exploited.
   *
   * @param since null where it is not
   */
  @Schema(name = "Exploitation")
  record Exploitation(@PastOrPresent Instant since, @NotBlank @Size(max = 500) String source) {}

  @Schema(name = "AdvisoryImport")
  record Import(AdvisoryIntake.Outcome outcome, String explanation, View advisory) {

    static Import of(AdvisoryIntake.Result result) {
      String explanation =
          switch (result.outcome()) {
            case RECEIVED -> "The advisory was not known before.";
            case REVISED -> "It replaced the version that was known, or is in force again.";
            case IGNORED -> "This version or a newer one is known already: nothing was changed.";
          };
      return new Import(result.outcome(), explanation, View.of(result.advisory()));
    }
  }

  @Schema(name = "Advisory")
  record View(
      UUID id,
      String format,
      String publisher,
      String identifier,
      String title,
      Instant publishedAt,
      Instant modifiedAt,
      Severity severity,
      BigDecimal score,
      List<String> aliases,
      List<String> links,
      int packages,
      int productsWithoutPurl,
      Instant exploitedSince,
      Instant withdrawnAt,
      String withdrawalReason,
      Instant receivedAt,
      long version) {

    static View of(Advisory advisory) {
      Advisory.State state = advisory.state();
      return new View(
          advisory.id(),
          state.format(),
          state.publisher(),
          state.identifier(),
          state.title(),
          state.publishedAt(),
          state.modifiedAt(),
          state.severity(),
          state.score(),
          state.aliases(),
          state.links(),
          state.packages(),
          state.productsWithoutPurl(),
          state.exploitedSince(),
          state.withdrawnAt(),
          state.withdrawalReason(),
          state.receivedAt(),
          advisory.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "title", "lower(%stitle)",
          "identifier", "%sidentifier",
          "severity", Sorting.ranked("severity", Severity.values()),
          "publishedAt", "%spublishedAt",
          "exploitedSince", "%sexploitedSince");

  private final AdvisoryIntake intake;
  private final Matching matching;
  private final Outbox outbox;
  private final History history;
  private final Clock clock;

  AdvisoryResource(
      AdvisoryIntake intake, Matching matching, Outbox outbox, History history, Clock clock) {
    this.intake = intake;
    this.matching = matching;
    this.outbox = outbox;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Takes an advisory in CSAF 2.0 or OSV: 201 where it was not known, else 200 and what became of
   * it. A newer version replaces an older one; an older or equal one changes nothing, but that an
   * asset manager has what was withdrawn in force again.
   */
  @POST
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<Import>> receive(@NotNull @Valid Document body) {
    return Aside.read(() -> DocumentReader.read(body.content()))
        .chain(publication -> intake.take(publication))
        .map(
            result ->
                result.outcome() == AdvisoryIntake.Outcome.RECEIVED
                    ? Answer.created(
                        "/v1/advisories/" + result.advisory().id(),
                        Import.of(result),
                        result.advisory().version())
                    : Answer.ok(Import.of(result), result.advisory().version()));
  }

  /**
   * Advisories in order of arrival.
   *
   * @param cve those about this one
   */
  @GET
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("publisher") @Size(max = 500) String publisher,
      @QueryParam("identifier") @Size(max = 200) String identifier,
      @QueryParam("cve") @Size(max = 200) String cve,
      @QueryParam("severity") Severity severity,
      @QueryParam("exploited") Boolean exploited,
      @QueryParam("withdrawn") Boolean withdrawn,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("publisher", publisher)
            .equal("identifier", identifier)
            .equal("severity", severity)
            .after(paging, sorting, Advisory.class, SORTS);
    if (cve != null) {
      filter.where("id in (select f.advisory from Flaw f where f.name = :cve)");
      filter.parameters().put("cve", cve);
    }
    if (exploited != null) {
      filter.where("exploitedSince is " + (exploited ? "not null" : "null"));
    }
    if (withdrawn != null) {
      filter.where("withdrawnAt is " + (withdrawn ? "not null" : "null"));
    }
    return Advisory.<Advisory>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(advisories -> paging.page(advisories, Advisory::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({STAFF, TOOL})
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Advisory.require(id).map(AdvisoryResource::ok);
  }

  /**
   * Ends every match with it that is open. The same document, imported again by an asset manager,
   * has it in force again.
   */
  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed(CISO)
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Withdrawal body) {
    return matching
        .begin()
        .chain(() -> Advisory.require(id, ifMatch))
        .call(
            advisory -> outbox.append(advisory, advisory.withdraw(body.reason(), clock.instant())))
        .call(advisory -> matching.rematch(List.of(advisory)))
        .map(AdvisoryResource::ok);
  }

  /** What is exploited is due earlier. */
  @PUT
  @Path("{id}/exploitation")
  @RolesAllowed({ASSET_MANAGER, TOOL})
  @Command
  public Uni<RestResponse<View>> markExploited(
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Exploitation body) {
    return matching
        .begin()
        .chain(() -> Advisory.require(id, ifMatch))
        .call(
            advisory ->
                outbox.append(
                    advisory, advisory.markExploited(body.since(), body.source(), clock.instant())))
        .call(advisory -> matching.rematch(List.of(advisory)))
        .map(AdvisoryResource::ok);
  }

  /** What happened to the advisory, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, SYSADMIN, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("advisory", id, query);
  }

  private static RestResponse<View> ok(Advisory advisory) {
    return Answer.ok(View.of(advisory), advisory.version());
  }
}
