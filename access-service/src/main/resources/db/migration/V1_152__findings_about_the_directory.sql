-- What the directory itself is not, such as safe against guessed passwords (R4.2): a finding about no account, one of each kind.
alter table drift alter column account drop not null;
create unique index drift_live_of_directory on drift (kind, what) where account is null and state in ('OPEN', 'REPAIRING', 'ACCEPTED');
