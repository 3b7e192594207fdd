package io.vigie.kernel;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.Arc;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.ext.web.RoutingContext;

/**
 * The request that is worked on now, and whose it is. Work may outlast its request, which is over
 * once it is answered or its connection is gone, and goes on all the same ({@link Deadline}): what
 * it does then is still what its caller asked for, so who that was is held for as long as it lasts.
 */
@ApplicationScoped
public class PresentRequest {

  private static final String HELD = PresentRequest.class.getName();

  /**
   * @param caller the pseudonymous id; null for nobody
   */
  record Held(RoutingContext context, String caller, Set<String> roles) {}

  private final SecurityIdentity identity;
  private final CurrentVertxRequest current;

  PresentRequest(SecurityIdentity identity, CurrentVertxRequest current) {
    this.identity = identity;
    this.current = current;
  }

  /** Within a request: from now on it is present wherever its work goes on. */
  public void hold() {
    Held present = present();
    if (present != null && VertxContext.isOnDuplicatedContext()) {
      ContextLocals.put(HELD, present);
    }
  }

  /** Null where nobody requested anything. */
  public RoutingContext context() {
    Held held = held();
    return held == null ? asked() : held.context();
  }

  /** Whether somebody still waits for the answer. */
  public boolean isAwaited() {
    RoutingContext context = context();
    return context != null && !context.response().ended() && !context.response().closed();
  }

  /**
   * Null where nobody requested anything.
   *
   * @throws io.quarkus.security.AuthenticationFailedException where a token is none
   */
  Held present() {
    Held held = held();
    if (held != null) {
      return held;
    }
    RoutingContext context = asked();
    return context == null
        ? null
        : new Held(
            context, identity.isAnonymous() ? null : Actor.of(identity), identity.getRoles());
  }

  private static Held held() {
    return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(HELD, (Held) null) : null;
  }

  /** Listeners and clocks have a request context too, but no request. */
  private RoutingContext asked() {
    return Arc.container().requestContext().isActive() ? current.getCurrent() : null;
  }
}
