#!/bin/sh
# Proves that a restored copy is of the moment that was asked for: its newest sentinel row is from before TARGET_TIME, and
# not older than MAX_LAG_SECONDS then. Connects as libpq is told: PGHOST, PGDATABASE, PGUSER, PGPASSWORD.
#
# Exits 0 when it is proven, 1 when it is refuted, 2 when it cannot be asked. Says so, and why, in the last line, which
# goes to TERMINATION_LOG as well.
set -eu

: "${TARGET_TIME:?}" "${MAX_LAG_SECONDS:?}"
log=${TERMINATION_LOG:-/dev/termination-log}

finish() {
  echo "$2" | tee "$log"
  exit "$1"
}

# The seconds by which the newest row is behind the target, and how many rows are after it.
answer=$(psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --set=target="$TARGET_TIME" <<'SQL' 2>&1
select coalesce(ceil(extract(epoch from :'target'::timestamptz - max(at)))::text, 'none'),
  count(*) filter (where at > :'target'::timestamptz)
from restore_drill.sentinel;
SQL
) || finish 2 "The copy cannot be asked: $(echo "$answer" | tr '\n' ' ')"

lag=${answer%%|*}
after=${answer##*|}
if [ "$lag" = none ]; then
  finish 1 "The copy has no sentinel row."
elif [ "$after" -gt 0 ]; then
  finish 1 "The copy has $after sentinel rows from after $TARGET_TIME."
elif [ "$lag" -gt "$MAX_LAG_SECONDS" ]; then
  finish 1 "The newest sentinel row is $lag seconds older than $TARGET_TIME, and may be $MAX_LAG_SECONDS."
fi
finish 0 "lag_seconds=$lag"
