package io.vigie.asset.document;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.People;
import io.vigie.asset.policy.PolicyRules;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import io.vigie.kernel.web.Sorting;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/** The documents of the security policy; everybody who works here may know them. */
@Path("/v1/documents")
public class DocumentResource {

  private static final String SERVES =
      """
      cast(sql('? = any (string_to_array(?, chr(10)))', :value, sheet.rules) as Boolean) = true\
      """;

  private static final String OVERDUE = "reviewDue is not null and reviewDue < :value";

  private static final String AWAITS =
      "cast(sql('exists (select from document d where d.id = ? and %s)', id, :value, :value) as Boolean) = true"
          .formatted(DocumentTasks.WAITS.formatted("?").replace("'", "''"));

  /** Of a document, in HQL: it names a profile that nobody told of. */
  private static final String FOR_UNKNOWN_PROFILES =
      """
      cast(sql('exists (select from unnest(string_to_array(?, chr(10))) named where not exists
        (select from business_profile b where lower(b.name) = lower(named)))',
        sheet.audience.profiles) as Boolean) = true\
      """;

  @Schema(name = "DocumentWithdrawal")
  record Withdrawal(@NotBlank @Size(max = 2_000) String reason) {}

  /**
   * @param unknownProfiles of those that it is for, the ones that no business profile is called by
   *     what access-service told, so that it asks nobody for their sake (R5.3)
   * @param pending the version that waits for approval, or null
   * @param current the version in force, or null
   * @param acknowledgeFrom from which version on an acknowledgement counts
   * @param reviewDue by when it must be looked at again
   * @param reassignBy by when it needs another owner; null where its owner has not left
   */
  @Schema(name = "Document")
  record View(
      UUID id,
      Sheet sheet,
      List<String> unknownProfiles,
      DocumentState state,
      UUID pending,
      UUID current,
      Integer currentNumber,
      Integer acknowledgeFrom,
      Instant reviewedAt,
      Instant reviewDue,
      Instant registeredAt,
      Instant reassignBy,
      long version) {

    static View of(Document document, Set<String> unknown) {
      Document.State state = document.state();
      return new View(
          document.id(),
          document.sheet(),
          document.sheet().audience().profiles().stream().filter(unknown::contains).toList(),
          state.state(),
          state.pending(),
          state.current(),
          state.currentNumber(),
          state.acknowledgeFrom(),
          state.reviewedAt(),
          state.reviewDue(),
          state.registeredAt(),
          state.reassignBy(),
          document.version());
    }
  }

  private static final Map<String, String> SORTS =
      Map.of(
          "sheet.titleEn", "lower(%ssheet.titleEn)",
          "sheet.titleFr", "lower(%ssheet.titleFr)",
          "sheet.kind", "%ssheet.kind",
          "state", Sorting.ranked("state", DocumentState.values()),
          "reviewDue", "%sreviewDue");

  private final Outbox outbox;
  private final People people;
  private final ProfileHolders profiles;
  private final History history;
  private final Actor actor;
  private final Clock clock;

  DocumentResource(
      Outbox outbox,
      People people,
      ProfileHolders profiles,
      History history,
      Actor actor,
      Clock clock) {
    this.outbox = outbox;
    this.people = people;
    this.profiles = profiles;
    this.history = history;
    this.actor = actor;
    this.clock = clock;
  }

  @POST
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> register(@NotNull @Valid Sheet body) {
    Document document = new Document(body, clock.instant());
    return people
        .requirePresent(body.owner())
        .chain(() -> outbox.append(document, document.registered()))
        .chain(() -> unknown(List.of(document)))
        .map(
            unknown ->
                Answer.created(
                    "/v1/documents/" + document.id(),
                    View.of(document, unknown),
                    document.version()));
  }

  /**
   * Documents in order of registration. {@code rule}: those that serve this rule; {@code
   * reviewOverdue=true}: those past their review date; {@code unknownProfiles=true}: those for a
   * business profile that access-service has not, or not yet.
   *
   * @param awaiting {@code me} for those alone that the caller is asked to acknowledge
   */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("state") DocumentState state,
      @QueryParam("kind") DocumentKind kind,
      @QueryParam("owner") UUID owner,
      @QueryParam("rule") String rule,
      @QueryParam("reviewOverdue") Boolean reviewOverdue,
      @QueryParam("unknownProfiles") Boolean unknownProfiles,
      @QueryParam("awaiting") @Pattern(regexp = "me", message = "must be me") String awaiting,
      @Valid @BeanParam Sorting sorting,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("state", state)
            .equal("sheet.kind", kind)
            .equal("sheet.owner", owner)
            .after(paging, sorting, Document.class, SORTS);
    if (rule != null) {
      PolicyRules.require("rule", List.of(rule));
      filter.where(SERVES, rule);
    }
    if (awaiting != null) {
      filter.where(AWAITS, actor.id());
    }
    if (reviewOverdue != null) {
      filter.where(reviewOverdue ? OVERDUE : "not (" + OVERDUE + ")", clock.instant());
    }
    if (unknownProfiles != null) {
      filter.where(unknownProfiles ? FOR_UNKNOWN_PROFILES : "not (" + FOR_UNKNOWN_PROFILES + ")");
    }
    return Document.<Document>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .chain(
            documents ->
                unknown(documents)
                    .map(
                        unknown ->
                            paging.page(
                                documents, Document::id, document -> View.of(document, unknown))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<View>> get(UUID id) {
    return Document.require(id).chain(this::ok);
  }

  @PUT
  @Path("{id}")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> change(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Sheet body) {
    return Document.require(id, ifMatch)
        .call(() -> people.requirePresent(body.owner()))
        .call(document -> outbox.append(document, document.change(body, clock.instant())))
        .chain(this::ok);
  }

  /** The current version was looked at and is still right: the review date moves. */
  @POST
  @Path("{id}/review")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> review(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Document.require(id, ifMatch)
        .call(document -> outbox.append(document, document.confirm(actor.id(), clock.instant())))
        .chain(this::ok);
  }

  @POST
  @Path("{id}/withdrawal")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<View>> withdraw(
      UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch, @NotNull @Valid Withdrawal body) {
    return Document.require(id, ifMatch)
        .call(
            document -> outbox.append(document, document.withdraw(body.reason(), clock.instant())))
        .chain(this::ok);
  }

  /** What happened to the document, from the log, with each event's index in it. */
  @GET
  @Path("{id}/history")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      UUID id, @Valid @BeanParam History.Query query) {
    return history.of("document", id, query);
  }

  private Uni<Set<String>> unknown(List<Document> documents) {
    return profiles.unknown(
        documents.stream()
            .flatMap(document -> document.sheet().audience().profiles().stream())
            .toList());
  }

  private Uni<RestResponse<View>> ok(Document document) {
    return unknown(List.of(document))
        .map(unknown -> Answer.ok(View.of(document, unknown), document.version()));
  }
}
