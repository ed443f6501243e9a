#!/bin/sh
# Many programs and commands record and read at the same time: nothing is lost, nothing comes twice.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
export TARE_APP=shop TARE_STORE="$PWD/tare.db"
pids=
for turn in 1 2 3 4 5 6 7 8; do
    tare record value $turn 2>>problems &
    pids="$pids $!"
    "$PROGRAMS/recording" 25 >/dev/null 2>>problems &
    pids="$pids $!"
    tare run --quiet --name job -- true 2>>problems &
    pids="$pids $!"
    tare status >/dev/null 2>&1 &
    pids="$pids $!"
done
bad=0
for pid in $pids; do
    wait "$pid" || bad=$((bad + 1))
done
is 'all of them end well' $bad 0
is 'and nobody has anything to say' "$(grep -v 'alert .* opened' problems)" ''
# The programs start `tare ingest` in the background: take in what is left, and let them end.
for turn in 1 2 3 4 5 6 7 8 9 10; do
    tare ingest --quiet
    try tare sessions --limit 0 --format json
    [ "$(json 'len(d)')" = 24 ] && break
    sleep 0.3
done
json_is 'every session is there' 'len(d)' 24
count() { sql tare.db "SELECT sum(n) FROM performance_measurements WHERE series_id IN
    (SELECT id FROM performance_series WHERE metric_id = '$1')"; }
is 'every value' "$(count value)" 8
is 'every sample' "$(count work)" 200
is 'every run' "$(count job.wall)" 8
json_is 'nothing was dropped' 'sum(s["dropped"] for s in d)' 0
try tare doctor
is 'the store is sound' "$status" 0
the_end
