#!/bin/sh
# A program is looked at while it runs; nothing is taken from it; disabled, it leaves nothing behind.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
export TARE_INGEST=never PROGRAMS
succeeds 'nobody runs' tare status --live
printed 'which is said' '(No|no) '
record_each work ms 10 11 12
for turn in 1 2 3 4 5 6; do
    TARE_TEMPERATURE=warm "$PROGRAMS/recording" 20
done
tare ingest >/dev/null
export TARE_TEMPERATURE=warm
mkfifo words
"$PROGRAMS/recording" 40 exit 60000 >words &
running=$!
background="$background $running"
read -r word <words
is 'a program has recorded' "$word" recorded
succeeds 'it is seen' tare status --live --format json
json_is 'as live' 'd["live"]' true
json_is 'running' 'd["session"]["outcome"]' running
json_is 'with what it recorded so far' '[m["n"] for m in d["metrics"] if m["id"] == "work"]' '[40]'
json_is 'held against its own baseline' '[m["baseline"]["n"] >= 6 for m in d["metrics"] if m["id"] == "work"]' '[true]'
json_is 'in its environment' 'd["session"]["environment"] is not None' true
printf '%s' "$out" >live.json
if problems=$("$PYTHON" "$SOURCES/tests/docs/follows_schema.py" status <live.json 2>&1); then
    pass 'as the schema has it'
else
    case $problems in *ModuleNotFound*) skip 'as the schema has it' 'needs python3-jsonschema' ;; *)
        fail 'as the schema has it'
        note "$problems"
        ;;
    esac
fi
succeeds 'for people, too' tare status --live
printed 'in words' 'running'
succeeds 'ingest leaves it alone' tare ingest
printed 'and says so' '1 still running'
kill -KILL $running
wait $running 2>/dev/null
succeeds 'killed, it is taken up' tare ingest
printed 'as crashed' '1 session crashed'
is 'nothing is lost' "$(sql tare.db 'SELECT sum(n) FROM performance_measurements WHERE series_id IN
    (SELECT id FROM performance_series WHERE metric_id = "work")')" $((3 + 6 * 20 + 40))

for variable in TARE_DISABLE DISABLE_PERFORMANCE_TRACKING; do
    env $variable=1 "$PROGRAMS/recording" 40
    succeeds "with $variable" tare ingest
    printed 'there is nothing to take in' '^Took in 0'
done
try sh -c 'TARE_STORE=:memory: "$PROGRAMS/recording" 40; tare sessions --format json'
json_is 'a store in memory leaves nothing behind' 'len(d)' 10
the_end
