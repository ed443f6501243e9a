#!/bin/sh
# Days of which only the rollup is left are exported when asked for, as what they are.
. "${0%/*}/lib.sh"
repository
printf 'store: tare.db\napp: shop\nretention:\n  raw_days: 30\n' >tare.yml
old=$(date -u -d '60 days ago' +%s)
old=$((old - old % 86400))
# Two days of twenty measurements, then more new ones than detection looks at, all of one level.
"$PYTHON" - "$old" >history.jsonl <<'END'
import json, sys, time, uuid
now = int(time.time())
moments = [int(sys.argv[1]) + day * 86400 + turn * 60 for day in (0, 1) for turn in range(1, 21)]
moments += [now - 3600 + turn * 10 for turn in range(230)]
for turn, moment in enumerate(moments):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
    values = dict.fromkeys(("value", "min", "max", "mean", "p50", "p95", "p99"), 100 + turn % 3)
    print(json.dumps({
        "session": {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, str(turn))), "app": "shop", "started_at": stamp, "ended_at": stamp,
                    "outcome": "ok", "temperature": "warm", "environment": "ci"},
        "measurements": [{"metric_id": "speed", "unit": "ms", "better": "lower", "time": stamp, "n": 1, **values}]}))
END
succeeds 'a history comes in' tare import jsonl history.jsonl
sqlite3 tare.db 'UPDATE performance_sessions SET taken_at = started_at' # as if it had come day by day
succeeds 'prune' tare prune
gone=$(sql tare.db 'SELECT coalesce(sum(measurements), 0) FROM performance_rollups')
left=$(sql tare.db 'SELECT count(*) FROM performance_measurements')
is 'takes the old days away' "$gone" 40
succeeds 'what is left' tare export --output left.csv
said 'says what is missing' 'only rollups are left: --rollups adds them'
is 'is what is left' "$(($(wc -l <left.csv) - 1))" "$left"
succeeds 'with the days' tare export --rollups --output both.csv
printed 'says how many' "Wrote $left measurements of $left sessions and 2 rolled-up days to both.csv"
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
