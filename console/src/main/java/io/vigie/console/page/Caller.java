package io.vigie.console.page;

import java.security.Principal;

import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who sent a request: their account, or {@link RefusalLines#ANONYMOUS}. */
final class Caller {

  private Caller() {}

  /**
   * Where nobody needed to know that yet; nobody, too, where it cannot be found out. Fails for who
   * has just been signed out and is to be led on.
   */
  static Uni<String> of(RoutingContext context) {
    // What is wrong with a session, or leads elsewhere, is answered where a page needs to know.
    Object otherwise = context.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
    return QuarkusHttpUser.getSecurityIdentity(context, null)
        .map(Caller::account)
        .onFailure(failure -> !(failure instanceof AuthenticationRedirectException))
        .recoverWithItem(RefusalLines.ANONYMOUS)
        .onTermination()
        .invoke(() -> context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, otherwise));
  }

  /** If that was looked at. */
  static String known(RoutingContext context) {
    return context.user() instanceof QuarkusHttpUser user
        ? account(user.getSecurityIdentity())
        : RefusalLines.ANONYMOUS;
  }

  private static String account(SecurityIdentity identity) {
    if (identity == null || identity.isAnonymous()) {
      return RefusalLines.ANONYMOUS;
    }
    Principal principal = identity.getPrincipal();
    return principal instanceof JsonWebToken token ? token.getSubject() : principal.getName();
  }
}
