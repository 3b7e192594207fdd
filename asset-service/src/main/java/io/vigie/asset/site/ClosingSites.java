package io.vigie.asset.site;

import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.Sites;
import io.vigie.kernel.Problem;

/** The sites that close or have closed, for those who would place something there. */
@ApplicationScoped
class ClosingSites implements Sites {

  @Override
  public Uni<Map<UUID, UUID>> closing() {
    return Closure.<Closure>list("stage <> ?1 order by id", Closure.Stage.CANCELLED)
        .map(
            closures ->
                closures.stream()
                    .collect(
                        Collectors.toMap(
                            closure -> closure.state().site(),
                            Closure::id,
                            (completed, again) -> completed)));
  }

  /** A site closes once. */
  Uni<Void> requireNoClosure(Asset site) {
    return closing()
        .invoke(
            closures -> {
              if (closures.containsKey(site.id())) {
                throw Problem.conflict(
                    "already-exists",
                    "It closes or has closed: site-closure/" + closures.get(site.id()) + ".");
              }
            })
        .replaceWithVoid();
  }
}
