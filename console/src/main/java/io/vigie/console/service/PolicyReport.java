package io.vigie.console.service;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** Where the policy stands, on pages or in a table: audit-service works on it for a while. */
@RegisterRestClient(configKey = "policy-report")
@RegisterProvider(InTheirName.class)
public interface PolicyReport {

  enum Format {
    PDF,
    CSV
  }

  /**
   * @param language {@code en} or {@code fr}
   */
  @GET
  @Path("/v1/controls/report")
  @Produces({"application/pdf", "text/csv"})
  Uni<byte[]> now(
      @QueryParam("format") Format format, @HeaderParam("Accept-Language") String language);

  /**
   * The statement of applicability on pages.
   *
   * @param language {@code en} or {@code fr}
   */
  @GET
  @Path("/v1/controls/statement-of-applicability/pdf")
  @Produces("application/pdf")
  Uni<byte[]> statement(@HeaderParam("Accept-Language") String language);
}
