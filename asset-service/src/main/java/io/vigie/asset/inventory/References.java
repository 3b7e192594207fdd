package io.vigie.asset.inventory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * What the description of an asset refers to and this service keeps: premises and suppliers.
 * Clients and people are kept elsewhere, and may be heard of later.
 */
@ApplicationScoped
public class References {

  private static final String PREMISES = "PREMISES";

  private final Suppliers suppliers;

  References(Suppliers suppliers) {
    this.suppliers = suppliers;
  }

  /** Of some ids, those of no premises and those of no supplier. */
  public record Unknown(Set<UUID> sites, Set<UUID> suppliers) {

    /**
     * What is wrong with {@code details}.
     *
     * @param before what it was said to be until now, which may stay; null for a new asset
     */
    public List<FieldError> errors(Details details, Details before) {
      List<FieldError> errors = new ArrayList<>();
      if (isNew(details.site(), before == null ? null : before.site(), sites)) {
        errors.add(new FieldError("site", "is no asset of the kind " + PREMISES));
      }
      if (isNew(details.supplier(), before == null ? null : before.supplier(), suppliers)) {
        errors.add(new FieldError("supplier", "is no supplier of GET /v1/suppliers"));
      }
      return errors;
    }

    private static boolean isNew(UUID named, UUID before, Set<UUID> unknown) {
      return named != null && !named.equals(before) && unknown.contains(named);
    }
  }

  /** Those of these that there are not. */
  public Uni<Unknown> unknown(Collection<UUID> sites, Collection<UUID> suppliers) {
    return unknownSites(sites)
        .chain(
            lackingSites ->
                (suppliers.isEmpty()
                        ? Uni.createFrom().item(Set.<UUID>of())
                        : this.suppliers.unknown(suppliers))
                    .map(lackingSuppliers -> new Unknown(lackingSites, lackingSuppliers)));
  }

  private static Uni<Set<UUID>> unknownSites(Collection<UUID> ids) {
    return ids.isEmpty()
        ? Uni.createFrom().item(Set.of())
        : Asset.find("select id from Asset where id in ?1 and details.kind = ?2", ids, PREMISES)
            .project(UUID.class)
            .list()
            .map(
                known -> {
                  Set<UUID> unknown = new HashSet<>(ids);
                  known.forEach(unknown::remove);
                  return unknown;
                });
  }

  /**
   * Fails with 422 where {@code details} name what there is not.
   *
   * @param before what was said until now, which may stay; null for a new asset
   */
  Uni<Void> require(Details details, Details before) {
    return unknown(present(details.site()), present(details.supplier()))
        .invoke(
            unknown -> {
              List<FieldError> errors = unknown.errors(details, before);
              if (!errors.isEmpty()) {
                throw Problem.unprocessable(
                    "unknown-reference", "Register it first, or leave it out.", errors);
              }
            })
        .replaceWithVoid();
  }

  private static Set<UUID> present(UUID id) {
    return id == null ? Set.of() : Set.of(id);
  }
}
