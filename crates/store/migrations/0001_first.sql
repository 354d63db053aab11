-- One text for both databases. Three words stand for what the two spell differently:
-- {id} an integer key that SQLite uses as its row number, {bytes} a byte string, and {clustered}
-- a table that lies in the order of its primary key where the database can do that.
--
-- Ids are made by the application, times are milliseconds since 1970 in UTC, truth is 0 or 1,
-- lists are JSON. Foreign keys stand only where two rows are written by different calls; a row
-- that is written in the transaction of its parent cannot lose it.

create table workspaces (
    id         {id}   not null primary key,
    name       text   not null,
    created_at bigint not null
);

create table domains (
    id             {id}   not null primary key,
    workspace_id   bigint not null references workspaces (id),
    host           text   not null,
    root_url       text,
    not_found_url  text,
    expired_url    text,
    case_sensitive bigint not null,
    timezone       text   not null,
    default_status bigint not null,
    app_schemes    text   not null,
    -- The version counter's value at the last write, here and in links.
    change         bigint not null,
    created_at     bigint not null,
    updated_at     bigint not null
);
create unique index domains_host on domains (host);
create index domains_workspace_id on domains (workspace_id);
create index domains_change on domains (change);

create table keys (
    id           {id}    not null primary key,
    workspace_id bigint  not null references workspaces (id),
    name         text    not null,
    hash         {bytes} not null,
    scopes       text    not null,
    expires_at   bigint,
    created_at   bigint  not null,
    last_used_at bigint,
    revoked_at   bigint
);
create index keys_workspace_id on keys (workspace_id);

-- A deleted link keeps its row, so that every node hears of it, and its revisions.
create table links (
    id                  {id}   not null primary key,
    workspace_id        bigint not null,
    destination         text   not null,
    -- The first 64 bits of the destination's SHA-256.
    destination_hash    bigint not null,
    title               text,
    description         text,
    tags                text   not null,
    folder              text,
    enabled             bigint not null,
    archived            bigint not null,
    status              bigint not null,
    forward_query       bigint not null,
    starts_at           bigint,
    expires_at          bigint,
    expired_destination text,
    click_limit         bigint,
    -- 0 people, 1 everyone.
    limit_counts        bigint not null,
    password_hash       text,
    -- The social card, as JSON.
    card                text,
    revision            bigint not null,
    version             bigint not null,
    change              bigint not null,
    created_at          bigint not null,
    updated_at          bigint not null,
    deleted_at          bigint
);
create index links_workspace_id_id on links (workspace_id, id) where deleted_at is null;
create index links_workspace_id_folder_id on links (workspace_id, folder, id)
    where deleted_at is null and folder is not null;
create index links_workspace_id_destination_hash on links (workspace_id, destination_hash)
    where deleted_at is null;
create index links_change_id on links (change, id);

-- Where a link answers: `key` is the form in which slugs are compared, `shown` the author's.
create table addresses (
    domain_id    bigint not null references domains (id),
    key          text   not null,
    shown        text   not null,
    link_id      bigint not null,
    workspace_id bigint not null,
    -- 0 is the address that is shown.
    position     bigint not null,
    primary key (domain_id, key)
) {clustered};
create index addresses_link_id on addresses (link_id);

-- What the other services called a link that was brought over from them.
create table foreign_ids (
    workspace_id bigint not null,
    dialect      text   not null,
    text         text   not null,
    link_id      bigint not null references links (id),
    primary key (workspace_id, dialect, text)
) {clustered};
create index foreign_ids_link_id on foreign_ids (link_id);

-- Indexes over what stands in links.tags and revisions.body, for links that are not deleted.
create table link_tags (
    workspace_id bigint not null,
    tag          text   not null,
    link_id      bigint not null,
    primary key (workspace_id, tag, link_id)
) {clustered};
create index link_tags_link_id on link_tags (link_id);

create table rules (
    rule_id      {id}   not null primary key,
    link_id      bigint not null,
    workspace_id bigint not null
);
create index rules_link_id on rules (link_id);

create table revisions (
    link_id      bigint not null,
    number       bigint not null,
    workspace_id bigint not null,
    body         text   not null,
    author       text   not null,
    created_at   bigint not null,
    primary key (link_id, number)
);

-- `version` is raised once by every transaction that changes what a redirect may answer.
create table counters (
    name  text   not null primary key,
    value bigint not null
) {clustered};
insert into counters (name, value) values ('version', 0), ('segment', 0);

-- Who may make ids with which node number; a row is free once it has expired.
create table nodes (
    number     {id}   not null primary key,
    token      text   not null,
    expires_at bigint not null
);
insert into nodes (number, token, expires_at) values
    (0, '', 0), (1, '', 0), (2, '', 0), (3, '', 0), (4, '', 0), (5, '', 0), (6, '', 0), (7, '', 0),
    (8, '', 0), (9, '', 0), (10, '', 0), (11, '', 0), (12, '', 0), (13, '', 0), (14, '', 0),
    (15, '', 0), (16, '', 0), (17, '', 0), (18, '', 0), (19, '', 0), (20, '', 0), (21, '', 0),
    (22, '', 0), (23, '', 0), (24, '', 0), (25, '', 0), (26, '', 0), (27, '', 0), (28, '', 0),
    (29, '', 0), (30, '', 0), (31, '', 0);

create table secrets (
    name  text    not null primary key,
    value {bytes} not null
);

-- The salt of each day's visitor hashes; a day is counted from 1970 in UTC.
create table salts (
    day        {id}    not null primary key,
    value      {bytes} not null,
    created_at bigint  not null
);

-- How far each segment of a spool has been stored. Rows stay when their file goes: a file that
-- comes back with a restored folder must find its cursor.
create table segments (
    number {id}   not null primary key,
    -- 32 hexadecimal digits.
    name   text   not null,
    -- The first byte that is not stored yet.
    cursor bigint not null,
    sealed bigint not null,
    gone   bigint not null
);
create unique index segments_name on segments (name);

-- `id` is the segment's number in the upper 31 bits and the place within the segment in the lower
-- 32, so the key that finds a click is also what makes it impossible to store it twice.
create table clicks (
    id           {id}    not null primary key,
    workspace_id bigint  not null,
    link_id      bigint  not null,
    at           bigint  not null,
    class        bigint  not null,
    payload      {bytes} not null
);
create index clicks_link_id_at on clicks (link_id, at);

-- Clicks of a quarter of an hour, since some zones lie half or quarter hours apart.
create table click_totals (
    link_id      bigint not null,
    bucket       bigint not null,
    class        bigint not null,
    workspace_id bigint not null,
    n            bigint not null,
    primary key (link_id, bucket, class)
) {clustered};

create table click_limits (
    link_id      {id}   not null primary key,
    workspace_id bigint not null,
    used         bigint not null
);
