package io.vigie.audit.room;

import java.util.HashSet;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Deadline;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/**
 * Whoever audits from outside is no auditor of the house, whatever the realm calls them: an auditor
 * who is not staff, or whom an audit by a third party ever named, has the role {@code
 * third-party-auditor} here, and {@code auditor} no more. So what an endpoint does not open to the
 * former is closed to them.
 */
@ApplicationScoped
class ThirdParties implements SecurityIdentityAugmentor {

  private final Pool database;
  private final Deadline deadline;

  ThirdParties(Pool database, Deadline deadline) {
    this.database = database;
    this.deadline = deadline;
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (!identity.hasRole(AUDITOR) || identity.hasRole(CISO)) {
      return Uni.createFrom().item(identity);
    }
    boolean isOutsider = !identity.hasRole(STAFF) || identity.hasRole(THIRD_PARTY_AUDITOR);
    return isOutsider
        ? Uni.createFrom().item(thirdParty(identity))
        : wasNamed(Actor.of(identity)).map(was -> was ? thirdParty(identity) : identity);
  }

  /** Where the database does not say, nobody is let in. */
  private Uni<Boolean> wasNamed(String account) {
    return deadline.bound(
        database
            .preparedQuery(
                "select from control_audit where auditor = $1 and kind = 'THIRD_PARTY' limit 1")
            .execute(Tuple.of(account))
            .map(rows -> rows.size() > 0));
  }

  private static SecurityIdentity thirdParty(SecurityIdentity identity) {
    Set<String> roles = new HashSet<>(identity.getRoles());
    roles.remove(AUDITOR);
    roles.add(THIRD_PARTY_AUDITOR);
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(identity.getPrincipal())
        .addCredentials(identity.getCredentials())
        .addAttributes(identity.getAttributes())
        .addRoles(roles)
        .build();
  }
}
