package io.vigie.asset.supplier;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;

/**
 * How critical suppliers are at least, by what relies on them: as the highest level, own or
 * inherited and on any axis, of the assets that are ours to use and were bought from them or depend
 * on them (R8.1). Level 1 is LOW, level 4 CRITICAL.
 */
final class Reliance {

  private static final String HIGHEST_LEVEL =
      """
      max(greatest(a.availability, a.integrity, a.confidentiality, a.proof,
        a.inherited_availability, a.inherited_integrity,
        a.inherited_confidentiality, a.inherited_proof))\
      """;

  private static final String OURS = "('ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR')";

  /** Of a supplier in HQL, true or false: it is said to be less critical than it is. */
  static final String TOO_LOW =
      """
      cast(sql('coalesce((select %s from asset a
          where (a.supplier = ? or a.depends_on_suppliers @> array[?]) and a.state in %s)
        > array_position(array[''LOW'', ''MODERATE'', ''HIGH'', ''CRITICAL''], cast(? as text)), false)',
        id, id, profile.criticality) as Boolean)\
      """
          .formatted(HIGHEST_LEVEL, OURS.replace("'", "''"));

  private static final String OF =
      """
      select s.id, %s
      from unnest(cast(cast(?1 as text) as uuid[])) s(id)
        join asset a on a.supplier = s.id or a.depends_on_suppliers @> array[s.id]
      where a.state in %s
      group by s.id"""
          .formatted(HIGHEST_LEVEL, OURS);

  private Reliance() {}

  /** By the id of each supplier on which assets with levels rely. */
  static Uni<Map<UUID, Criticality>> of(List<UUID> suppliers) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(OF, Object[].class)
                    .setParameter(
                        1,
                        suppliers.stream()
                            .map(UUID::toString)
                            .collect(Collectors.joining(",", "{", "}")))
                    .getResultList())
        .map(
            rows -> {
              Map<UUID, Criticality> found = new HashMap<>();
              for (Object[] row : rows) {
                if (row[1] != null) {
                  found.put((UUID) row[0], Criticality.values()[((Number) row[1]).intValue() - 1]);
                }
              }
              return found;
            });
  }

  /** Fails with 422 where {@code said} is less than what relies on the supplier makes it. */
  static Uni<Void> require(UUID supplier, Criticality said) {
    return of(List.of(supplier))
        .invoke(
            found -> {
              Criticality least = found.getOrDefault(supplier, Criticality.LOW);
              if (said.compareTo(least) < 0) {
                throw Problem.unprocessable(
                    "criticality-too-low",
                    "Assets that rely on this supplier make it %s at least (R8.1): GET /v1/assets?supplier=%s and ?dependsOnSupplier=%s. Say so, or have them rely on another one."
                        .formatted(least, supplier, supplier));
              }
            })
        .replaceWithVoid();
  }
}
