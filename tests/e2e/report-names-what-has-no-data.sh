#!/bin/sh
# The detailed report: hand-checked numbers, and what nobody measured, since when.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
printf 'metrics:\n  - id: build_time\n    unit: ms\n    target: 105\n  - id: forgotten\n    unit: ms\n  - id: planned\n    unit: s\n' >>tare.yml
at() { tare record "$2" "$3" --unit ms --time "$1" 2>/dev/null; }
for value in 100 102 98 101 99; do at "2026-03-0$((value % 5 + 1))T12:00:00Z" build_time $value; done
for value in 120 122 118 121 119; do at "2026-03-1$((value % 5 + 1))T12:00:00Z" build_time $value; done
at 2026-01-31T08:00:00Z forgotten 5
report() { tare report --until 2026-03-17 --days 10 "$@"; }
succeeds 'the report' report --format json
json_is 'n' 'd["metrics"][0]["n"]' 5
json_is 'median' 'd["metrics"][0]["median"]' 120
json_is 'p95, of type 7' 'd["metrics"][0]["p95"]' 121.8
json_is 'of the ten days before' 'd["metrics"][0]["before"]["median"]' 100
# scipy.stats.mannwhitneyu gives p = 2/252 for 5 above 5; the shift of the medians of pairs is 20,
# its 95 % interval (R: wilcox.test(b, a, conf.int = TRUE)) 17 to 23.
json_is 'the change' 'd["metrics"][0]["change"]["percent"]' 20
json_is 'its interval' '[d["metrics"][0]["change"][k] for k in ("low_percent", "high_percent")]' '[17, 23]'
json_is 'p' 'round(d["metrics"][0]["change"]["p"], 6)' 0.007937
json_is 'its verdict' 'd["metrics"][0]["change"]["verdict"]' regressed
json_is 'the watch list' '[d["watch_list"][0][k] for k in ("metric_id", "state", "since", "peak", "peak_at")]' \
    '["build_time", "active", "2026-03-11T00:00:00Z", 122, "2026-03-13T00:00:00Z"]'
json_is 'nothing of one of them for weeks' '[(g["metric_id"], g["last_at"]) for g in d["no_data"] if g["defined_in"] == "tare.yml"]' \
    '[["forgotten", "2026-01-31T08:00:00Z"], ["planned", null]]'
json_is 'the catalogue is not missed where nobody uses it' 'len([g for g in d["no_data"] if g["defined_in"] == "catalogue"])' 0
json_is 'sessions' '[d["sessions"][k] for k in ("total", "ok", "failed")]' '[5, 5, 0]'
succeeds 'as text' report
printed 'a line a metric' 'build_time +5 +120 ms +122 ms +\+20 % .*regressed'
printed 'when it was last measured' 'forgotten .*last on 2026-01-31'
printed 'what never was' 'never: .*planned'
printed 'the watch list, with its words' 'active +build_time since 2026-03-11, worst 122 ms \(16.2 % over the target of 105 ms\)'
succeeds 'the same again' report
first=$out
succeeds 'and again' report
is 'is the same to the letter' "$out" "$first"
succeeds 'too few for an interval' tare report --until 2026-03-12 --days 2 --format json
json_is 'is not taken for a change' '[d["metrics"][0]["change"][k] for k in ("verdict", "low_percent")]' '["inconclusive", null]'
succeeds 'and in words' tare report --until 2026-03-12 --days 2
printed 'says so' 'nothing before'
succeeds 'one metric' report --metric forgotten --format json
json_is 'and no other' '(len(d["metrics"]), [g["metric_id"] for g in d["no_data"]])' '[0, ["forgotten"]]'
fails_with 2 'a metric that nothing knows' report --metric buildtime
said 'names those nearby' 'build_time'
printf '%s\n' '{"session": {"id": "11111111-2222-3333-4444-555555555555", "app": "shop", "started_at": "2026-02-20T00:00:00Z", "ended_at": "2026-03-20T00:00:00Z", "outcome": "ok", "temperature": "warm", "environment": "ci"}, "measurements": [{"metric_id": "queue", "unit": "count", "better": "lower", "time": "2026-03-10T00:00:00Z", "n": 1, "value": 3, "min": 3, "max": 3, "mean": 3, "p50": 3, "p95": 3, "p99": 3}]}' >long.jsonl
succeeds 'a session of a month comes in' tare import jsonl long.jsonl
succeeds 'report with it' report --format json
json_is 'it was measured in the period, though begun before' 'd["sessions"]["total"]' 6
succeeds 'one metric of the catalogue is used' tare record APP-001 300 --unit ms
succeeds 'report with it' report --format json
json_is 'the others are missed' 'len([g for g in d["no_data"] if g["defined_in"] == "catalogue"])' 20
fails_with 2 'no days' report --days 0
fails_with 2 'a time that is none' tare report --until yesterday
succeeds 'into a file' report --format markdown --output report.md
is 'and not to standard output' "$out" ''
like 'which is there' "$(cat report.md)" '^## shop: 2026-03-08 to 2026-03-17, 10 days$'
fails_with 3 'a folder that is not there' report --output nowhere/report.md
said_clearly 'is a sentence'
succeeds 'CSV' report --format csv
is 'a line each of two series, and one of names' "$(printf '%s\n' "$out" | wc -l)" 3
like 'which name what is in them' "$(printf '%s\n' "$out" | head -n 1)" '^metric_id,name,unit,.*,median,p95,'
the_end
