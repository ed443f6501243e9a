#!/bin/sh
# What runs under `tare run` adds metrics to the same session: from a script, and through libtare.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
succeeds 'a script records while it is run' \
    tare run --name build -- sh -c 'tare record objects 120; tare record link_time 35 36 37 --unit ms'
said 'the summary shows its metrics' 'objects +120'
said 'and the run'\''s own' 'build\.wall'
try tare sessions --format json
json_is 'all in one session' 'len(d)' 1
json_is 'of the app' 'd[0]["app"]' shop
json_is 'eight of the run and two of the child' 'd[0]["measurements"]' 10
try tare status --all --format json
json_is 'with the child'\''s values' '[m["value"] for m in d["metrics"] if m["id"] == "link_time"]' '[36]'
json_is 'and how many samples' '[m["n"] for m in d["metrics"] if m["id"] == "link_time"]' '[3]'

succeeds 'a program that links libtare is run' tare run --name worker -- "$PROGRAMS/recording" 50
try tare sessions --format json
json_is 'one more session' 'len(d)' 2
try tare status --all --format json
json_is 'the newest has its samples' '[m["n"] for m in d["metrics"] if m["id"] == "work"]' '[50]'
json_is 'and the run'\''s' '[m["n"] for m in d["metrics"] if m["id"] == "worker.wall"]' '[1]'

succeeds 'repeated' tare run --name worker --repeat 3 --warmup 2 -- "$PROGRAMS/recording" 10
try tare status --all --format json
json_is 'each repetition is a sample of the run' \
    '[m["n"] for m in d["metrics"] if m["id"] == "worker.wall"]' '[3]'
try tare sessions --format json
json_is 'still one session a run' 'len(d)' 3
is "the child's come from all three, none from the warm-up, none twice" \
    "$(sql tare.db "SELECT sum(n) FROM performance_measurements WHERE series_id IN
        (SELECT id FROM performance_series WHERE metric_id = 'work')")" 80
is 'and make one measurement' \
    "$(sql tare.db "SELECT count(*) FROM performance_measurements WHERE series_id IN
        (SELECT id FROM performance_series WHERE metric_id = 'work')
        AND session_id = (SELECT max(id) FROM performance_sessions)")" 1
fails_with 3 'a run that fails' tare run --name worker -- sh -c "$PROGRAMS/recording 10; exit 3"
is 'takes what the child recorded with it: no verdict' \
    "$(sql tare.db "SELECT count(*) FROM performance_verdicts WHERE measurement_id IN
        (SELECT id FROM performance_measurements
         WHERE session_id = (SELECT max(id) FROM performance_sessions))")" 0

succeeds 'a script that records one metric again and again' tare run --quiet --name loop -- \
    sh -c 'for value in 1 2 9; do tare record step $value; done'
is 'makes one measurement of it, too' "$(sql tare.db "SELECT m.n, m.value FROM performance_measurements m
        JOIN performance_series s ON s.id = m.series_id WHERE s.metric_id = 'step'")" '3|2.0'

for size in 5 5 5 5 5 5; do tare run --quiet --name job -- tare record size $size --unit MB; done
try tare run --quiet --name job -- tare record size 9
said 'a quiet run is silent but for the alert that opens' '^tare: alert 1 opened: critical: size: 9 MB is 80 % above'
unlike 'without a summary' "$err" 'performance|baseline  '
the_end
