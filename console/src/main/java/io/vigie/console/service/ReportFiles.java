package io.vigie.console.service;

import java.io.File;
import java.util.UUID;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

/** Files of reports, for which incident-service takes its time: it looks for viruses in them. */
@RegisterRestClient(configKey = "report-files")
@RegisterProvider(InTheirName.class)
public interface ReportFiles {

  /** The same file again changes nothing. */
  @POST
  @Path("/v1/security-events/{event}/attachments")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  Uni<RestResponse<Void>> add(
      @PathParam("event") UUID event, @QueryParam("name") String name, File content);
}
