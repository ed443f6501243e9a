#!/bin/sh
# A killed command is crashed, a failing one failed; neither gets a verdict nor enters a baseline.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
fails_with 137 'a command killed by SIGKILL' tare run --name job -- sh -c 'tare record inside 5; kill -KILL $$'
said 'the summary says crashed' 'crashed'
try tare sessions --format json
json_is 'so does the session' 'd[0]["outcome"]' crashed
json_is 'and what it recorded before is there' 'd[0]["measurements"] >= 1' true
fails_with 3 'a command that fails' tare run --name job -- sh -c 'tare record inside 6; exit 3'
said 'the summary says failed' 'failed'
fails_with 4 'with nothing to tell' tare run --name other -- sh -c 'exit 4'
said 'in one line' '^  It failed: nothing was measured, and nothing is judged\.$'
unlike 'not in a table of dashes' "$err" '–'
try tare sessions --format json
json_is 'so does the session' 'd[0]["outcome"]' failed
try tare baseline --format json
json_is 'no baseline has any of it' 'sum(b["baseline"]["n"] for b in d)' 0
try tare status --format json
json_is 'no verdict on it' '[m["verdict"]["severity"] for m in d["metrics"] if m["verdict"]["severity"] != "ok"]' '[]'
for turn in 1 2 3 4 5; do
    tare run --quiet --name job -- sh -c "tare record inside 10 && test $turn"
done
try tare baseline --metric inside --format json
json_is 'the good ones do' 'sum(b["baseline"]["n"] for b in d)' 5
fails_with 137 'killed again, far off' tare run --quiet --name job -- sh -c 'tare record inside 1000; kill -KILL $$'
fails_with 137 'and again' tare run --quiet --name job -- sh -c 'tare record inside 1000; kill -KILL $$'
succeeds 'that is no alert' tare alerts
printed 'of any kind' 'No alerts'
the_end
