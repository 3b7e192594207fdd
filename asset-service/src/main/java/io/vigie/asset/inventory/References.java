package io.vigie.asset.inventory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * What the description of an asset, or of a zone, refers to: premises and suppliers of this
 * service, and the clients of whom access-service told.
 */
@ApplicationScoped
public class References {

  private static final FieldError NO_SITE =
      new FieldError("site", "is no asset of the kind " + Sites.PREMISES + ", or one that is gone");

  private final Suppliers suppliers;
  private final Clients clients;

  References(Suppliers suppliers, Clients clients) {
    this.suppliers = suppliers;
    this.clients = clients;
  }

  /**
   * Of some ids, those of no premises that are not gone, of no supplier, and of no client that has
   * not ended.
   */
  public record Unknown(Set<UUID> sites, Set<UUID> suppliers, Set<UUID> clients) {

    /**
     * What is wrong with {@code details}.
     *
     * @param before what it was said to be until now, which may stay; null for a new asset
     */
    public List<FieldError> errors(Details details, Details before) {
      List<FieldError> errors = new ArrayList<>();
      if (isNew(details.site(), before == null ? null : before.site(), sites)) {
        errors.add(NO_SITE);
      }
      if (isNew(details.supplier(), before == null ? null : before.supplier(), suppliers)) {
        errors.add(new FieldError("supplier", "is no supplier of GET /v1/suppliers"));
      }
      if (isNew(details.client(), before == null ? null : before.client(), clients)) {
        errors.add(
            new FieldError("client", "is no client of access-service, or one that has ended"));
      }
      return errors;
    }
  }

  /** Those of these that there are not. The premises among the others stay for the transaction. */
  public Uni<Unknown> unknown(
      Collection<UUID> sites, Collection<UUID> suppliers, Collection<UUID> clients) {
    return lacking(sites, References::unknownSites)
        .chain(
            lackingSites ->
                lacking(suppliers, this.suppliers::unknown)
                    .chain(
                        lackingSuppliers ->
                            lacking(clients, this.clients::unknown)
                                .map(
                                    lackingClients ->
                                        new Unknown(
                                            lackingSites, lackingSuppliers, lackingClients))));
  }

  private static Uni<Set<UUID>> lacking(
      Collection<UUID> ids, Function<Collection<UUID>, Uni<Set<UUID>>> unknown) {
    return ids.isEmpty() ? Uni.createFrom().item(Set.of()) : unknown.apply(ids);
  }

  /**
   * The others are not given up before the transaction ends: {@link Sites#requireEmpty} waits for
   * it. No other change of them does, as two tables that both name and change the same premises
   * would each wait for the other.
   */
  private static Uni<Set<UUID>> unknownSites(Collection<UUID> ids) {
    String all = ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select id from asset
                        where id = any(cast(cast(?1 as text) as uuid[])) and kind = ?2
                          and state in ('DISCOVERED', 'ORDERED', 'IN_STOCK', 'IN_SERVICE',
                            'IN_REPAIR')
                        for key share""",
                        UUID.class)
                    .setParameter(1, all)
                    .setParameter(2, Sites.PREMISES)
                    .getResultList())
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
    return unknown(present(details.site()), present(details.supplier()), present(details.client()))
        .invoke(unknown -> requireNone(unknown.errors(details, before)))
        .replaceWithVoid();
  }

  /**
   * Fails with 422 where {@code site} is no premises, or such that are gone.
   *
   * @param before what was said until now, which may stay; null for nothing
   */
  public Uni<Void> requireSite(UUID site, UUID before) {
    return lacking(present(site), References::unknownSites)
        .invoke(
            unknown -> {
              if (isNew(site, before, unknown)) {
                requireNone(List.of(NO_SITE));
              }
            })
        .replaceWithVoid();
  }

  private static boolean isNew(UUID named, UUID before, Set<UUID> unknown) {
    return named != null && !named.equals(before) && unknown.contains(named);
  }

  private static void requireNone(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Problem.unprocessable(
          "unknown-reference", "Register it first, or leave it out.", errors);
    }
  }

  private static Set<UUID> present(UUID id) {
    return id == null ? Set.of() : Set.of(id);
  }
}
