#!/bin/sh
# Writes one row with the time, by which a restored copy shows from which moment it is. Rows older than a year go.
# Connects as libpq is told: PGHOST, PGDATABASE, PGUSER, PGPASSWORD.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
begin;
create schema if not exists restore_drill;
create table if not exists restore_drill.sentinel (at timestamptz primary key default now());
insert into restore_drill.sentinel default values on conflict do nothing;
delete from restore_drill.sentinel where at < now() - interval '1 year';
commit;
SQL
echo "The sentinel row is written."
