-- Who approves in whose place.
create table delegation (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  person_id       uuid        not null references person,
  substitute_id   uuid        not null references person,
  valid_from      timestamptz not null,
  valid_until     timestamptz not null,
  reason          text,
  state           text        not null,
  made_by         text        not null,
  made_at         timestamptz not null,
  check (person_id <> substitute_id and valid_from < valid_until)
);
create index delegation_person on delegation (person_id, id);
create index delegation_substitute on delegation (substitute_id, id);
create index delegation_open on delegation (valid_until) where state = 'OPEN';
grant select, insert, update on delegation to "${runtime}";

-- How far a request or a renewal came, and what who broke the glass owes.
alter table access_right
  add column approvals        text,
  add column asked_at         timestamptz,
  add column duration         text,
  add column renewal_until    timestamptz,
  add column justify_by       timestamptz,
  add column justified_by     text,
  add column justified_at     timestamptz,
  add column justified_reason text,
  add column accepted_by      text,
  add column accepted_at      timestamptz,
  add column accepted_reason  text,
  add column missed_at        timestamptz;

-- Requests that are running keep the rule that they were made under: an access manager approves.
update access_right set asked_at = requested_at, approvals = cast(jsonb_build_object(
    'askedBy', requested_by,
    'path', jsonb_build_array(jsonb_build_object('rule', 'ANY_OF', 'of', jsonb_build_array('ACCESS_MANAGER'))),
    'given', jsonb_build_array(),
    'awaits', jsonb_build_array('ACCESS_MANAGER'),
    'barred', jsonb_build_array(requested_by)) as text)
where state = 'REQUESTED';

drop index access_right_to_decide;
create index access_right_waiting on access_right (asked_at, id)
  where state = 'REQUESTED' or state = 'APPROVED' and renewal_until is not null;
create index access_right_owed on access_right (justify_by, id)
  where justify_by is not null and accepted_at is null;

-- Each part of the steps that wait, with the people whose it is, less who asked, receives, or counted before. A part
-- without a person is a role's, or there is nobody for it.
create view approval_part as
select r.id as right_id, part.name as part, p.id as person_id, p.subject,
  recipient.subject as recipient, r.barred
from (
  select id, person_id, entitlement_id, cast(approvals as jsonb) -> 'awaits' as awaits,
    array(select jsonb_array_elements_text(cast(approvals as jsonb) -> 'barred')) as barred
  from access_right where state = 'REQUESTED' or state = 'APPROVED' and renewal_until is not null) r
join person recipient on recipient.id = r.person_id
join entitlement e on e.id = r.entitlement_id
cross join lateral jsonb_array_elements_text(r.awaits) as part(name)
left join person p on p.state = 'ACTIVE' and p.subject is not null
  and p.id = any(case part.name
    when 'MANAGER' then array[recipient.manager_id, recipient.host_id]
    when 'OWNER' then array[e.owner_id] end)
  and p.subject is distinct from recipient.subject and p.subject <> all(r.barred);

-- For whom somebody acts: themselves, with the roles of their token, and each absent person whose substitute they
-- are, with the roles that Vigie gave that person.
create function acts_for(caller text, ranks text, moment timestamptz)
returns table (subject text, roles text[], on_behalf_of text) language sql stable as $$
  select caller, string_to_array(ranks, ','), cast(null as text)
  union all
  select absent.subject,
    array(select case e.directory_name when 'ciso' then 'CISO' else 'ACCESS_MANAGER' end
      from access_right r join entitlement e on e.id = r.entitlement_id
      where r.person_id = absent.id and r.state = 'APPROVED'
        and (r.valid_until is null or r.valid_until > moment)
        and e.directory_kind = 'ROLE' and e.directory_name in ('ciso', 'access-manager')),
    absent.subject
  from delegation d
  join person absent on absent.id = d.person_id and absent.state = 'ACTIVE'
  join person substitute on substitute.id = d.substitute_id and substitute.state = 'ACTIVE'
  where substitute.subject = caller and absent.subject is not null
    and d.state = 'OPEN' and d.valid_from <= moment and d.valid_until > moment
$$;

-- What waits for somebody's approval, for which part of the step, as what they would give it, and in whose place. A
-- manager's or an owner's part for which there is nobody is the access managers'.
create function approvals_open_to(caller text, ranks text, moment timestamptz)
returns table (right_id uuid, part text, acts_as text, on_behalf_of text) language sql stable as $$
  select a.right_id, a.part,
    case when a.person_id is null and a.part in ('MANAGER', 'OWNER') then 'ACCESS_MANAGER' else a.part end,
    w.on_behalf_of
  from acts_for(caller, ranks, moment) w
  join approval_part a on a.subject = w.subject
    or a.person_id is null
      and case when a.part in ('MANAGER', 'OWNER') then 'ACCESS_MANAGER' else a.part end = any(w.roles)
  where caller <> all(a.barred) and a.recipient is distinct from caller
    and w.subject <> all(a.barred) and a.recipient is distinct from w.subject
$$;
grant select on approval_part to "${runtime}";
