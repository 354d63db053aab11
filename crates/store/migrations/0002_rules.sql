-- What is about to become of a link: one draft each, gone when it is published or thrown away.
create table drafts (
    link_id      {id}   not null primary key,
    workspace_id bigint not null,
    -- The revision that it was begun from.
    base         bigint not null,
    -- As in revisions.
    body         text   not null,
    author       text   not null,
    version      bigint not null,
    -- Who saved it and when, as JSON.
    editors      text   not null,
    created_at   bigint not null,
    updated_at   bigint not null
);

-- Example visitors that are saved with a link, and what each must get, both as JSON.
create table link_tests (
    id           {id}   not null primary key,
    link_id      bigint not null references links (id),
    workspace_id bigint not null,
    name         text   not null,
    example      text   not null,
    expected     text   not null,
    created_at   bigint not null,
    updated_at   bigint not null
);
create index link_tests_link_id_id on link_tests (link_id, id);
create index link_tests_workspace_id_link_id on link_tests (workspace_id, link_id, id);
