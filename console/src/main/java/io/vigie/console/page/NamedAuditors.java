package io.vigie.console.page;

import java.time.Duration;

import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.console.service.AuditService;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * An auditor of the house whom an audit by a third party ever named is one from outside to
 * audit-service, which alone knows: pages offer them what it lets them. Where it does not say so
 * within a second, they offer what the realm's roles do, and it refuses all the same.
 */
@ApplicationScoped
class NamedAuditors {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Logger LOG = Logger.getLogger(NamedAuditors.class);

  private final AuditService audit;
  private final Viewer viewer;

  NamedAuditors(@RestClient AuditService audit, Viewer viewer) {
    this.audit = audit;
    this.viewer = viewer;
  }

  @ServerRequestFilter
  Uni<Void> ask(SimpleResourceInfo page) {
    // Where everybody may come nobody has asked who is there, and it would take a sign-in to know.
    if (page.getResourceClass().isAnnotationPresent(PermitAll.class) || !viewer.isAuditor()) {
      return Uni.createFrom().voidItem();
    }
    return audit
        .reach()
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .invoke(
            reach -> {
              if (!reach.whole()) {
                viewer.holdToAudits();
              }
            })
        .onFailure()
        .invoke(failure -> LOG.warnf("audit-service does not tell who audits: %s", failure))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }
}
