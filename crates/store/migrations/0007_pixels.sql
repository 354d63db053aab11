-- Whom people who pass a link are told of. A deleted one keeps its row, so that every node hears of
-- it; the links that name it fire it no more.
create table pixels (
    id           {id}   not null primary key,
    workspace_id bigint not null references workspaces (id),
    name         text   not null,
    kind         text   not null,
    code         text   not null,
    change       bigint not null,
    created_at   bigint not null,
    updated_at   bigint not null,
    deleted_at   bigint
);
create index pixels_workspace_id_id on pixels (workspace_id, id) where deleted_at is null;
create index pixels_change on pixels (change);

-- The ids of a link's pixels, as JSON.
alter table links add column pixels text not null default '[]';
