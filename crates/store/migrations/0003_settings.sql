-- How a domain's links are made and answered, as JSON; what is absent is the default.
alter table domains add column settings text not null default '{}';

alter table links add column cloaked bigint not null default 0;
-- When the link is deleted by itself.
alter table links add column delete_at bigint;
-- Query parameters that are added to every destination, as JSON.
alter table links add column parameters text not null default '{}';
-- What clients of other services keep with a link, as JSON.
alter table links add column kept text not null default '{}';
create index links_delete_at on links (delete_at) where delete_at is not null and deleted_at is null;

-- A folder is there as soon as a link names it; these are the ones that were made with settings.
create table folders (
    domain_id    bigint not null references domains (id),
    name         text   not null,
    workspace_id bigint not null,
    settings     text   not null,
    created_at   bigint not null,
    updated_at   bigint not null,
    primary key (domain_id, name)
) {clustered};

-- Links that are shared with keys whose scopes would not do.
create table link_permissions (
    link_id      bigint not null references links (id),
    key_id       bigint not null references keys (id),
    id           bigint not null,
    workspace_id bigint not null,
    created_at   bigint not null,
    primary key (link_id, key_id)
) {clustered};
