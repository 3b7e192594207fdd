package io.vigie.access.duty;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.access.entitlement.Duties;
import io.vigie.access.entitlement.Right;

/** What a right would break, by one statement over what its holder has. */
@ApplicationScoped
class RightDuties implements Duties {

  /**
   * {@code ?1} is who, {@code ?2} what, {@code ?3} now. What is suspended counts: a review can have
   * it go on.
   */
  private static final String BREACHES =
      """
      with had as (
        select r.entitlement_id, r.asset_id from access_right r
        where r.person_id = ?1 and r.state in ('APPROVED', 'SUSPENDED')
          and (r.valid_until is null or r.valid_until > cast(?3 as timestamptz))
        union
        select id, asset_id from entitlement where id = ?2),
      broken as (
        select d.id, d.name, d.mode, max(case d.scope when 'SAME_ASSET' then 'asset/' || e.asset_id end) as matter,
          array_to_string(array_agg(distinct h.entitlement_id) filter (where h.entitlement_id <> e.id), ',') as others
        from entitlement e
        join duty_side asked on asked.entitlement_id = e.id
        join duty_rule d on d.id = asked.rule_id
        join duty_side s on s.rule_id = d.id
        join had h on h.entitlement_id = s.entitlement_id
          and (d.scope = 'ANYWHERE' or h.asset_id = e.asset_id)
        where e.id = ?2
        group by d.id
        having bit_or(1 << s.side) = (1 << d.side_count) - 1)
      select b.id, b.name, b.mode, coalesce(b.others, ''), c.id as exception
      from broken b left join duty_conflict c
        on c.person_id = ?1 and c.rule = cast(b.id as text) and c.matter is not distinct from b.matter
          and c.kind = 'RIGHTS' and c.state = 'EXCEPTED' and c.excepted_until > cast(?3 as timestamptz)
      order by b.id""";

  private final Clock clock;

  RightDuties(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Uni<List<Breach>> breaches(UUID person, UUID entitlement) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(BREACHES, Object[].class)
                    .setParameter(1, person)
                    .setParameter(2, entitlement)
                    .setParameter(3, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                    .getResultList())
        .map(rows -> rows.stream().map(RightDuties::breach).toList());
  }

  private static Breach breach(Object[] row) {
    List<UUID> others =
        Arrays.stream(((String) row[3]).split(","))
            .filter(each -> !each.isEmpty())
            .map(UUID::fromString)
            .toList();
    return new Breach(
        (UUID) row[0],
        (String) row[1],
        DutyMode.valueOf((String) row[2]) == DutyMode.ENFORCE,
        others,
        (UUID) row[4]);
  }

  /** One at a time for one person: two that exclude each other would not see each other. */
  @Override
  public Uni<Void> check(Right right) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "duties/" + right.state().person())
                    .getSingleResult())
        .chain(() -> Duties.super.check(right));
  }
}
