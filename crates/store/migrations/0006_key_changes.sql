-- What the version counter stood at when a key was written, so that every node hears of it.
alter table keys add column change bigint not null default 1;
create index keys_by_change on keys (change);
