package io.vigie.asset.document;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;

/** Who acknowledged which version of a document, and who has not (R5.3). */
@Path("/v1/documents/{document}/acknowledgements")
public class AcknowledgementResource {

  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String UP_TO_200_IDS = ID + "(," + ID + "){0,199}";

  /**
   * @param acknowledgeFrom from which version on an acknowledgement counts, or null while no
   *     version is in force
   * @param accounts of those asked about, or of all whom the document concerns, the ones that
   *     acknowledged no such version
   */
  @Schema(name = "OutstandingAcknowledgements")
  record Outstanding(UUID document, Integer acknowledgeFrom, List<String> accounts) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  AcknowledgementResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * The caller acknowledges the current version, for themself alone; again, it changes nothing. No
   * version of the document is needed: the answer says what was acknowledged.
   */
  @POST
  @RolesAllowed(STAFF)
  @Command
  public Uni<RestResponse<Acknowledgement.View>> acknowledge(UUID document) {
    return Document.require(document)
        .invoke(Document::requireInForce)
        .chain(
            found ->
                Acknowledgement.take(found, actor.id())
                    .chain(
                        known ->
                            known == null
                                ? give(found)
                                : Uni.createFrom().item(RestResponse.ok(known.view()))));
  }

  private Uni<RestResponse<Acknowledgement.View>> give(Document document) {
    Acknowledgement given = new Acknowledgement(document, actor.id(), clock.instant());
    return outbox.append(given, given.given()).replaceWith(() -> RestResponse.ok(given.view()));
  }

  /** In the order in which they were given. */
  @GET
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<Acknowledgement.View>>> list(
      UUID document,
      @QueryParam("version") UUID version,
      @QueryParam("account") UUID account,
      @Valid @BeanParam Paging paging) {
    Filter filter =
        new Filter()
            .equal("document", document)
            .equal("documentVersion", version)
            .equal("account", account == null ? null : account.toString())
            .after(paging);
    return Document.require(document)
        .chain(
            found ->
                Acknowledgement.<Acknowledgement>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list())
        .map(all -> paging.page(all, Acknowledgement::id, Acknowledgement::view));
  }

  /**
   * Who has not acknowledged what the document asks them to: page by page, in the order of the
   * accounts, of all whom it concerns and who work here as access-service tells; or of the {@code
   * accounts} alone, up to 200 subjects separated by commas, whomever it concerns. Nobody has to
   * while no version is in force.
   *
   * @param after the last account already seen
   */
  @GET
  @Path("outstanding")
  @RolesAllowed({ASSET_MANAGER, CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Outstanding>> outstanding(
      UUID document,
      @QueryParam("accounts")
          @Pattern(
              regexp = UP_TO_200_IDS,
              message = "must be 1 to 200 subjects, separated by commas")
          String accounts,
      @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) Integer limit,
      @QueryParam("after") UUID after,
      @Context UriInfo uri) {
    return Document.require(document)
        .chain(
            found ->
                accounts == null
                    ? Acknowledgement.outstanding(document, after, limit + 1)
                        .map(
                            all ->
                                Paging.page(
                                    uri,
                                    all,
                                    limit,
                                    account -> account,
                                    page -> outstanding(found, page)))
                    : of(found, new ArrayList<>(List.of(accounts.split(",")))));
  }

  private static Uni<RestResponse<Outstanding>> of(Document document, List<String> asked) {
    return Acknowledgement.<Acknowledgement>list(
            "document = ?1 and number >= ?2 and account in ?3",
            document.id(),
            from(document),
            asked)
        .map(
            given -> {
              given.forEach(one -> asked.remove(one.state().account()));
              return RestResponse.ok(outstanding(document, asked));
            });
  }

  private static Outstanding outstanding(Document document, List<String> accounts) {
    return new Outstanding(document.id(), document.state().acknowledgeFrom(), accounts);
  }

  private static int from(Document document) {
    Integer from = document.state().acknowledgeFrom();
    return from == null ? 1 : from;
  }
}
