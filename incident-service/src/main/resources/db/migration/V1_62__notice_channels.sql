-- By which way a notice leaves. Only mail needs somebody to be for: other ways lead to one place each.
alter table notice add column channel text not null default 'MAIL';
alter table notice drop constraint notice_check;
alter table notice add check (channel <> 'MAIL' or person is not null or role is not null);
