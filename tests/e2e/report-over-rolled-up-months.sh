#!/bin/sh
# A report over months of which most days are rolled up says what it said while they were all there.
. "${0%/*}/lib.sh"
repository
printf 'store: tare.db\napp: shop\nretention:\n  raw_days: 30\nmetrics:\n  - id: load\n    unit: ms\n    target: 130\n' >tare.yml
"$PYTHON" - >history.jsonl <<'END'
import datetime, json, random, uuid
random.seed(4)
now = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
for day in range(180, -1, -1):
    for turn in range(8):
        time = (now - datetime.timedelta(days=day) + datetime.timedelta(minutes=turn)).strftime("%Y-%m-%dT%H:%M:%SZ")
        level = 120 if day > 89 else 150 if day > 40 else 125
        values = {"load": random.gauss(level, 4), "inits": 1}
        print(json.dumps({
            "session": {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{day} {turn}")), "app": "shop", "started_at": time,
                        "ended_at": time, "outcome": "ok", "temperature": "warm", "environment": "ci"},
            "measurements": [{"metric_id": name, "unit": "ms" if name == "load" else "count", "better": "lower", "time": time, "n": 1,
                              **{key: value for key in ("value", "min", "max", "mean", "p50", "p95", "p99")}}
                             for name, value in values.items()]}))
END
succeeds 'half a year comes in' tare import jsonl history.jsonl
until=$(date -u +%Y-%m-%d)
for days in 30 60 90; do
    succeeds "$days days, all there" tare report --days "$days" --until "$until" --format json
    printf '%s' "$out" >"before.$days"
done
sqlite3 tare.db 'UPDATE performance_sessions SET taken_at = started_at' # as if it had come day by day
succeeds 'old days are rolled up' tare prune
rolled=$(sql tare.db 'SELECT sum(measurements) FROM performance_rollups')
ok "$rolled measurements are" test "$rolled" -gt 900
for days in 30 60 90; do
    succeeds "$days days, most of them rolled up" tare report --days "$days" --until "$until" --format json
    printf '%s' "$out" >"after.$days"
    if "$PYTHON" - "before.$days" "after.$days" 2>why <<'END'
import json, sys
before, after = ({m["id"]: m for m in json.load(open(path))["metrics"]} for path in sys.argv[1:])
for name, was in before.items():
    now = after[name]
    for part in ("values", "observations", "before"):
        for key in ("n", "min", "max"):
            assert was[part][key] == now[part][key], (name, part, key, was[part], now[part])
        if was[part]["n"]:
            assert abs(was[part]["mean"] / now[part]["mean"] - 1) < 1e-12, (name, part, "mean")
            for key in ("median", "p95", "p99"):
                assert abs(was[part][key] / now[part][key] - 1) < 0.01, (name, part, key, was[part], now[part])
    a, b = was["change"], now["change"]
    assert a["verdict"] == b["verdict"], (a, b)
    assert abs(a["percent"] - b["percent"]) < 1.6, (a, b)
    assert b["low_percent"] <= a["low_percent"] + 0.01 and b["high_percent"] >= a["high_percent"] - 0.01, (a, b)
    assert was["watch"] == now["watch"] or abs(was["watch"]["current"] / now["watch"]["current"] - 1) < 0.01, (was, now)
    for key in ("state", "since", "fixed_at", "peak", "peak_at", "measurements_over"):
        assert not was["watch"] or was["watch"][key] == now["watch"][key], (key, was["watch"], now["watch"])
END
    then pass "$days days: counts and extremes exactly, quantiles within 1 %, the same verdicts and watch list"; else
        fail "$days days"
        note "$(tail -n 1 why)"
    fi
done
json_is 'it says how many days' 'd["metrics"][0]["rolled_up_days"] > 50' true
json_is 'that sessions of these days are gone' 'd["sessions"]["rolled_up"]' true
json_is 'since when it was over its target' '(d["watch_list"][0]["state"], d["watch_list"][0]["measurements_over"])' '["fixed", 392]'
succeeds 'as text' tare report --days 90 --until "$until"
printed 'says so, too' 'rolled up: counts, least, greatest and mean are exact'
printed 'and of the sessions' 'no session is known any more'
succeeds 'of a branch' tare report --days 90 --branch main
printed 'days without a branch are left out, and it says so' 'know no branch and are left out'
the_end
