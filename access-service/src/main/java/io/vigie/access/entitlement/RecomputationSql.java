package io.vigie.access.entitlement;

/**
 * The statements of {@link Recomputation}. {@code ?1} are people as a text[]; each that changes
 * something gives id, event number, person and the merge patch of what it changed, then what is
 * particular to the event.
 */
final class RecomputationSql {

  /** Made into ids once, and not for each row that is compared with them. */
  private static final String PEOPLE =
      "any(array(select cast(each as uuid) from unnest(cast(?1 as text[])) as each))";

  static final String LOCK_PEOPLE =
      "select id from person where id = " + PEOPLE + " order by id for no key update";

  static final String LOCK_PROFILES =
      """
      select id from business_profile where id in
        (select profile_id from profile_assignment where state <> 'ENDED' and person_id = %s)
      order by id for share"""
          .formatted(PEOPLE);

  static final String LOCK_ENTITLEMENTS =
      """
      select id from entitlement where id in
        (select unnest(b.entitlements) from business_profile b join profile_assignment a on a.profile_id = b.id
         where a.state <> 'ENDED' and a.person_id = %s)
      order by id for share"""
          .formatted(PEOPLE);

  static final String END_ASSIGNMENTS =
      """
      with gone as (
        select a.id,
          case when p.state = 'LEFT' then 'The person left.'
            when b.state = 'RETIRED' then 'The profile was retired.' else 'Its time is over.' end as reason
        from profile_assignment a join person p on p.id = a.person_id
        join business_profile b on b.id = a.profile_id
        where a.person_id = %s and a.state <> 'ENDED'
          and (p.state = 'LEFT' or b.state = 'RETIRED' or a.valid_until <= cast(?2 as timestamptz))),
      changed as (
        update profile_assignment a set state = 'ENDED', version = version + 1,
          event_number = event_number + 1, ended_by = ?3, ended_at = cast(?2 as timestamptz),
          ended_reason = gone.reason,
          published_state = cast(cast(published_state as jsonb) || '{"state":"ENDED"}' as text)
        from gone where a.id = gone.id
        returning a.id, a.event_number, a.person_id, a.profile_id, a.ended_reason)
      select id, event_number, person_id, '{"state":"ENDED"}', profile_id, ended_reason from changed
      order by id"""
          .formatted(PEOPLE);

  static final String BEGIN_ASSIGNMENTS =
      """
      with changed as (
        update profile_assignment set state = 'CURRENT', version = version + 1,
          event_number = event_number + 1,
          published_state = cast(cast(published_state as jsonb) || '{"state":"CURRENT"}' as text)
        where person_id = %s and state = 'PLANNED' and valid_from <= cast(?2 as timestamptz)
        returning id, event_number, person_id, profile_id)
      select id, event_number, person_id, '{"state":"CURRENT"}', profile_id from changed order by id"""
          .formatted(PEOPLE);

  /**
   * What the profiles of these people give, and what they have or had, each read once and by them
   * alone, whatever the planner believes of the rest.
   */
  private static final String GIVEN_AND_HELD =
      """
      given as materialized (select * from profile_right where person_id = %s),
      held as materialized (
        select id, person_id, asset_id, entitlement_id, ground, profile_id, state, valid_until, withheld
        from access_right where person_id = %s)"""
          .formatted(PEOPLE, PEOPLE);

  private static final String SAME =
      "(w.person_id, w.profile_id, w.entitlement_id) = (h.person_id, h.profile_id, h.entitlement_id)";

  private static final String RIGHT =
      "id, event_number, person_id, changes, asset_id, entitlement, entitlement_id, ground, profile_id";

  private static final String RETURNING =
      "r.id, r.event_number, r.person_id, r.asset_id, r.entitlement, r.entitlement_id, r.ground, r.profile_id";

