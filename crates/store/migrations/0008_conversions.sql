-- Whom a link redirects: 0 everybody, 1 programs that read cards too, 2 whoever meets a rule,
-- 3 nobody.
alter table links add column redirects bigint not null default 0;
-- Whether destinations are told the click's id.
alter table links add column tracks_conversions bigint not null default 0;

-- The rule of another link that a rule was copied from.
alter table rules add column origin_id bigint;
create index rules_origin_id on rules (origin_id) where origin_id is not null;

-- What became of clicks, as destinations report it; never twice of one click, event and order.
create table conversions (
    id           {id}   not null primary key,
    workspace_id bigint not null,
    link_id      bigint not null,
    -- The click's segment, 32 hexadecimal digits, and its place in that.
    segment      text   not null,
    place        bigint not null,
    event        text   not null,
    -- Empty where none was named.
    order_id     text   not null,
    -- What decided where the click went; no rule and no variant where none did.
    revision     bigint not null,
    rule_id      bigint,
    variant      bigint,
    -- Ten-thousandths of the currency's unit.
    amount       bigint,
    payout       bigint,
    currency     text,
    metadata     text   not null,
    clicked_at   bigint not null,
    created_at   bigint not null
);
create unique index conversions_click on conversions (segment, place, event, order_id);
create index conversions_link_id_id on conversions (link_id, id);
create index conversions_workspace_id_id on conversions (workspace_id, id);
