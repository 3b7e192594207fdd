package io.vigie.asset.network;

import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * The addresses of zones, in the form that PostgreSQL gives CIDR blocks. A range lies in one zone;
 * it may lie within another zone's, and then the longer prefix counts.
 */
final class Ranges {

  static final String FORM = "[0-9a-fA-F.:]{2,45}/[0-9]{1,3}";

  private Ranges() {}

  /**
   * The blocks in their one form; 400 for what is none, has bits behind its prefix, or is all there
   * is, and for blocks that are more than half of all addresses of a family together.
   */
  static Uni<List<String>> normal(List<String> ranges) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select case when pg_input_is_valid(r, 'cidr') and masklen(r::cidr) > 0
                          then cast(r::cidr as text) end
                        from unnest(cast(?1 as text[])) with ordinality as t(r, place)
                        order by place""",
                        String.class)
                    .setParameter(1, ranges.toArray(String[]::new))
                    .getResultList())
        .invoke(
            normal -> {
              int wrong = normal.indexOf(null);
              if (wrong >= 0) {
                throw Problem.invalid(
                    List.of(
                        new FieldError(
                            "ranges[" + wrong + "]",
                            "is not a block of addresses such as 10.1.0.0/16 or 2001:db8::/48")));
              }
            })
        .call(Ranges::requireSome);
  }

  /** Of blocks within each other the wider one counts. */
  private static Uni<Long> requireSome(List<String> normal) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        with block as
                          (select distinct cast(r as cidr) as range from unnest(cast(?1 as text[])) r)
                        select count(*) from (
                          select family(range) from block
                          where not exists (select from block wider where wider.range >> block.range)
                          group by family(range)
                          having sum(power(cast(0.5 as float8), masklen(range))) > 0.5) families""",
                        Long.class)
                    .setParameter(1, normal.toArray(String[]::new))
                    .getSingleResult())
        .invoke(
            families -> {
              if (families > 0) {
                throw Problem.invalid(
                    List.of(
                        new FieldError(
                            "ranges",
                            "are more than half of all addresses; name those of the zone alone")));
              }
            });
  }

  /** Makes these the zone's ranges; 409 when another zone has one of them. */
  static Uni<Void> replace(UUID zone, List<String> ranges) {
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery("delete from zone_range where zone_id = ?1")
                    .setParameter(1, zone)
                    .executeUpdate())
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into zone_range (zone_id, range)
                        select cast(?1 as uuid), cast(r as cidr) from unnest(cast(?2 as text[])) r""")
                    .setParameter(1, zone.toString())
                    .setParameter(2, ranges.toArray(String[]::new))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
