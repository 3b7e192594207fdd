-- Whether the directory was away when an account was last tried: it refused nothing then.
alter table directory_change add column away boolean not null default false;
