#!/bin/sh
# What --format json prints follows docs/schema/, from an empty store to one with everything in it.
. "${0%/*}/lib.sh"
"$PYTHON" -c 'import jsonschema' 2>/dev/null || skip_all 'needs python3-jsonschema'

# follows NAME SCHEMA COMMAND…: its status may be anything; its output follows the schema.
follows() {
    name=$1
    schema=$2
    shift 2
    try "$@"
    if problems=$(printf '%s' "$out" | "$PYTHON" "$SOURCES/tests/docs/follows_schema.py" "$schema" 2>&1); then
        pass "$name"
    else
        fail "$name"
        note "$problems"
        note "$err"
    fi
}
all() {
    for what in status report health alerts sessions export metrics targets baseline doctor version; do
        follows "$1: $what" $what tare $what --format json
    done
}

if printf '{"version": 1, "sqlite": "3"}' | "$PYTHON" "$SOURCES/tests/docs/follows_schema.py" version >/dev/null; then
    fail 'a number for a text is seen'
else pass 'a number for a text is seen'; fi
if printf '{"version": "1", "sqlite": "3", "colour": "red"}' | "$PYTHON" "$SOURCES/tests/docs/follows_schema.py" version >/dev/null; then
    fail 'a key that nobody described is seen'
else pass 'a key that nobody described is seen'; fi

repository
tare init --app shop >/dev/null
all 'nothing recorded'
git tag v1
record_each build_time ms 100 101 99 100 102 98 100 101
all 'no alert yet'
commit 'slower'
record_each build_time ms 150 151 152
record_each APP-001 ms 900 901 902
record_each SVC-001 count 1 1 0
record queue 0 --label 'kind=a b,zone="x"' 2>/dev/null
TARE_COMMIT='' record queue 1e300 2>/dev/null
tare run --quiet --name job -- false
tare run --quiet --name job -- sh -c 'tare record inside 5'
tare alerts ack 1 --notes 'with "quotes", a \ and — a dash' >/dev/null
tare alerts mute 2 --until 7d >/dev/null
all 'with alerts'
follows 'export with samples' export tare export --samples --format json
follows 'all alerts' alerts tare alerts --all --format json
follows 'one alert with its history' alerts tare alerts show 1 --format json
follows 'explain' explain tare explain 1 --format json
follows 'explain of a target' explain tare explain 2 --format json
printf 'notify:\n  - {type: log, path: alerts.log}\n  - {type: webhook, url_env: NOT_SET}\n  - {type: stderr}\n  - {type: command, command: "exit 1"}\n' >>tare.yml
record_each other_time ms 100 101 99 100 102 98 100 101 150 151
follows 'deliveries' deliveries tare notify --format json
follows 'sinks' sinks tare notify sinks --format json
follows 'a try of them' sinks tare notify test --format json
follows 'a doctor for sinks' doctor tare doctor --format json
tare alerts accept 1 >/dev/null
tare baseline pin "$(git rev-parse v1)" --metric build_time >/dev/null
all 'accepted and pinned'
follows 'a failed session' status tare status --app shop --all --format json
follows 'nobody there' status tare status --app nobody --format json
follows 'compare' compare tare compare v1 HEAD --format json
follows 'check' check tare check --format json
follows 'check against a tag' check tare check --base v1 --format json
follows 'its self-test' check tare check --selftest --format json
follows 'trend' trend tare trend build_time --format json
follows 'trend of one value' trend tare trend queue --format json
follows 'analyze' analyze sh -c "{ seq 100 130; seq 200 230; } | tare analyze - --format json"
follows 'analyze of a constant' analyze sh -c "yes 5 | head -n 40 | tare analyze - --format json"
follows 'analyze of two values' analyze sh -c "printf '1\n2\n' | tare analyze - --format json"
the_end
