-- Clicks that are in no block yet: those that one segment brought at a time, as one row.
create table click_batches (
    -- The key of the first click: its segment's number in the upper 31 bits and its place within the
    -- segment in the lower 32, so what finds a click also makes it impossible to store it twice.
    id       {id}    not null primary key,
    -- The key of the last click.
    last_id  bigint  not null,
    clicks   bigint  not null,
    -- When the earliest click came.
    first_at bigint  not null,
    -- As they were spooled, one behind the other.
    records  {bytes} not null,
    -- For each click but the first, in four bytes each, the lowest first: where its record begins, and
    -- its place counted from that of the first.
    splits   {bytes} not null
);

-- Batches whose clicks are in no total yet.
create table uncounted_batches (
    id {id} not null primary key
);
insert into counters (name, value) values ('counted', 0);

-- The table stays for nodes of the version before, whose rows are taken over time and again.
insert into click_batches (id, last_id, clicks, first_at, records, splits)
    select id, id, 1, at, payload, cast('' as {bytes}) from clicks;
delete from clicks;

-- Two columns came after the bytes of a block, which SQLite would go through to reach them.
create index click_blocks_heads
    on click_blocks (id, first_at, last_at, clicks, people_first_at, others_first_at);
