package io.vigie.access.duty;

/**
 * The statements of {@link DutyEvaluation}. {@code ?1} are people as a text[], {@code ?2} is now,
 * {@code ?3} the same as it is published. Each that changes conflicts gives id, event number,
 * person, the merge patch of what it changed, rule, matter, why, and entitlements as a list.
 */
final class DutySql {

  private static final String PEOPLE =
      "any(array(select cast(each as uuid) from unnest(cast(?1 as text[])) as each))";

  static final String LOCK_PEOPLE =
      "select id from person where id = " + PEOPLE + " order by id for no key update";

  /** Before the rest: whatever is marked later, by rights that are not seen, stays marked. */
  static final String UNMARK =
      """
      with gone as (delete from duty_due where person_id = %s returning 1)
      select count(*) from gone"""
          .formatted(PEOPLE);

  private static final String MEANT =
      """
      meant as materialized
        (select * from duty_meant(cast(?2 as timestamptz)) where person_id = %s)"""
          .formatted(PEOPLE);

  private static final String LIVE = "c.kind = 'RIGHTS' and c.state <> 'RESOLVED'";

  private static final String SAME =
      "m.person_id = c.person_id and m.rule = c.rule and m.matter is not distinct from c.matter";

  /** Changes what is in {@code picked}: id, changes, because. */
  private static final String CHANGE =
      """
      changed as (
        update duty_conflict c set version = version + 1, event_number = event_number + 1,
          state = coalesce(changes ->> 'state', state),
          since = coalesce(cast(changes ->> 'since' as timestamptz), since),
          found_at = coalesce(cast(changes ->> 'foundAt' as timestamptz), found_at),
          published_state = cast(cast(published_state as jsonb) || changes as text)
        from picked p where p.id = c.id
        returning c.id, c.event_number, c.person_id, cast(changes as text) as changes, c.rule, c.matter,
          because, array_to_string(c.entitlements, ',') as entitlements)
      select * from changed order by id""";

  /** Exceptions whose time is over: the conflict is there again, or never was. */
  static final String LAPSE =
      """
      with picked as (
        select c.id, because, jsonb_build_object(
          'state', case because when 'TIME' then 'FOUND' else 'RESOLVED' end, 'since', cast(?3 as text)) as changes
        from duty_conflict c cross join lateral
          (select case when c.found_at is null then 'UNUSED' else 'TIME' end as because) as over
        where c.person_id = %s and c.state = 'EXCEPTED' and c.excepted_until <= cast(?2 as timestamptz)),
      %s"""
          .formatted(PEOPLE, CHANGE);

  static final String RESOLVE =
      """
      with %s,
      picked as (
        select c.id, case d.state when 'RETIRED' then 'RULE_RETIRED' else 'GONE' end as because,
          jsonb_build_object('state', 'RESOLVED', 'since', cast(?3 as text)) as changes
        from duty_conflict c join duty_rule d on cast(d.id as text) = c.rule
        left join meant m on %s
        where c.person_id = %s and %s and m.person_id is null
          and (c.found_at is not null or d.state = 'RETIRED')),
      %s"""
          .formatted(MEANT, SAME, PEOPLE, LIVE, CHANGE);

  /** Those that an exception awaits. */
  static final String MEET =
      """
      with %s,
      picked as (
        select c.id, '' as because, jsonb_build_object('foundAt', cast(?3 as text)) as changes
        from duty_conflict c join meant m on %s where %s and c.found_at is null),
      %s"""
          .formatted(MEANT, SAME, LIVE, CHANGE);

  static final String FIND =
      """
      with %s,
      missing as (
        select uuidv7() as id, m.*, (
          select array_agg(distinct r.entitlement_id order by r.entitlement_id)
          from access_right r join duty_side s on s.entitlement_id = r.entitlement_id
          where r.person_id = m.person_id and s.rule_id = cast(m.rule as uuid)
            and r.state = 'APPROVED'
            and (r.valid_until is null or r.valid_until > cast(?2 as timestamptz))
            and (m.matter is null or m.matter = 'asset/' || r.asset_id)) as entitlements
        from meant m where not exists (select from duty_conflict c where %s and %s)),
      stored as (
        insert into duty_conflict (id, version, event_number, published_state, kind, rule, person_id,
          matter, entitlements, state, since, found_at)
        select id, 0, 1, cast(jsonb_strip_nulls(jsonb_build_object('kind', 'RIGHTS', 'rule', rule,
            'person', person_id, 'matter', matter, 'entitlements', to_jsonb(entitlements),
            'state', 'FOUND', 'since', cast(?3 as text), 'foundAt', cast(?3 as text))) as text),
          'RIGHTS', rule, person_id, matter, entitlements, 'FOUND', cast(?2 as timestamptz),
          cast(?2 as timestamptz)
        from missing
        returning id, event_number, person_id, published_state, rule, matter, '' as because,
          array_to_string(entitlements, ',') as entitlements)
      select * from stored order by id"""
          .formatted(MEANT, SAME, LIVE);

  /** Marks whoever is not as they must be; {@code ?1} is now. */
  static final String MARK_ALL = markWhere("true", "true");

  /** The same under one rule, {@code ?2}. */
  static final String MARK_RULE = markWhere("rule = ?2", "c.rule = ?2");

  private static String markWhere(String meant, String found) {
    return """
    insert into duty_due (person_id)
    select distinct coalesce(m.person_id, c.person_id)
    from (select * from duty_meant(cast(?1 as timestamptz)) where %s) m
    full join
      (select c.*, d.state as rule_state from duty_conflict c
       join duty_rule d on cast(d.id as text) = c.rule where %s and %s) c
      on m.person_id = c.person_id and m.rule = c.rule and coalesce(m.matter, '') = coalesce(c.matter, '')
    where c.id is null or m.person_id is not null and c.found_at is null
      or m.person_id is null and (c.found_at is not null or c.rule_state = 'RETIRED')
    order by 1"""
        .formatted(meant, LIVE, found);
  }

  private DutySql() {}
}
