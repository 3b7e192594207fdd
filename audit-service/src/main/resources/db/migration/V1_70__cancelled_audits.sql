-- An audit that does not take place, or no more: before it began, or after. Its findings stay, and are still to be settled.
alter table control_audit
  add column cancelled_at timestamptz,
  add column cancel_reason text,
  drop constraint control_audit_check3, -- planned, and not begun
  add check (state <> 'PLANNED' or begun_at is null),
  add check (state not in ('BEGUN', 'CLOSED') or begun_at is not null),
  add check ((state = 'CANCELLED') = (cancelled_at is not null)),
  add check ((cancelled_at is null) = (cancel_reason is null));
