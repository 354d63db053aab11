-- Domains that are gone, so that every node hears of it.
create table deleted_domains (
    id     {id}   not null primary key,
    change bigint not null
);
create index deleted_domains_change on deleted_domains (change);
