#!/bin/sh
# Exported as JSON Lines and imported into an empty store, everything is there again, byte for byte.
. "${0%/*}/lib.sh"
repository
git remote add origin https://example.org/shop.git
export TARE_STORE="$PWD/first.db"
printf 'app: shop\nmetrics:\n  - id: latency\n    unit: ms\n    target: 120\n    aggregate: p95\n    warmup: 1\n    persist: 3/5\n' >tare.yml

# A store with all there is: labels, versions, failures, crashes, joined programs, long sessions, odd names.
record_each speed ms 100 110 120 130
record latency 95 96 97 --unit ms --label 'zone=a b,kind=x' --app-version 1.2
record size 7 --unit count --app 'odd "app", really' --env lab --label 'k\,1=v\=2'
record 'café [threads=4, size=10]' 0.1 1e300 --unit ms
TARE_COMMIT='' TARE_BRANCH='' record free 3 --app free
touch file
git add file
record build 3 --unit s
git commit -q -m 'with a file'
tare run --quiet --name job -- sh -c 'tare record inside 5 6 --label own=1; exit 1'
tare run --quiet --repeat 3 --name thrice -- true
"$PROGRAMS/recording" 3000
"$PROGRAMS/recording" 5 kill 2>/dev/null
tare ingest >/dev/null 2>&1
for file in hyperfine/traps.json jmh/results.json go/bench.txt github-action-benchmark/data.js openmetrics/metrics.txt csv/wide.csv; do
    tare import auto "$SOURCES/tests/data/formats/$file" >/dev/null || fail "import $file"
done
tare sessions exclude "$(sql first.db "SELECT session_id FROM performance_sessions WHERE app = 'free'")"
sql_count() { sql "$1" "SELECT (SELECT count(*) FROM performance_sessions), (SELECT count(*) FROM performance_measurements), (SELECT sum(n) FROM performance_samples)"; }
is 'the store has something of everything' "$(sql first.db "SELECT count(DISTINCT outcome) FROM performance_sessions;
  SELECT count(*) > 0 FROM performance_samples WHERE buckets IS NOT NULL; SELECT count(*) > 0 FROM performance_samples WHERE failed > 0;
  SELECT count(*) > 0 FROM performance_measurements WHERE excluded; SELECT count(*) > 0 FROM performance_measurements WHERE value IS NULL;
  SELECT count(*) > 0 FROM performance_sessions WHERE dirty" | tr '\n' ' ')" '3 1 1 1 1 1 '

# through OPTION…: export, import elsewhere, export again: what differs.
through() {
    rm -rf second.db second.db-* second.db.*
    tare export "$@" --format jsonl --output one.jsonl >/dev/null &&
        (cd "$SCRATCH/home" && TARE_STORE="$SCRATCH/desk/second.db" tare import jsonl "$SCRATCH/desk/one.jsonl") >said 2>&1 &&
        tare export "$@" --format jsonl --store second.db --output two.jsonl >/dev/null &&
        cmp one.jsonl two.jsonl >>said 2>&1
}
ok 'with samples it is the same' through --samples
note "$(cat said)"
is 'in number of everything' "$(sql_count second.db)" "$(sql_count first.db)"
tables='SELECT app, version, started_at, ended_at, outcome, temperature, git_commit, git_branch, dirty, labels, dropped, condensed, source
  FROM performance_sessions ORDER BY session_id;
  SELECT key, cpu, os, architecture, cores, memory_mb FROM performance_environments ORDER BY key;
  SELECT s.session_id, window_start, metric_id, r.labels, r.app, m.time, n, failed, value, min, max, mean, p50, p95, p99, excluded, final
  FROM performance_measurements m JOIN performance_series r ON r.id = m.series_id
  JOIN performance_sessions s ON s.id = m.session_id ORDER BY s.session_id, metric_id, r.labels, window_start;
  SELECT m.id, name, m.unit, better, aggregate, category, weight, warmup, min_change, resolution, persist_needed, persist_of,
  target_value, warning_threshold, error_threshold FROM performance_metrics m JOIN performance_targets t ON t.metric_id = m.id
  WHERE m.id IN (SELECT metric_id FROM performance_series) ORDER BY m.id'
sql first.db "$tables" >first.txt || fail 'reading the tables'
sql second.db "$tables" >second.txt
ok 'and in every column' cmp first.txt second.txt
note "$(diff first.txt second.txt | head -n 10)"
ok 'without samples it is the same as well' through
ok 'and one app of it' through --app shop --samples

tare export --output one.csv >/dev/null
(cd "$SCRATCH/home" && TARE_STORE="$SCRATCH/desk/table.db" tare import csv "$SCRATCH/desk/one.csv") >said 2>&1
tare export --store table.db --output two.csv >/dev/null
ok 'as CSV the measurements are the same, too' cmp one.csv two.csv
note "$(cat said)"

tare export --samples --format jsonl --output before.jsonl >/dev/null
counted=$(sql_count first.db)
succeeds 'into the store that it came from' tare import jsonl before.jsonl
tare export --samples --format jsonl --output after.jsonl >/dev/null
ok 'it changes nothing' cmp before.jsonl after.jsonl
is 'and doubles nothing' "$(sql_count first.db)" "$counted"
succeeds 'once more' tare import jsonl before.jsonl
printed 'it is known' 'in the store already'

# A session that was exported while it ran, and again when there was more of it.
export TARE_STORE="$PWD/third.db"
line() {
    printf '{"session": {"id": "0b9e2a44-7c1d-4f6e-9a57-1f2e3d4c5b6a", "app": "a", "started_at": "2025-01-01T00:00:00Z", "ended_at": %s, ' "$1"
    printf '"commit": null, "outcome": "%s"}, "measurements": [{"metric_id": "m", "unit": "ms", "time": "2025-01-01T00:00:05Z", "n": %d, ' "$2" "$3"
    printf '"value": 1, "min": 1, "max": 1, "mean": 1, "p50": 1, "p95": 1, "p99": 1, "samples": [%s]}]}\n' "$4"
}
line null running 2 '1, 1' >early.jsonl
line '"2025-01-01T00:00:09Z"' ok 3 '1, 1, 1' >late.jsonl
succeeds 'a session that runs' tare import jsonl early.jsonl
succeeds 'and is over' tare import jsonl late.jsonl
is 'is what it was in the end' "$(sql third.db "SELECT outcome, final, (SELECT count(*) FROM performance_measurements),
  (SELECT sum(n) FROM performance_samples), m.n FROM performance_sessions, performance_measurements m")" 'ok|1|1|3|3'
the_end
