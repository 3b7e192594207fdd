package io.vigie.asset.supplier;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Suppliers;

/** The suppliers that there are, whatever became of them. */
@ApplicationScoped
class KnownSuppliers implements Suppliers {

  @Override
  public Uni<Set<UUID>> unknown(Collection<UUID> ids) {
    return Supplier.<Supplier>list("id in ?1", ids)
        .map(
            known -> {
              Set<UUID> unknown = new HashSet<>(ids);
              known.forEach(supplier -> unknown.remove(supplier.id()));
              return unknown;
            });
  }
}
