-- When the earliest click of a person, and of anybody else, came that is still in a block; none
-- where all of them were dropped, or there never was one. Kinds are kept for a time of their own.
alter table click_blocks add column people_first_at bigint;
alter table click_blocks add column others_first_at bigint;
update click_blocks set people_first_at = first_at, others_first_at = first_at;
