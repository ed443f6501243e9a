#!/bin/sh
# Programs end in any order and clocks are set: what comes late is judged all the same, and a clock
# that was ahead for a while does not make tare deaf until its time has come.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null

# at AGO VALUE…: recorded by a clock that is so many seconds behind (or, below zero, ahead).
at() {
    ago=$1
    shift
    time=$(date -u -d "@$(($(date +%s) - ago))" +%Y-%m-%dT%H:%M:%SZ)
    tare record build_time "$@" --unit ms --time "$time" 2>>"$SCRATCH/noise" || fail "record at $ago"
}
ask() { sqlite3 tare.db "$1"; }
judged() {
    ask "SELECT count(*) FROM performance_measurements m JOIN performance_verdicts v ON v.measurement_id = m.id"
}

for ago in 40000 39000 38000 37000 36000 35000 34000 33000 32000 31000; do
    at "$ago" "$((100 + ago / 1000 % 3))"
done
is 'each is judged' "$(judged)" 10
at 34500 101
is 'one that comes late, too' "$(judged)" 11
at 300000 101
is 'what is days older is kept, not judged' "$(ask 'SELECT count(*) FROM performance_measurements')/$(judged)" 12/11

at -500000 102
is 'a clock is ahead, and what it says is judged' "$(judged)" 12
at 30000 100
at 29000 103
is 'it is set right, and all that follows is judged' "$(judged)" 14
is 'each once' "$(ask 'SELECT max(n) FROM (SELECT count(*) AS n FROM performance_verdicts GROUP BY measurement_id)')" 1
commit 'slower work'
at 28000 160
at 27000 161
like 'a regression is news' "$(cat "$SCRATCH/noise")" 'alert 1 opened'
succeeds 'status' tare status --format json
json_is 'is of the newest that has been, not of the one to come' 'd["metrics"][0]["value"]' 161
try tare check --fail-on critical
printed 'and so is the gate' "$(git rev-parse --short=7 HEAD)"
at 27500 162
try tare alerts --format json
json_is 'a late one repeats the alert' 'd[0]["occurrences"]' 2
succeeds 'it is explained' tare explain 1
printed 'as it was' 'bit for bit'
the_end
