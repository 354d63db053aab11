-- Clicks that are no rows any more, many in a block: its format is the statistics' business.
create table click_blocks (
    id       {id}    not null primary key,
    -- When the first and the last of its clicks came.
    first_at bigint  not null,
    last_at  bigint  not null,
    clicks   bigint  not null,
    bytes    {bytes} not null
);

-- Which block has the clicks that had these ids as rows.
create table click_spans (
    first_id {id}   not null primary key,
    last_id  bigint not null,
    block_id bigint not null
);

insert into counters (name, value) values ('block', 0);
