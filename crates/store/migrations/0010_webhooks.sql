-- Whom a workspace tells what happens in it. Each write here raises the counter, by which every
-- transaction knows whether the webhooks that it remembers are still the ones.
create table webhooks (
    id               {id}    not null primary key,
    workspace_id     bigint  not null references workspaces (id),
    url              text    not null,
    -- Names as a list; null: all.
    events           text,
    description      text    not null,
    state            text    not null,
    secret           {bytes} not null,
    -- Signs too, until its time is over.
    old_secret       {bytes},
    old_secret_until bigint,
    -- Since when nothing has got through.
    failing_since    bigint,
    created_at       bigint  not null,
    updated_at       bigint  not null
);
create index webhooks_workspace_id on webhooks (workspace_id);
insert into counters (name, value) values ('webhooks', 0);

-- What happened, written in the transaction in which it did, where some webhook wants to hear of it.
create table events (
    id           {id}   not null primary key,
    workspace_id bigint not null,
    kind         text   not null,
    -- What is told, as it was then.
    body         text   not null,
    created_at   bigint not null
);
create index events_created_at on events (created_at);

-- Each event on its way to each webhook that hears of it.
create table deliveries (
    webhook_id   bigint not null,
    event_id     bigint not null,
    workspace_id bigint not null,
    -- 0 pending, 1 delivered, 2 failed.
    state        bigint not null,
    attempts     bigint not null,
    next_at      bigint not null,
    -- Until then some node is at it; what it has not reported by then, another one takes.
    taken_until  bigint not null,
    last_at      bigint,
    last_status  bigint,
    last_error   text,
    created_at   bigint not null,
    primary key (webhook_id, event_id)
) {clustered};
create index deliveries_due on deliveries (webhook_id, next_at, event_id) where state = 0;
create index deliveries_failed on deliveries (webhook_id, event_id) where state = 2;
create index deliveries_created_at on deliveries (created_at);
