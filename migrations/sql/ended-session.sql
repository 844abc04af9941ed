-- Sign-ins that were ended before their cookies were void. Kept a little longer than a cookie lives, then deleted.
create table portal.ended_session (
  id uuid primary key,
  at timestamptz not null default clock_timestamp()
);
