package io.vigie.asset.document;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/**
 * A document's versions. Their ETag is the document's; that of their content is its digest. What
 * was never approved is for its author, for those who decide on it and for auditors.
 */
@Path("/v1/documents/{document}/versions")
public class VersionResource {

  @Schema(name = "DocumentReturn")
  record Return(@NotBlank @Size(max = 4_000) String reason) {}

  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  VersionResource(Outbox outbox, Actor actor, Clock clock) {
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /** Submits a version for approval. */
  @POST
  @RolesAllowed({ASSET_MANAGER, CISO, RESPONDER, SYSADMIN})
  @Command
  public Uni<RestResponse<DocumentVersion.View>> submit(
      UUID document,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid DocumentVersion.Submission body) {
    Instant now = clock.instant();
    return Document.require(document, ifMatch)
        .chain(
            found -> {
              DocumentVersion version = new DocumentVersion(found, body, actor.id(), now);
              DocumentEvent submitted = found.submit(version, now);
              return DocumentContent.keep(version.sha256(), body.content())
                  .chain(() -> version.persist())
                  .chain(() -> outbox.append(found, submitted))
                  .map(
                      done ->
                          Answer.created(
                              "/v1/documents/" + document + "/versions/" + version.id(),
                              version.view(found.version()),
                              found.version()));
            });
  }

  /** In the order in which they were submitted. */
  @GET
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<Answer.Page<DocumentVersion.View>>> list(
      UUID document, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("document", document).after(paging);
    if (!decides()) {
      filter.where("(decision = APPROVED or author = :value)", actor.id());
    }
    return Document.require(document)
        .chain(
            found ->
                DocumentVersion.<DocumentVersion>find(filter.query(), filter.parameters())
                    .range(0, paging.probe() - 1)
                    .list()
                    .map(
                        all ->
                            paging.page(
                                all, DocumentVersion::id, one -> one.view(found.version()))));
  }

  @GET
  @Path("{id}")
  @RolesAllowed(STAFF)
  @Read
  public Uni<RestResponse<DocumentVersion.View>> get(UUID document, UUID id) {
    return Document.require(document)
        .chain(
            found ->
                DocumentVersion.require(document, id)
                    .invoke(this::requireVisible)
                    .map(version -> ok(found, version)));
  }

  /**
   * The bytes as they were submitted, under the media type of their format, to be saved and not
   * shown: they may be HTML.
   */
  @GET
  @Path("{id}/content")
  @RolesAllowed(STAFF)
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Read
  public Uni<RestResponse<byte[]>> content(
      UUID document, UUID id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
    return DocumentVersion.require(document, id)
        .invoke(this::requireVisible)
        .chain(
            version -> {
              String tag = "\"" + version.sha256() + "\"";
              return tag.equals(ifNoneMatch)
                  ? Uni.createFrom()
                      .item(
                          ResponseBuilder.<byte[]>create(RestResponse.Status.NOT_MODIFIED)
                              .header(HttpHeaders.ETAG, tag)
                              .build())
                  : DocumentContent.of(version.sha256())
                      .map(bytes -> download(version, tag, bytes));
            });
  }

  private static RestResponse<byte[]> download(DocumentVersion version, String tag, byte[] bytes) {
    String name = version.document() + "-" + version.number() + "." + version.format().extension();
    return ResponseBuilder.ok(bytes)
        .header(HttpHeaders.CONTENT_TYPE, version.mediaType())
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
        .header("X-Content-Type-Options", "nosniff")
        .header(HttpHeaders.ETAG, tag)
        .build();
  }

  @POST
  @Path("{id}/approval")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<DocumentVersion.View>> approve(
      UUID document, UUID id, @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    return Document.require(document, ifMatch)
        .chain(
            found ->
                DocumentVersion.require(document, id)
                    .call(
                        version ->
                            outbox.append(
                                found, found.approve(version, actor.id(), clock.instant())))
                    .map(version -> ok(found, version)));
  }

  /** Sends a version back to its author, who may submit another one. */
  @POST
  @Path("{id}/return")
  @RolesAllowed({ASSET_MANAGER, CISO})
  @Command
  public Uni<RestResponse<DocumentVersion.View>> sendBack(
      UUID document,
      UUID id,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @NotNull @Valid Return body) {
    Instant now = clock.instant();
    return Document.require(document, ifMatch)
        .chain(
            found ->
                DocumentVersion.require(document, id)
                    .call(
                        version ->
                            outbox.append(
                                found, found.sendBack(version, body.reason(), actor.id(), now)))
                    .map(version -> ok(found, version)));
  }

  private void requireVisible(DocumentVersion version) {
    if (!version.isApproved() && !version.author().equals(actor.id()) && !decides()) {
      throw Problem.forbidden("This version was not approved. Ask its author.");
    }
  }

  private boolean decides() {
    return Stream.of(ASSET_MANAGER, CISO, AUDITOR).anyMatch(actor::hasRole);
  }

  private static RestResponse<DocumentVersion.View> ok(Document of, DocumentVersion version) {
    return Answer.ok(version.view(of.version()), of.version());
  }
}
