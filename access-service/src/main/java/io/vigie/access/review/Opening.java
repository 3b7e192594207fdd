package io.vigie.access.review;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.outbox.Outbox;
import org.hibernate.LockMode;

/** Opens campaigns: one statement makes the items of rights, however many there are. */
@ApplicationScoped
class Opening {

  /** Two that open at once would ask about one right twice. */
  private static final String ONE_BY_ONE =
      "select 1 from pg_advisory_xact_lock(hashtextextended('campaign/opening', 0))";

  /**
   * Items of the rights in scope that are in effect, or suspended since nobody certified them.
   * Reviewers are people who work here and can sign in, and not the holder; where there is no such
   * person, the access managers. An owner who holds the right, or whom the holder leads, directly
   * or not, gives way to the one who leads the holder. Somebody who would review in both stages
   * gives way, in the second, to the one who leads them. What is waiting for an answer in another
   * campaign is asked there.
   */
  private static final String ITEMS =
      """
      insert into review (id, version, event_number, published_state, campaign_id, right_id,
        person_id, entitlement_id, stage, stages, reviewer_id, second_id, state)
      with recursive above(owner, leader) as (
        select e.owner_id, o.manager_id from entitlement e join person o on o.id = e.owner_id
        union
        select above.owner, p.manager_id from above join person p on p.id = above.leader)
      select uuidv7(), 0, 0, '{}', cast(:campaign as uuid), r.id, r.person_id, r.entitlement_id, 1, cast(:stages as int),
        case when cast(:rule as text) = 'OWNER' then w.owner_id else w.manager_id end,
        case when cast(:rule as text) = 'BOTH' then
          case when w.owner_id = w.manager_id then w.manager_above_id else w.owner_id end end,
        'PENDING'
      from access_right r
      join person p on p.id = r.person_id
      join entitlement e on e.id = r.entitlement_id
      left join person m on m.id = p.manager_id and m.state = 'ACTIVE' and m.subject is not null
      left join person n on n.id = m.manager_id and n.state = 'ACTIVE' and n.subject is not null
        and n.id <> p.id
      left join person o on o.id = e.owner_id and o.state = 'ACTIVE' and o.subject is not null
      cross join lateral (select m.id as manager_id, n.id as manager_above_id,
        case when o.id = p.id or (o.id, p.id) in (select owner, leader from above
          where leader is not null) then m.id else o.id end as owner_id) w
      where r.state in ('APPROVED', 'SUSPENDED')
        and (r.valid_until is null or r.valid_until > :now)
        and (cardinality(:sites) = 0 or p.site_id = any(cast(:sites as uuid[])))
        and (cardinality(:profiles) = 0 or exists (select from profile_assignment a
          where a.person_id = p.id and a.state = 'CURRENT'
            and a.profile_id = any(cast(:profiles as uuid[]))))
        and (cardinality(:assets) = 0 or r.asset_id = any(cast(:assets as uuid[])))
        and (cardinality(:entitlements) = 0
          or r.entitlement_id = any(cast(:entitlements as uuid[])))
        and (cardinality(:types) = 0 or e.type = any(:types))
        and (cardinality(:sensitivities) = 0 or e.sensitivity = any(:sensitivities))
        and (cardinality(:grounds) = 0 or r.ground = any(:grounds))
        and not exists (select from review v join campaign c on c.id = v.campaign_id
          where v.right_id = r.id and v.state = 'PENDING' and c.state = 'OPEN')"""
          .replaceAll(
              ":(sites|profiles|assets|entitlements|types|sensitivities|grounds)\\b",
              "cast(:$1 as text[])");

  /**
   * Accounts of programs in scope, of which whoever leads the person who answers for one says
   * whether it is needed; where there is no such person, the access managers (R4.4, R4.7).
   */
  private static final String PROGRAMS =
      """
      insert into review (id, version, event_number, published_state, campaign_id,
        service_account_id, person_id, stage, stages, reviewer_id, state)
      select uuidv7(), 0, 0, '{}', cast(:campaign as uuid), s.id, p.id, 1, 1, m.id, 'PENDING'
      from service_account s
      join person p on p.id = s.responsible_id
      left join person m on m.id = p.manager_id and m.state = 'ACTIVE' and m.subject is not null
      where s.state <> 'ENDED' and (s.valid_until is null or s.valid_until > :now)
        and (cardinality(:sites) = 0 or p.site_id = any(cast(:sites as uuid[])))
        and (cardinality(:profiles) = 0 or exists (select from profile_assignment a
          where a.person_id = p.id and a.state = 'CURRENT'
            and a.profile_id = any(cast(:profiles as uuid[]))))
        and not exists (select from review v join campaign c on c.id = v.campaign_id
          where v.service_account_id = s.id and v.state = 'PENDING' and c.state = 'OPEN')"""
          .replaceAll(":(sites|profiles)\\b", "cast(:$1 as text[])");

