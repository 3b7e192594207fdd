package io.vigie.console.mine;

import java.net.URI;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.service.AssetService;
import io.vigie.console.service.AssetService.Document;
import io.vigie.console.service.AuditService.Text;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** The documents that who is there is asked to acknowledge. */
@Path(MyDocumentsResource.PATH)
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class MyDocumentsResource {

  static final String PATH = "/my/documents";

  /**
   * @param version the one in force
   * @param number of that version
   * @param key made with the form: sent twice, it is acknowledged once
   */
  record Awaited(UUID id, String title, UUID version, int number, String key) {}

  /**
   * @param isMore whether more wait than are shown
   * @param isAcknowledged whether they acknowledged one just now
   * @param receipt the event that it made; null where that is not known
   * @param isRefused whether that was not taken, since it is not in force any more as it was read
   */
  record Documents(
      List<Awaited> documents,
      boolean isMore,
      boolean isAcknowledged,
      UUID receipt,
      boolean isRefused)
      implements TemplateInstance {}

  private final AssetService assets;
  private final Viewer viewer;

  MyDocumentsResource(@RestClient AssetService assets, Viewer viewer) {
    this.assets = assets;
    this.viewer = viewer;
  }

  /**
   * @param acknowledged whether they acknowledged one just now
   * @param receipt the event that it made
   */
  @GET
  public Uni<TemplateInstance> documents(@RestQuery boolean acknowledged, @RestQuery UUID receipt) {
    return page(acknowledged, receipt, false).map(page -> page);
  }

  /** A version to read: as it was submitted, to be saved and not shown. */
  @GET
  @Path("{document}/versions/{version}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public Uni<RestResponse<byte[]>> content(@RestPath UUID document, @RestPath UUID version) {
    return assets
        .content(document, version)
        .map(
            file ->
                ResponseBuilder.ok(file.getEntity())
                    .header("Content-Type", file.getHeaderString("Content-Type"))
                    .header("Content-Disposition", file.getHeaderString("Content-Disposition"))
                    .build());
  }

  /** Who must sign in again while they send the form comes back to it. */
  @GET
  @Path("{document}/acknowledgement")
  public RestResponse<Void> form(@RestPath UUID document) {
    return RestResponse.seeOther(URI.create(PATH));
  }

  /**
   * @param version the one that the page showed
   */
  @POST
  @Path("{document}/acknowledgement")
  public Uni<RestResponse<Object>> acknowledge(
      @RestPath UUID document, @RestForm UUID version, @RestForm String key) {
    return assets
        .acknowledge(document, version, key)
        .map(
            answer ->
                ResponseBuilder.<Object>seeOther(
                        URI.create(PATH + "?acknowledged=true" + Receipts.query(answer)))
                    .build())
        .onFailure(Receipts::isRuledOut)
        .recoverWithUni(
            () ->
                page(false, null, true)
                    .map(
                        page ->
                            ResponseBuilder.<Object>create(Status.CONFLICT)
                                .entity(page)
                                .type(MediaType.TEXT_HTML_TYPE)
                                .build()));
  }

  private Uni<Documents> page(boolean isAcknowledged, UUID receipt, boolean isRefused) {
    return assets
        .documents("me")
        .map(
            answer ->
                new Documents(
                    answer.getEntity().items().stream().map(this::awaited).toList(),
                    answer.getHeaderString("Link") != null,
                    isAcknowledged,
                    receipt,
                    isRefused));
  }

  private Awaited awaited(Document document) {
    return new Awaited(
        document.id(),
        viewer.text(new Text(document.sheet().titleEn(), document.sheet().titleFr())),
        document.current(),
        document.currentNumber(),
        UUID.randomUUID().toString());
  }
}
