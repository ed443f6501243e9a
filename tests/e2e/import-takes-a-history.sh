#!/bin/sh
# A whole history of another tool becomes sessions at their commits; a broken file changes nothing.
. "${0%/*}/lib.sh"
repository
FORMATS=$SOURCES/tests/data/formats
succeeds 'a history is imported' tare import auto "$FORMATS/github-action-benchmark/data.js" --app bench
printed 'and what it was is said' 'github-action-benchmark'
try tare sessions --limit 0 --format json
json_is 'each entry is a session at a commit' 'len(d) > 0 and all(s["commit"] for s in d)' true
sessions=$out
succeeds 'the same file again' tare import auto "$FORMATS/github-action-benchmark/data.js" --app bench
printed 'is known' 'in the store already'
try tare sessions --limit 0 --format json
is 'and adds nothing' "$out" "$sessions"
printf '{"results": [{"command": "x", "times": [1.0, ' >broken.json
fails_with 3 'a broken file' tare import hyperfine "$FORMATS/hyperfine/traps.json" broken.json --app other
said 'is named with the place' 'broken.json:1'
try tare sessions --app other --format json
is 'and nothing of the call was kept' "$out" '[]'
fails_with 2 'an unknown format' tare import nonsense broken.json
said 'the known ones are named' 'hyperfine'
fails_with 3 'a missing file' tare import auto nowhere.json
succeeds 'standard input' sh -c "tare import hyperfine - --app piped <'$FORMATS/hyperfine/traps.json'"
try tare sessions --app piped --format json
json_is 'is taken as well' 'len(d) > 0' true
the_end
