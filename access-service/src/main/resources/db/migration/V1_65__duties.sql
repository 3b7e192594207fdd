-- Separation of duties: rules, which entitlement is on which side of them, and who is in conflict.
create table duty_rule (
  id              uuid primary key,
  version         bigint not null,
  event_number    bigint not null,
  published_state text   not null,
  name            text   not null,
  explanation     text   not null,
  sides           text   not null,
  side_count      int    not null,
  scope           text   not null,
  mode            text   not null,
  state           text   not null,
  retired_by      text,
  retired_at      timestamptz,
  retired_reason  text
);
create unique index duty_rule_name on duty_rule (lower(name)) where state = 'ACTIVE';

-- The entitlements on each side of the rules that count, kept by the triggers below: conflicts are found by joins alone.
create table duty_side (
  rule_id        uuid not null references duty_rule,
  side           int  not null,
  entitlement_id uuid not null references entitlement,
  primary key (entitlement_id, rule_id, side)
);
create index duty_side_rule on duty_side (rule_id, side);

create table duty_conflict (
  id                   uuid primary key,
  version              bigint      not null,
  event_number         bigint      not null,
  published_state      text        not null,
  kind                 text        not null,
  rule                 text        not null,
  person_id            uuid references person,
  account              text,
  matter               text,
  entitlements         uuid[]      not null default '{}',
  state                text        not null,
  since                timestamptz not null,
  found_at             timestamptz,
  excepted_by          text,
  excepted_at          timestamptz,
  excepted_reason      text,
  compensating_control text,
  excepted_until       timestamptz,
  resolved_by          text,
  resolved_at          timestamptz,
  resolved_reason      text,
  check (kind = 'HISTORY' or person_id is not null),
  check (kind = 'RIGHTS' or account is not null and matter is not null)
);
create unique index duty_conflict_live on duty_conflict (person_id, rule, matter)
  nulls not distinct where kind = 'RIGHTS' and state <> 'RESOLVED';
create unique index duty_conflict_done on duty_conflict (rule, matter, account) where kind = 'HISTORY';
create index duty_conflict_person on duty_conflict (person_id, id);
create index duty_conflict_rule on duty_conflict (rule, id);
create index duty_conflict_state on duty_conflict (state, id);
create index duty_conflict_to_decide on duty_conflict (since, id) where state = 'FOUND';
create index duty_conflict_to_lapse on duty_conflict (excepted_until) where state = 'EXCEPTED';

-- Whose conflicts are to be looked at again: a person's, or all under a rule. Rows are only added and taken away, never changed:
-- whoever marks waits for nobody.
create table duty_due (
  id        bigint generated always as identity primary key,
  person_id uuid,
  rule_id   uuid,
  check ((person_id is null) <> (rule_id is null))
);
create index duty_due_person on duty_due (person_id);

-- What people did, as far as a rule of the policy asks: which account was on which side of a matter.
create table duty_act (
  rule    text        not null,
  matter  text        not null,
  account text        not null,
  side    int         not null,
  at      timestamptz not null,
  primary key (rule, matter, account, side)
);
create index duty_act_age on duty_act (at);

-- Which entitlement is on which side, as the rules and the catalogue have it now.
create view duty_side_meant as
select d.id as rule_id, cast(s.number - 1 as int) as side, e.id as entitlement_id
from duty_rule d
cross join lateral jsonb_array_elements(cast(d.sides as jsonb)) with ordinality as s(side, number)
cross join lateral (select s.side -> 'selector' ->> 'type' as type, s.side -> 'selector' ->> 'sensitivity' as sensitivity,
  cast(s.side -> 'selector' ->> 'profile' as uuid) as profile_id) as selects
