package io.vigie.console.page;

import java.util.concurrent.TimeoutException;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.logging.Log;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What somebody sees who does not get the page they asked for: why, and what to do. */
class Failures {

  /**
   * @param status as of the answer
   */
  record Failure(int status) implements TemplateInstance {}

  /** A service that refuses has its reason; one that fails is away to us. */
  @ServerExceptionMapper
  RestResponse<Void> refused(ClientWebApplicationException refusal) {
    int status = refusal.getResponse().getStatus();
    if (status == 403 || status == 404) {
      return RestResponse.status(status(status));
    }
    Log.warnf("A service answered %d: %s", status, refusal.getMessage());
    return RestResponse.status(RestResponse.Status.SERVICE_UNAVAILABLE);
  }

  private static RestResponse.Status status(int status) {
    return RestResponse.Status.fromStatusCode(status);
  }

  @ServerExceptionMapper({ProcessingException.class, TimeoutException.class})
  RestResponse<Void> away(Exception failure) {
    Log.warnf("A service is away: %s", failure.getMessage());
    return RestResponse.status(RestResponse.Status.SERVICE_UNAVAILABLE);
  }

  /** What the framework refuses, such as a path that is none. */
  @ServerExceptionMapper
  Response refused(WebApplicationException refusal) {
    return refusal.getResponse();
  }

  @ServerExceptionMapper
  RestResponse<Void> unexpected(Throwable failure) {
    Log.error("A page could not be made.", failure);
    return RestResponse.status(RestResponse.Status.INTERNAL_SERVER_ERROR);
  }

  /** Whoever refused: a refusal without words gets a page. */
  @ServerResponseFilter
  Uni<Void> explain(ContainerRequestContext request, ContainerResponseContext answer) {
    if (answer.getStatus() < 400 || answer.getStatus() == 499 || answer.hasEntity()) {
      return Uni.createFrom().voidItem();
    }
    return new Failure(answer.getStatus())
        .createUni()
        .invoke(page -> answer.setEntity(page, null, MediaType.TEXT_HTML_TYPE))
        .replaceWithVoid();
  }
}