  /** An empty reason: it expires. {@code ?4} are the sensitivities without grace. */
  static final String END =
      """
      with %s,
      gone as (
        select h.id, cast(
          case when p.state = 'LEFT' then 'The person left.'
            when e.state = 'RETIRED' then 'The entitlement was retired.'
            when h.state <> 'REQUESTED' and h.valid_until <= cast(?2 as timestamptz) then ''
            when o.asset_id is not null then 'The asset is out of use.'
            else 'The profile gives it no more.' end as text) as reason
        from held h join person p on p.id = h.person_id
        join entitlement e on e.id = h.entitlement_id
        left join retired_asset o on o.asset_id = h.asset_id
        left join given w on %s
        where h.state in ('REQUESTED', 'APPROVED', 'SUSPENDED')
          and (p.state = 'LEFT' or e.state = 'RETIRED'
            or h.state <> 'REQUESTED' and h.valid_until <= cast(?2 as timestamptz)
            or h.ground = 'PROFILE' and o.asset_id is not null
            or h.ground = 'PROFILE' and h.valid_until is null
              and e.sensitivity = any(cast(?4 as text[])) and w.person_id is null)),
      patched as (
        select id, reason,
          case reason when '' then jsonb_build_object('state', 'EXPIRED')
            else jsonb_build_object('state', 'REVOKED', 'revokedBy', cast(?3 as text)) end as changes
        from gone),
      changed as (
        update access_right r set version = version + 1, event_number = event_number + 1,
          state = patched.changes ->> 'state',
          revoked_by = patched.changes ->> 'revokedBy',
          revoked_at = case reason when '' then null else cast(?2 as timestamptz) end,
          revoked_reason = nullif(reason, ''),
          published_state = cast(cast(published_state as jsonb) || patched.changes as text)
        from patched where r.id = patched.id and r.state in ('REQUESTED', 'APPROVED', 'SUSPENDED')
        returning %s, cast(patched.changes as text) as changes, reason)
      select %s, reason from changed order by id"""
          .formatted(GIVEN_AND_HELD, SAME, RETURNING, RIGHT);

  /** {@code ?2} is when rights end that are lost now, by their sensitivity, as JSON. */
  static final String ENDING =
      """
      with %s,
      lost as (
        select h.id, cast(cast(?2 as text) as jsonb) ->> e.sensitivity as until
        from held h join entitlement e on e.id = h.entitlement_id
        left join given w on %s
        where h.state in ('APPROVED', 'SUSPENDED') and h.ground = 'PROFILE' and h.valid_until is null
          and w.person_id is null),
      changed as (
        update access_right r set version = version + 1, event_number = event_number + 1,
          valid_until = cast(until as timestamptz),
          published_state =
            cast(cast(published_state as jsonb) || jsonb_build_object('validUntil', until) as text)
        from lost where r.id = lost.id and r.state in ('APPROVED', 'SUSPENDED') and until is not null
        returning %s, cast(jsonb_build_object('validUntil', until) as text) as changes, until)
      select %s, until from changed order by id"""
          .formatted(GIVEN_AND_HELD, SAME, RETURNING, RIGHT);

  static final String CONTINUE =
      """
      with %s,
      changed as (
        update access_right r set version = version + 1, event_number = event_number + 1,
          valid_until = null,
          published_state = cast(cast(published_state as jsonb) - 'validUntil' as text)
        from held h join given w on %s
        where r.id = h.id and h.ground = 'PROFILE' and r.state in ('APPROVED', 'SUSPENDED')
          and r.valid_until is not null
        returning %s, '{"validUntil":null}' as changes)
      select %s from changed order by id"""
          .formatted(GIVEN_AND_HELD, SAME, RETURNING, RIGHT);

  /** What was withheld can be given again after the profile gave it no more. */
  static final String GIVE_BACK =
      """
      with %s,
      changed as (
        update access_right r set withheld = false
        from held h left join given w on %s
        where r.id = h.id and h.withheld and w.person_id is null
        returning 1)
      select count(*) from changed"""
          .formatted(GIVEN_AND_HELD, SAME);

  static final String GRANT =
      """
      with %s,
      missing as (
        select uuidv7() as id, w.* from given w
        left join held h on %s and h.ground = 'PROFILE'
          and (h.state in ('APPROVED', 'SUSPENDED') or h.withheld)
        where h.id is null),
      described as (
        select m.*, cast(jsonb_build_object('person', person_id, 'asset', asset_id,
          'entitlement', entitlement, 'entitlementId', entitlement_id, 'ground', 'PROFILE',
          'profile', profile_id, 'state', 'APPROVED', 'decidedBy', cast(?3 as text),
          'decidedAt', cast(?4 as text)) as text) as changes
        from missing m),
      stored as (
        insert into access_right
          (id, version, event_number, published_state, person_id, asset_id, entitlement,
           entitlement_id, ground, profile_id, state, decided_by, decided_at)
        select id, 0, 1, changes, person_id, asset_id, entitlement, entitlement_id, 'PROFILE',
          profile_id, 'APPROVED', ?3, cast(?2 as timestamptz)
        from described order by person_id, entitlement_id
        returning id, event_number, person_id, published_state as changes, asset_id, entitlement,
          entitlement_id, ground, profile_id)
      select %s, (select sensitivity from entitlement e where e.id = stored.entitlement_id) as sensitivity
      from stored order by id"""
          .formatted(GIVEN_AND_HELD, SAME, RIGHT);

  private RecomputationSql() {}
}
