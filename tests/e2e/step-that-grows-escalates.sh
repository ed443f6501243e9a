#!/bin/sh
# A step alert that is told as a warning is told once more when the level goes on to where it is graver;
# one stray value does not do that.
. "${0%/*}/lib.sh"
repository
hour=0
record_at() { # VALUE…: a measurement each, an hour after the last
    for value in "$@"; do
        tare record latency "$value" --unit ms --app shop \
            --time "$(printf '2026-03-%02dT%02d:00:00Z' $((hour / 24 + 1)) $((hour % 24)))" 2>>"$SCRATCH/notices"
        hour=$((hour + 1))
    done
}
for round in 1 2 3; do record_at 100 101 99 100 102 98 101 99 100 100; done
record_at 113 114 112 113 115 112 113 114
try tare alerts list --format json
json_is 'a step is open' '[(a["kind"], a["severity"], a["state"]) for a in d]' '[["step", "warning", "open"]]'
record_at 180 113 112
try tare alerts list --format json
json_is 'a stray value leaves it a warning' '[a["severity"] for a in d]' '["warning"]'
record_at 151 149 152 150 151
try tare alerts list --format json
json_is 'a graver level escalates it' '[(a["kind"], a["severity"]) for a in d]' '[["step", "critical"]]'
json_is 'with a reason of its own' '__import__("re").match("stepped from 100 ms to (149|15[012]) ms", d[0]["reason"]) is not None' true
is 'that is told once' "$(grep -c 'escalated' "$SCRATCH/notices")" 1
try tare explain "$(tare alerts list --format json | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')" --format text
then=$(printf '%s\n' "$out" | sed -n 's/^  then  *//p')
like 'explain says what was found' "$then" '^stepped from 100 ms to 113 ms'
is 'and finds it again' "$(printf '%s\n' "$out" | sed -n 's/^  again  *//p')" "$then"

tare alerts ack 2 --notes 'looking into it' >/dev/null
record_at 160 158 161 159 160 162 158 160
is 'a little more is no news' "$(grep -c 'escalated' "$SCRATCH/notices")" 1
record_at 300 161 159
is 'nor is a stray value' "$(grep -c 'escalated' "$SCRATCH/notices")" 1
record_at 249 251 250 252 250 251 249
is 'twice as far as was told is, though it cannot be graver, to who has seen it too' "$(grep -c 'escalated' "$SCRATCH/notices")" 2
like 'with what it was' "$(tail -n 1 "$SCRATCH/notices")" 'escalated: critical: latency: stepped from 100 ms to 25[01] ms \(\+15[01] %, z [0-9.]+\), \+(49|50|51) % when last told'
record_at 250 252 249 251 250 252 249 251
is 'once' "$(grep -c 'escalated' "$SCRATCH/notices")" 2
try tare alerts list --format json
json_is 'it is the same alert' '[(a["kind"], a["state"]) for a in d]' '[["step", "acknowledged"]]'
the_end
