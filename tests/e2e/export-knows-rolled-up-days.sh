#!/bin/sh
# Days of which only the rollup is left are exported when asked for, as what they are.
. "${0%/*}/lib.sh"
repository
printf 'store: tare.db\napp: shop\nretention:\n  raw_days: 30\n' >tare.yml
old=$(date -u -d '60 days ago' +%s)
old=$((old - old % 86400))
# Two days of twenty measurements, then thirty new ones, all of one level.
for turn in $(seq 1 20); do
    for day in 0 1; do
        tare record speed $((100 + turn % 3)) --unit ms --time "$(date -u -d "@$((old + day * 86400 + turn * 60))" +%Y-%m-%dT%H:%M:%SZ)"
    done
done
# shellcheck disable=SC2046 # numbers
record_each speed ms $(for turn in $(seq 1 30); do echo $((100 + turn % 3)); done)
succeeds 'prune' tare prune
gone=$(sql tare.db 'SELECT coalesce(sum(measurements), 0) FROM performance_rollups')
left=$(sql tare.db 'SELECT count(*) FROM performance_measurements')
is 'takes the old days away' "$gone" 40
succeeds 'what is left' tare export --output left.csv
said 'says what is missing' 'only rollups are left: --rollups adds them'
is 'is what is left' "$(($(wc -l <left.csv) - 1))" "$left"
succeeds 'with the days' tare export --rollups --output both.csv
printed 'says how many' 'Wrote 30 measurements of 30 sessions and 2 rolled-up days to both.csv' 
is 'nothing is missing then' "$err" ''
is 'every measurement is in a row or in a day' "$("$PYTHON" -c '
import csv
rows = list(csv.DictReader(open("both.csv")))
days = [row for row in rows if row["rolled_up"]]
assert all(not row["session_id"] and not row["commit"] for row in days)
assert [row["time"] for row in days] == sorted(row["time"] for row in days)
assert rows[: len(days)] == days
print(sum(int(row["rolled_up"]) for row in days) + len(rows) - len(days))')" "$((gone + left))"
first=$(sed -n 2p both.csv)
like 'a day begins at midnight' "$first" "ms,lower,$(date -u -d "@$old" +%Y-%m-%d)T00:00:00Z,"
try tare export --rollups --format json
json_is 'as JSON they are days' 'sum(1 for x in d if "day" in x)' 2
json_is 'with their numbers' '[[x["day"][k] for k in ("metric_id", "unit", "app", "min", "max", "measurements", "n")] for x in d if "day" in x][0]' \
    '["speed", "ms", "shop", 100, 102, 20, 20]'
json_is 'the value is the median of theirs within 1 %' 'all(abs(x["day"]["value"] - 101) <= 1.01 for x in d if "day" in x)' true
try tare export --rollups --until "$(date -u -d "@$((old + 3600))" +%Y-%m-%dT%H:%M:%SZ)" --format jsonl
is 'by time' "$(printf '%s\n' "$out" | grep -c '"day"')" 1
fails_with 2 'a commit of a day' tare export --rollups --commit "$HEAD7"
said 'is not known' 'a rollup knows no commit, branch or session'

tare export --rollups --format jsonl --output both.jsonl >/dev/null
for format in csv jsonl; do
    succeeds "imported from $format" tare import $format both.$format --store $format.db
    is 'what was measured is there, the days are not' \
        "$(sql $format.db 'SELECT count(*) FROM performance_measurements')" "$left"
done
the_end
