-- Whether a person's click was converted, and the visitor's hash under the salt of the click's day, so
-- that visitors who convert can be counted. None of either is known of what was noted before.
alter table conversions add column person bigint not null default 0;
alter table conversions add column visitor bigint;
