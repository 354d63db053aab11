-- How somebody likes the dashboard, as JSON: a member or a key.
create table preferences (
    workspace_id bigint not null,
    owner_id     bigint not null,
    body         text   not null,
    updated_at   bigint not null,
    primary key (workspace_id, owner_id)
) {clustered};
