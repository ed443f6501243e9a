#!/bin/sh
# A program that records through libtare and dies by SIGKILL, _exit or abort leaves what it recorded.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
export TARE_INGEST=never
count_of() {
    sql tare.db "SELECT coalesce(sum(m.n), 0) FROM performance_measurements m
        JOIN performance_series s ON s.id = m.series_id
        JOIN performance_metrics k ON k.id = s.metric_id WHERE s.metric_id = 'work'"
}
total=0
for way in kill abort _exit segv; do
    "$PROGRAMS/recording" 100 $way >/dev/null 2>&1
    total=$((total + 100))
    succeeds "taken in after $way" tare ingest
    printed 'as crashed' '1 session crashed'
    try tare sessions --format json
    json_is "the session that ended by $way" 'd[0]["outcome"]' crashed
    is 'nothing is lost' "$(count_of)" $total
done
"$PROGRAMS/recording" 100 exit
total=$((total + 100))
succeeds 'one that ends' tare ingest
try tare sessions --format json
json_is 'is ok' 'd[0]["outcome"]' ok
is 'and whole' "$(count_of)" $total
"$PROGRAMS/recording" 100 fork
total=$((total + 200))
succeeds 'one that forks' tare ingest
is 'has what both recorded' "$(count_of)" $total
succeeds 'taken in again' tare ingest
printed 'there is nothing' '^Took in 0 hand-overs'
is 'and nothing twice' "$(count_of)" $total
try tare baseline --metric work --format json
json_is 'the crashed ones are in no baseline' 'max(b["baseline"]["n"] for b in d) <= 3' true
the_end
