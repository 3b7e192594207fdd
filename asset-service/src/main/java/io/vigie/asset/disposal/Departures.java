package io.vigie.asset.disposal;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Dependencies;
import io.vigie.kernel.outbox.Outbox;

/** What the procedure's last steps do to the asset as well, in one transaction. */
@ApplicationScoped
class Departures {

  private final Outbox outbox;
  private final Clearances clearances;
  private final Dependencies dependencies;
  private final Clock clock;

  Departures(Outbox outbox, Clearances clearances, Dependencies dependencies, Clock clock) {
    this.outbox = outbox;
    this.clearances = clearances;
    this.dependencies = dependencies;
    this.clock = clock;
  }

  /** The asset is sanitised when its disposal is. */
  Uni<Void> sanitisedIfReady(Disposal disposal) {
    return disposal.state().stage() != Disposal.Stage.SANITISED
        ? Uni.createFrom().voidItem()
        : Asset.hold(disposal.state().asset())
            .invoke(disposal::requireSameRetirement)
            .chain(asset -> outbox.append(asset, asset.sanitised(disposal.id(), clock.instant())));
  }

  /** What the asset depended on is no more asked for its sake. */
  Uni<Void> complete(Disposal disposal, String recipient, LocalDate leftOn) {
    Instant now = clock.instant();
    return dependencies
        .alone()
        .chain(() -> clearances.missing(disposal.state().asset()))
        .chain(
            missing -> outbox.append(disposal, disposal.complete(recipient, leftOn, missing, now)))
        .call(() -> keepReceipt(disposal))
        .chain(() -> Asset.require(disposal.state().asset()))
        .call(asset -> outbox.append(asset, asset.disposed(disposal.id(), now)))
        .chain(dependencies::spread);
  }

  /** Where the log proves the completion, for the certificate. */
  private Uni<Void> keepReceipt(Disposal disposal) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery("update disposal set receipt = ?1 where id = ?2")
                    .setParameter(1, outbox.firstOfRequest())
                    .setParameter(2, disposal.id())
                    .executeUpdate())
        .replaceWithVoid();
  }
}
