-- What a feed brings news of: threats, as all of before, or the standards that the agency follows (R15.3).
alter table feed add column topic text not null default 'THREATS';