join entitlement e on e.state = 'ACTIVE'
  and (s.side -> 'entitlements' @> to_jsonb(cast(e.id as text))
    or jsonb_typeof(s.side -> 'selector') = 'object'
      and coalesce(e.type = selects.type, true)
      and coalesce(e.sensitivity = selects.sensitivity, true)
      and (selects.profile_id is null or exists
        (select from business_profile b where b.id = selects.profile_id and b.state = 'ACTIVE' and b.entitlements @> array[e.id])))
where d.state = 'ACTIVE';

-- Who is in conflict under which rule, and on what, by the rights in effect at a time. Inlined into what asks it, people first.
create function duty_meant(at timestamptz) returns table (person_id uuid, rule text, matter text)
language sql stable as $$
  select r.person_id, cast(d.id as text), case d.scope when 'SAME_ASSET' then 'asset/' || r.asset_id end
  from access_right r
  join duty_side s on s.entitlement_id = r.entitlement_id
  join duty_rule d on d.id = s.rule_id
  where r.state = 'APPROVED' and (r.valid_until is null or r.valid_until > at)
  group by r.person_id, d.id, case d.scope when 'SAME_ASSET' then 'asset/' || r.asset_id end
  having bit_or(1 << s.side) = (1 << min(d.side_count)) - 1
$$;

-- Brings the sides of one rule, or of what stands in the catalogue under these ids, to what is meant, and marks the rules whose sides
-- changed. One at a time: a rule and an entitlement that come at once would not see each other.
create function duty_follow_rule(rule uuid) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('duty-sides', 0));
  delete from duty_side s where s.rule_id = rule and not exists
    (select from duty_side_meant m where m.rule_id = rule and m.side = s.side and m.entitlement_id = s.entitlement_id);
  insert into duty_side (rule_id, side, entitlement_id)
    select m.rule_id, m.side, m.entitlement_id from duty_side_meant m where m.rule_id = rule on conflict do nothing;
  insert into duty_due (rule_id) values (rule);
end $$;

create function duty_follow_catalogue(ids uuid[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('duty-sides', 0));
  with meant as materialized (select * from duty_side_meant where entitlement_id = any(ids)),
  gone as (
    delete from duty_side s where s.entitlement_id = any(ids) and not exists
      (select from meant m where m.rule_id = s.rule_id and m.side = s.side and m.entitlement_id = s.entitlement_id)
    returning s.rule_id),
  come as (
    insert into duty_side (rule_id, side, entitlement_id) select rule_id, side, entitlement_id from meant
    on conflict do nothing returning rule_id)
  insert into duty_due (rule_id) select rule_id from gone union select rule_id from come;
end $$;

create function duty_rule_changed() returns trigger language plpgsql as $$
begin
  perform duty_follow_rule(new.id);
  return null;
end $$;
create trigger duty_rule_created after insert on duty_rule for each row execute function duty_rule_changed();
create trigger duty_rule_changed after update on duty_rule for each row
  when ((new.sides, new.scope, new.state) is distinct from (old.sides, old.scope, old.state))
  execute function duty_rule_changed();

create function duty_entitlement_changed() returns trigger language plpgsql as $$
begin
  perform duty_follow_catalogue(array[new.id]);
  return null;
end $$;
create trigger duty_entitlement_created after insert on entitlement for each row execute function duty_entitlement_changed();
create trigger duty_entitlement_changed after update on entitlement for each row
  when ((new.sensitivity, new.state) is distinct from (old.sensitivity, old.state))
  execute function duty_entitlement_changed();

create function duty_profile_changed() returns trigger language plpgsql as $$
begin
  perform duty_follow_catalogue(old.entitlements || new.entitlements);
  return null;
end $$;
create trigger duty_profile_changed after update on business_profile for each row
  when ((new.entitlements, new.state) is distinct from (old.entitlements, old.state))
  execute function duty_profile_changed();

grant select, insert, update on duty_rule, duty_conflict to "${runtime}";
grant select, insert, delete on duty_side, duty_due, duty_act to "${runtime}";
grant select on duty_side_meant to "${runtime}";
