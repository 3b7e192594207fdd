package io.vigie.asset.inventory;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;

/** Where assets can be placed: not at a site that closes or has closed, nor in a room there. */
public interface Sites {

  /** The kind of assets that are sites, or rooms of one. */
  String PREMISES = "PREMISES";

  /**
   * The closure, announced or completed, of each site that closes or has closed, and of all
   * premises in it.
   */
  Uni<Map<UUID, UUID>> closing();

  /**
   * Fails with 409 where {@code asset} is premises and something is still there. Until the
   * transaction ends nothing comes there.
   */
  Uni<Void> requireEmpty(Asset asset);

  /**
   * Fails with 409 where something would come to a site that closes. What is there may stay until
   * somebody moves it.
   *
   * @param from the site where it is, or null
   * @param to where it is to be, or null
   */
  default Uni<Void> requireOpen(UUID from, UUID to) {
    return to == null || Objects.equals(from, to)
        ? Uni.createFrom().voidItem()
        : closing()
            .invoke(
                closures -> {
                  if (closures.containsKey(to)) {
                    throw Problem.conflict("site-closes", "The site " + closes(closures.get(to)));
                  }
                })
            .replaceWithVoid();
  }

  /** What is said of a site with this closure. */
  static String closes(UUID closure) {
    return "closes or has closed: site-closure/%s. Name another site, or none.".formatted(closure);
  }
}
