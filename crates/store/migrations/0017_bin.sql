-- Where deleted links answered, so that they can be brought back for a while.
create table deleted_addresses (
    link_id      bigint not null,
    position     bigint not null,
    domain_id    bigint not null,
    key          text   not null,
    shown        text   not null,
    workspace_id bigint not null,
    primary key (link_id, position)
) {clustered};
create index links_workspace_id_deleted_at on links (workspace_id, deleted_at, id)
    where deleted_at is not null;
