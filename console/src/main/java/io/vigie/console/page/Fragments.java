package io.vigie.console.page;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.oidc.JavaScriptRequestChecker;
import io.vertx.ext.web.RoutingContext;

/**
 * A script that asks for a part of a page, or follows what happens, cannot show the sign-in: it is
 * told (499) instead.
 */
@ApplicationScoped
class Fragments implements JavaScriptRequestChecker {

  static final String HEADER = "HX-Request";

  @Override
  public boolean isJavaScriptRequest(RoutingContext context) {
    return context.request().getHeader(HEADER) != null
        || MediaType.SERVER_SENT_EVENTS.equals(context.request().getHeader(HttpHeaders.ACCEPT));
  }
}
