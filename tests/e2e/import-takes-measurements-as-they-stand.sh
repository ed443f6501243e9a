#!/bin/sh
# tare's own lines without their samples are the measurements they say, however often they come.
. "${0%/*}/lib.sh"
repository
export TARE_STORE="$SCRATCH/tare.db"
FORMATS=$SOURCES/tests/data/formats
succeeds 'the lines are taken in' tare import jsonl "$FORMATS/jsonl/two.jsonl"
succeeds 'and once more' tare import jsonl "$FORMATS/jsonl/two.jsonl"
printed 'which is known' 'in the store already'
try sqlite3 "$SCRATCH/tare.db" "SELECT n, failed, value, min, max, mean, p50, p95, p99 FROM performance_measurements WHERE n = 100"
is 'a summary stands as it is' "$out" '100|3|2.0|1.0|9.0|2.5|2.0|4.0|8.0'
sed '1s/"version": "1.2"/"version": "1.3"/' "$FORMATS/jsonl/two.jsonl" >changed.jsonl
succeeds 'the same session told anew' tare import jsonl changed.jsonl
try sqlite3 "$SCRATCH/tare.db" "SELECT count(*), max(n) FROM performance_measurements"
is 'replaces what it measured' "$out" '3|100'
the_end
