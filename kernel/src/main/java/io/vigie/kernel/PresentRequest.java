package io.vigie.kernel;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.ext.web.RoutingContext;

/**
 * The request that is worked on now, and whose it is. Work may outlast its request, which is over
 * once it is answered or its connection is gone, and goes on all the same ({@link Deadline}): what
 * it does then is still what its caller asked for, so the request is held for as long as it lasts.
 */
@ApplicationScoped
public class PresentRequest {

  private static final String HELD = PresentRequest.class.getName();

  private final SecurityIdentity identity;
  private final CurrentVertxRequest current;

  PresentRequest(SecurityIdentity identity, CurrentVertxRequest current) {
    this.identity = identity;
    this.current = current;
  }

  /** Within a request: from now on it is present wherever its work goes on. */
  public void hold() {
    RoutingContext context = context();
    if (context != null && VertxContext.isOnDuplicatedContext()) {
      ContextLocals.put(HELD, context);
    }
  }

  /** Null where nobody requested anything. */
  public RoutingContext context() {
    RoutingContext held =
        VertxContext.isOnDuplicatedContext()
            ? ContextLocals.get(HELD, (RoutingContext) null)
            : null;
    if (held != null) {
      return held;
    }
    // Listeners and clocks have a request context too, but no request.
    return Arc.container().requestContext().isActive() ? current.getCurrent() : null;
  }

  /**
   * Whose it is; null where nobody requested anything. Where nobody asked before who that is, which
   * only endpoints for everybody do not, it can be found out for as long as the request lasts.
   */
  SecurityIdentity caller() {
    RoutingContext context = context();
    if (context == null) {
      return null;
    }
    return context.user() instanceof QuarkusHttpUser known ? known.getSecurityIdentity() : identity;
  }

  /** Whether somebody still waits for the answer. */
  public boolean isAwaited() {
    RoutingContext context = context();
    return context != null && !context.response().ended() && !context.response().closed();
  }
}
