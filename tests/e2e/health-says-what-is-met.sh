#!/bin/sh
# Is tare itself working? Each criterion is met, not met yet, or cannot be known yet, with its figures.
. "${0%/*}/lib.sh"
repository
tare init --app shop >/dev/null
# standing DAYS CRITERION NAME WANTED
standing() {
    json_is "$3" "[c['standing'] for w in d['windows'] if w['days'] == $1 for c in w['criteria'] if c['criterion'] == '$2'][0]" "$4"
}
figure() { json_is "$3" "[w['$2'] for w in d['windows'] if w['days'] == $1][0]" "$4"; }

succeeds 'a fresh store' tare health --format json
standing 30 starts 'no start is not all starts' unknown
standing 30 catalogue 'nor is no metric' unknown
standing 30 inbox 'an empty inbox is in order' met
standing 30 growth 'growth takes time' unknown
succeeds 'in words' tare health
printed 'with why' 'cannot be known yet +starts +no session was recorded'
printed 'and how it is computed' 'never reached the library leaves no trace'

# Seventy days of two starts a day: three metrics of the core, one of them a constant.
"$PYTHON" - >history.jsonl <<'END'
import datetime, json, uuid
now = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
for day in range(70, 0, -1):
    for turn in range(2):
        time = (now - datetime.timedelta(days=day) + datetime.timedelta(minutes=turn)).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = {"APP-001": 400 + (day * 7 + turn) % 5, "SVC-001": 1, "MEM-001": 300 + (day + turn) % 7}
        units = {"APP-001": "ms", "SVC-001": "count", "MEM-001": "MB"}
        print(json.dumps({
            "session": {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{day} {turn}")), "app": "shop", "started_at": time,
                        "ended_at": time, "outcome": "crashed" if (day, turn) == (5, 1) else "ok", "temperature": "warm", "environment": "ci"},
            "measurements": [{"metric_id": name, "unit": units[name], "better": "exact" if name == "SVC-001" else "lower", "time": time, "n": 1,
                              **{key: value for key in ("value", "min", "max", "mean", "p50", "p95", "p99")}}
                             for name, value in values.items()]}))
END
succeeds 'seventy days come in' tare import jsonl history.jsonl
succeeds 'health' tare health --format json
figure 30 starts 'starts: 29 days of two, one of them found dead' '{"handed_over": 57, "found_dead": 1, "lost": 0}'
standing 30 starts 'all recorded' met
standing 60 starts 'in 60 days, too' met
figure 30 catalogue 'three metrics of the catalogue' \
    '{"with_data": 3, "core_with_data": 3, "missing": ["SVC-002", "VAL-001", "VAL-002", "VAL-003", "GEN-001", "API-001", "API-002", "API-003", "EXP-001", "MEM-002", "CPU-001", "FLT-001", "CTX-001", "FDS-001", "THR-001", "IOB-001", "DBQ-001", "ERR-001"]}'
standing 30 catalogue 'are not enough yet' not_met
figure 30 samples 'measurements and samples' '{"measurements": 171, "kept": 171, "dropped": 0, "condensed": 0}'
figure 30 baselines 'two exact baselines, and one of a count that takes all' '{"high": 2, "medium": 0, "low": 1, "learning": 0}'
standing 30 baselines 'two of three are not enough' not_met
json_is 'each by name' '[(b["metric_id"], b["baseline"]["confidence_label"]) for b in d["baselines"]]' \
    '[["APP-001", "high"], ["MEM-001", "high"], ["SVC-001", "low"]]'
standing 30 alerts 'no alert, nothing to answer' unknown
standing 30 growth 'growth is not known of one size' unknown

# An alert of ten days ago that nobody answered, and one that somebody did.
ago() { date -u -d "-$1 days" +%Y-%m-%dT%H:%M:%SZ; }
for turn in 1 2 3 4 5 6; do tare record load 10$turn --unit ms --app shop --time "$(ago 1$((7 - turn)))" 2>/dev/null; done
for day in 11 10 9 8; do tare record load 200 --unit ms --app shop --time "$(ago $day)" 2>/dev/null; done
succeeds 'health again' tare health --format json
figure 30 alerts 'one alert, nobody answered' \
    '{"opened": 1, "acknowledged": 0, "closed": 0, "answered": 0, "late": 1, "mean_hours_to_acknowledge": null, "mean_hours_to_close": null}'
standing 30 alerts 'is late' not_met
tare alerts ack 1 --notes seen >/dev/null 2>&1
succeeds 'acknowledged' tare health --format json
json_is 'after ten days' '235 < d["windows"][0]["alerts"]["mean_hours_to_acknowledge"] < 245' true
standing 30 alerts 'which is late, too' not_met

# What waits in the inbox is seen before this very command takes it in.
TARE_STORE="$PWD/tare.db" TARE_INGEST=never TARE_APP=shop "$PROGRAMS/recording" >/dev/null 2>&1
succeeds 'with a hand-over that waits' tare health --format json
json_is 'it is seen' 'd["inbox"]["waiting_bytes"] > 0 and d["inbox"]["waiting_since"] is not None' true
standing 30 inbox 'a moment is no delay' met
succeeds 'and is taken in' tare health --format json
json_is 'so that nothing waits' 'd["inbox"]["waiting_bytes"]' 0

# Growth: a size noted when the thirty days began, and before that more days than stay raw.
ok 'a size is noted by whoever writes' test -n "$(sql tare.db "SELECT value FROM performance_settings WHERE name = 'sizes'")"
size=$(($(stat -c %s tare.db) - 100000))
sqlite3 tare.db "UPDATE performance_settings SET value = '$(date -u -d '-29 days' +%F) $size' || char(10) || value WHERE name = 'sizes'"
succeeds 'with a size of then' tare health --format json
json_is 'the growth is told' '90000 < d["windows"][0]["growth_bytes_a_month"] < 150000' true
standing 30 growth 'and small enough' met
standing 60 growth 'of sixty days it is not known yet' unknown

printf 'no frame' >tare.db.inbox/damaged
succeeds 'with something that could not be read' tare health --format json
figure 30 starts 'it counts as lost' '{"handed_over": 68, "found_dead": 1, "lost": 1}'
the_end
