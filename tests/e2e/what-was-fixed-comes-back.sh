#!/bin/sh
# A regression lasts a while, is fixed, and comes back: it is the same alert, seen at once. The
# baseline was never the regression.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null

# values LEVEL COUNT: measurements about a level.
values() {
    for i in $(seq "$2"); do
        printf '%s ' "$(($1 + (i * 7) % 5 - 2))"
    done
}
# shellcheck disable=SC2046
record_each build_time ms $(values 200 24)
commit 'a query in a loop'
# shellcheck disable=SC2046
record_each build_time ms $(values 300 18)
try tare alerts --format json
json_is 'a step is open' '[(d[0]["kind"], d[0]["state"]) for d in [d]]' '[["step", "open"]]'
commit 'no query in a loop'
# shellcheck disable=SC2046
record_each build_time ms $(values 200 8)
try tare alerts --format json --all
json_is 'it is over' '[a["state"] for a in d]' '["resolved", "resolved"]'
try tare baseline --format json
json_is 'and the baseline is not of it' '195 < d[0]["baseline"]["centre"] < 205' true
commit 'a merge that brings the loop back'
back=$(git rev-parse HEAD)
record_each build_time ms 301 299
like 'it comes back, and that is said' "$err" 'alert [0-9]+ reopened'
try tare alerts --format json
json_is 'as the same alert' '[(a["kind"], a["state"]) for a in d]' '[["step", "open"]]'
json_is 'since the new commit' 'd[0]["bad_commit"]' "$back"
id=$(json 'd[0]["id"]')
record_each build_time ms 305 305 305 305 305 305 305 305 305 305
try tare alerts show "$id" --format json
json_is 'what repeats is told with its own numbers' \
    '[(e["action"], e["note"].split(" is ")[0]) for e in d[0]["events"]][-1]' '["repeated", "305 ms"]'
succeeds 'it is explained' tare explain "$id"
printed 'by what the search had found' 'then +stepped from'
printed 'bit for bit' 'the same, bit for bit'
the_end
