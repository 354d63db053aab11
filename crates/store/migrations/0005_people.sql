-- Answers to calls that may be sent again. The body is sealed with a key made from the caller's own
-- credential, which is nowhere kept.
create table replies (
    -- SHA-256 of the credential.
    owner      {bytes} not null,
    name       text    not null,
    -- SHA-256 of the call.
    call       {bytes} not null,
    -- None while the first call is under way.
    status     bigint,
    headers    text,
    body       {bytes},
    created_at bigint  not null,
    primary key (owner, name)
) {clustered};
create index replies_created_at on replies (created_at);

-- Ids of the domains that a key may use, as a list; null: all.
alter table keys add column domains text;

-- People who work in a workspace.
create table members (
    id            {id}   not null primary key,
    workspace_id  bigint not null references workspaces (id),
    -- In lower case.
    email         text   not null,
    name          text   not null,
    role          text   not null,
    password_hash text   not null,
    created_at    bigint not null,
    updated_at    bigint not null
);
create unique index members_email on members (email);
create index members_workspace_id on members (workspace_id);

-- Links by which somebody becomes a member, once.
create table invitations (
    id           {id}    not null primary key,
    workspace_id bigint  not null references workspaces (id),
    -- SHA-256 of the secret in the link.
    hash         {bytes} not null,
    role         text    not null,
    -- For whom it is, for people.
    note         text    not null,
    created_at   bigint  not null,
    expires_at   bigint  not null,
    -- Who became a member by it.
    member_id    bigint
);
create index invitations_workspace_id on invitations (workspace_id);

-- Where members are signed in.
create table sessions (
    id           {id}    not null primary key,
    member_id    bigint  not null references members (id),
    -- SHA-256 of the secret.
    hash         {bytes} not null,
    -- The browser's or program's own name, for people.
    agent        text    not null,
    created_at   bigint  not null,
    last_used_at bigint  not null,
    expires_at   bigint  not null
);
create index sessions_member_id on sessions (member_id);
