-- What was asked for where no link is, by UTC day since 1970. Of a domain and a day there is a bounded
-- number of rows, so that nobody who tries addresses fills the database.
create table unmatched (
    domain_id    bigint not null,
    day          bigint not null,
    -- Empty for all that there was no room for.
    slug         text   not null,
    workspace_id bigint not null,
    n            bigint not null,
    primary key (domain_id, day, slug)
) {clustered};
create index unmatched_workspace_id_day on unmatched (workspace_id, day);
