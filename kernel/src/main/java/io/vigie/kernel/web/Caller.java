package io.vigie.kernel.web;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vigie.kernel.Actor;

/** Who sent a request, where nobody needed to know that yet. */
final class Caller {

  private Caller() {}

  /**
   * The subject of their token, or {@link Actor#ANONYMOUS} for who has none that is valid. Fails
   * where that cannot be found out, or they had their requests of this minute.
   */
  static Uni<String> of(RoutingContext context) {
    // What is wrong with a token is answered by who asks here alone: by nobody else who would hear
    // of it.
    Object otherwise = context.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
    return QuarkusHttpUser.getSecurityIdentity(context, null)
        .map(Actor::of)
        .onFailure(AuthenticationFailedException.class)
        .recoverWithItem(Actor.ANONYMOUS)
        .onTermination()
        .invoke(() -> context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, otherwise));
  }
}
