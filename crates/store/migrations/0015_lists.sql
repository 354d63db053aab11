-- All clicks of a link, whenever they came: what lists show and are ordered by. Each link has a row of
-- class 0, people, from the start, so that those without clicks have their place too.
create table link_clicks (
    link_id      bigint not null,
    class        bigint not null,
    workspace_id bigint not null,
    n            bigint not null,
    primary key (link_id, class)
) {clustered};
insert into link_clicks (link_id, class, workspace_id, n)
    select link_id, class, min(workspace_id), cast(sum(n) as bigint) from click_totals
    group by link_id, class;
insert into link_clicks (link_id, class, workspace_id, n)
    select l.id, 0, l.workspace_id, 0 from links l
    where not exists (select 1 from link_clicks k where k.link_id = l.id and k.class = 0);
create index link_clicks_workspace_id_n on link_clicks (workspace_id, n, link_id) where class = 0;

-- In the order of ids as before, with all that tells a link's state.
drop index links_workspace_id_id;
create index links_workspace_id_state
    on links (workspace_id, id, archived, enabled, starts_at, expires_at, click_limit)
    where deleted_at is null;
create index links_workspace_id_title on links (workspace_id, (coalesce(lower(title), '')), id)
    where deleted_at is null;
create index links_workspace_id_expires_at
    on links (workspace_id, (coalesce(expires_at, 9223372036854775807)), id)
    where deleted_at is null;
create index links_workspace_id_updated_at on links (workspace_id, updated_at, id)
    where deleted_at is null;
create index addresses_workspace_id_key on addresses (workspace_id, key, link_id)
    where position = 0;
