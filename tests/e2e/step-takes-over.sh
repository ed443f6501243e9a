#!/bin/sh
# A step that stays: the baseline alert opens first, the step alert takes it over, names the commits,
# and holds the baseline where it was until somebody accepts.
. "${0%/*}/lib.sh"
repository
day=1
record_at() { # VALUE: one measurement, an hour after the last
    hour=$((day % 24))
    date=$((day / 24 + 1))
    tare record latency "$1" --unit ms --app shop \
        --time "$(printf '2026-03-%02dT%02d:00:00Z' $date $hour)" 2>>"$SCRATCH/notices"
    day=$((day + 1))
}
for round in 1 2 3 4; do
    for value in 100 103 98 101 99 102 97 100 104 96; do record_at $value; done
done
good=$(git rev-parse HEAD)
git commit -q --allow-empty -m 'slower'
bad=$(git rev-parse HEAD)
for value in 118 121 117 120 119 122 118 120 116 121; do record_at $value; done
try tare alerts list --all --format json
json_is 'the step alert is open' '[a["state"] for a in d if a["kind"] == "step"]' '["open"]'
json_is 'it took the baseline alert over' '[a["state"] for a in d if a["kind"] == "baseline"]' '["resolved"]'
json_is 'last good commit' '[a["good_commit"] for a in d if a["kind"] == "step"][0]' "$good"
json_is 'first bad commit' '[a["bad_commit"] for a in d if a["kind"] == "step"][0]' "$bad"
try tare baseline --format json
json_is 'the baseline is frozen' 'd[0]["baseline"]["state"]' frozen
json_is 'at the level before' '90 < d[0]["baseline"]["centre"] < 110' true
step=$(tare alerts list --format json | "$PYTHON" -c 'import json,sys; print([a["id"] for a in json.load(sys.stdin) if a["kind"] == "step"][0])')
succeeds 'accepting it' tare alerts accept --id "$step" --notes 'worth it'
for value in 118 121 117 120 119 122; do record_at $value; done
try tare baseline --format json
json_is 'begins a new baseline' 'd[0]["baseline"]["centre"] > 115' true
try tare alerts list --format json
is 'and nothing is open' "$out" '[]'
try tare trend latency --format json
json_is 'the change point stays in the history' 'len(d[0]["change_points"])' 1

for value in 150 151 149 152 150 148 151 150; do record_at $value; done
for value in 118 121 117 120; do record_at $value; done
like 'one that is over says what is there now, not what is gone' "$(grep resolved "$SCRATCH/notices" | tail -n 1)" \
    'resolved: latency: 1[0-9.]+ ms is '
the_end