  /** The same of accesses to clients' data (R10.3), by their holders. */
  private static final String CLIENT_ACCESSES =
      PROGRAMS
          .replace("service_account_id", "client_access_id")
          .replace("service_account s", "client_access s")
          .replace("s.responsible_id", "s.person_id")
          .replace("s.state <> 'ENDED'", "s.state = 'APPROVED'");

  private static final String COUNT =
      "select count(*) as items, count(distinct person_id) as people from review where campaign_id = ?1";

  private final Outbox outbox;
  private final Clock clock;

  Opening(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  /** The first campaigns after {@code last} whose time to open has come. */
  static Uni<List<UUID>> due(Instant now, UUID last, int limit) {
    return Campaign.find(
            "select id from Campaign where state = ?1 and plan.opensAt <= ?2 and id > ?3 order by id",
            CampaignState.PLANNED,
            now,
            last)
        .project(UUID.class)
        .range(0, limit - 1)
        .list();
  }

  /** Opens it, unless somebody else has it locked, and plans the next one of its series. */
  Uni<Void> open(UUID id) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(
                        "from Campaign where id = ?1 and state = ?2", Campaign.class)
                    .setParameter(1, id)
                    .setParameter(2, CampaignState.PLANNED)
                    .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                    .getSingleResultOrNull())
        .onItem()
        .ifNotNull()
        .transformToUni(this::open)
        .replaceWithVoid();
  }

  private Uni<Void> open(Campaign campaign) {
    Instant now = clock.instant();
    return insert(campaign, now)
        .chain(
            count -> outbox.append(List.of(campaign.open(number(count[0]), number(count[1]), now))))
        .chain(
            () -> {
              Campaign next = campaign.successor(now);
              return next == null
                  ? Uni.createFrom().voidItem()
                  : outbox.append(next, next.planned());
            });
  }

  private static Uni<Object[]> insert(Campaign campaign, Instant now) {
    Campaign.State plan = campaign.state();
    Scope scope = plan.scope();
    return Panache.getSession()
        .call(session -> session.createNativeQuery(ONE_BY_ONE, Integer.class).getSingleResult())
        .call(
            session ->
                session
                    .createNativeQuery(ITEMS)
                    .setParameter("campaign", campaign.id())
                    .setParameter("stages", plan.reviewers().stages())
                    .setParameter("rule", plan.reviewers().name())
                    .setParameter("now", now.atOffset(ZoneOffset.UTC))
                    .setParameter("sites", Scope.texts(scope.sites()))
                    .setParameter("profiles", Scope.texts(scope.profiles()))
                    .setParameter("assets", Scope.texts(scope.assets()))
                    .setParameter("entitlements", Scope.texts(scope.entitlements()))
                    .setParameter("types", Scope.texts(scope.types()))
                    .setParameter("sensitivities", Scope.texts(scope.sensitivities()))
                    .setParameter("grounds", Scope.texts(scope.grounds()))
                    .executeUpdate())
        .call(session -> scope.hasOthers() ? insert(PROGRAMS, campaign, now) : none())
        .call(session -> scope.hasOthers() ? insert(CLIENT_ACCESSES, campaign, now) : none())
        .chain(
            session ->
                session
                    .createNativeQuery(COUNT, Object[].class)
                    .setParameter(1, campaign.id())
                    .getSingleResult());
  }

  private static Uni<Integer> insert(String others, Campaign campaign, Instant now) {
    Scope scope = campaign.state().scope();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(others)
                    .setParameter("campaign", campaign.id())
                    .setParameter("now", now.atOffset(ZoneOffset.UTC))
                    .setParameter("sites", Scope.texts(scope.sites()))
                    .setParameter("profiles", Scope.texts(scope.profiles()))
                    .executeUpdate());
  }

  private static Uni<Integer> none() {
    return Uni.createFrom().item(0);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
