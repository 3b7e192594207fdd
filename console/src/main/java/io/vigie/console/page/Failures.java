package io.vigie.console.page;

import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.logging.Log;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.runtime.TenantConfigBean;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * What somebody sees who does not get the page they asked for: why, and what to do. What was
 * refused, by the console, in a page with words of its own too, or by a service that it asked, is a
 * line of its log, which says who asked for which page and nothing of how they put it.
 */
@ApplicationScoped
class Failures {

  /** Where Quarkus notes the path of the page, for those who measure. */
  private static final String TEMPLATE = "UrlPathTemplate";

  /**
   * @param status as of the answer
   */
  record Failure(int status) implements TemplateInstance {}

  private final RefusalLines lines;
  private final TenantConfigBean tenants;

  Failures(RefusalLines lines, TenantConfigBean tenants) {
    this.lines = lines;
    this.tenants = tenants;
  }

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

  /** A service, or Keycloak to a console that has not met it since it started. */
  @ServerExceptionMapper({ProcessingException.class, TimeoutException.class, OIDCException.class})
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
  RestResponse<Void> tooMany(RequestRate.TooMany refusal) {
    return ResponseBuilder.<Void>create(RestResponse.Status.TOO_MANY_REQUESTS)
        .header(HttpHeaders.RETRY_AFTER, refusal.secondsUntilMore())
        .build();
  }

  @ServerExceptionMapper
  RestResponse<Void> unexpected(Throwable failure) {
    Log.error("A page could not be made.", failure);
    return RestResponse.status(RestResponse.Status.INTERNAL_SERVER_ERROR);
  }

  /** Whoever refused: it has a line, and a page where it is without words. */
  @ServerResponseFilter
  Uni<Void> explain(
      ContainerRequestContext request, ContainerResponseContext answer, RoutingContext context) {
    if (answer.getStatus() < 400 || answer.getStatus() == 499) {
      return Uni.createFrom().voidItem();
    }
    if (answer.getStatus() == 401 && !tenants.getDefaultTenant().ready()) {
      // Nobody can be led to a sign-in that the console has not found yet.
      answer.setStatusInfo(RestResponse.Status.SERVICE_UNAVAILABLE);
      answer.setEntity(null);
    }
    if (answer.getStatus() < 500) {
      write(answer.getStatus(), request.getMethod(), context);
    }
    if (answer.hasEntity()) {
      return Uni.createFrom().voidItem();
    }
    return new Failure(answer.getStatus())
        .createUni()
        .invoke(page -> answer.setEntity(page, null, MediaType.TEXT_HTML_TYPE))
        .replaceWithVoid();
  }

  private void write(int status, String method, RoutingContext context) {
    String account = Caller.known(context);
    if (lines.hasOne(account)) {
      Log.warnf("refused: %d, %s %s of %s", status, method, template(context), account);
    }
  }

  private static String template(RoutingContext context) {
    String template = ((HttpServerRequestInternal) context.request()).context().getLocal(TEMPLATE);
    return template == null ? "-" : template;
  }
}
