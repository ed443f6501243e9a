#!/bin/sh
# A history says the same however it comes: at once, backwards, in pieces, session by session.
. "${0%/*}/lib.sh"
repository
export TARE_CONFIG=/dev/null

# Seven series of 260 sessions: a step up, one that comes back twice, a drift, spikes, a constant that changes, wide noise,
# and a budget that is passed; some sessions failed, some are of another branch.
cat >"$SCRATCH/history.py" <<'END'
import datetime, json, random, sys
random.seed(11)
start = datetime.datetime(2025, 3, 1)
def noise(cv):
    return 1 + cv * random.gauss(0, 1)
def values(i):
    return {
        "step": 100 * noise(0.03) * (1.3 if 90 <= i < 230 else 1),
        "there_and_back": 5 * noise(0.04) * (1.5 if 120 <= i < 134 or 145 <= i < 165 else 1),
        "drift": 40 * noise(0.02) * (1 + max(0, i - 60) * 0.0015),
        "spikes": 250 * noise(0.03) * (random.choice([1, 1.6, 2]) if random.random() < 0.08 else 1),
        "constant": 12.0 if i < 150 else 13.5 if i < 151 else 15.0,
        "wide": 9 * noise(0.12),
        "budget": 80 * noise(0.02) * (1.4 if i > 200 else 1),
    }
for i in range(260):
    time = (start + datetime.timedelta(hours=7 * i)).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps({
        "session": {"id": "%08x-0000-4000-8000-00000000abcd" % i, "app": "shop", "environment": "lab",
                    "started_at": time, "ended_at": time, "outcome": "failed" if i % 41 == 40 else "ok",
                    "commit": "%040x" % (i // 3), "branch": "main"},
        "measurements": [
            {"metric_id": name, "unit": "count" if name == "constant" else "ms", "better": "lower", "time": time,
             "n": 1, "value": value, **({"target": 90} if name == "budget" else {})}
            for name, value in values(i).items()]}))
END
"$PYTHON" "$SCRATCH/history.py" >history.jsonl

# All that detection keeps, without the numbers that rows happen to have.
told() {
    sqlite3 "$1" "
        CREATE TEMP TABLE place AS
            SELECT m.id, r.metric_id AS metric, m.time FROM performance_measurements m
            JOIN performance_series r ON r.id = m.series_id;
        SELECT p.metric, p.time, v.severity, tiers, target_severity, baseline_severity, deviation_target,
            deviation_baseline, z, z_target, v.p, ratio, flags, v.reason, centre, spread, baseline_n, f.time, l.time
            FROM performance_verdicts v JOIN place p ON p.id = v.measurement_id
            LEFT JOIN place f ON f.id = window_first LEFT JOIN place l ON l.id = window_last ORDER BY 1, 2;
        SELECT r.metric_id, kind, severity, state, current_value, expected_value, deviation_percent, occurrences,
            triggered_at, last_seen_at, resolved_at, good_streak, since_resolved, g.time, b.time, good_commit,
            bad_commit, reason FROM performance_alerts a JOIN performance_series r ON r.id = a.series_id
            LEFT JOIN place g ON g.id = good_measurement_id LEFT JOIN place b ON b.id = bad_measurement_id
            ORDER BY 1, 2, 9;
        SELECT r.metric_id, kind, e.time, action, e.severity, e.value, p.time, notify, who, note
            FROM performance_alert_events e JOIN performance_alerts a ON a.id = e.alert_id
            JOIN performance_series r ON r.id = a.series_id LEFT JOIN place p ON p.id = e.measurement_id
            ORDER BY 1, 2, 3, e.id;
        SELECT r.metric_id, state, centre, spread, low, high, confidence, n, spread_at_floor, computed_at, f.time,
            l.time, since_update, frozen_for, judged_at FROM performance_baseline_states s
            JOIN performance_series r ON r.id = s.series_id LEFT JOIN place f ON f.id = first_id
            LEFT JOIN place l ON l.id = last_id ORDER BY 1;" >"$SCRATCH/told"
    cksum <"$SCRATCH/told"
}

succeeds 'the history is taken in at once' tare import --store "$SCRATCH/once.db" jsonl history.jsonl
once=$(told "$SCRATCH/once.db")
newest='SELECT m.id FROM performance_measurements m JOIN performance_series r ON r.id = m.series_id
    JOIN performance_sessions s ON s.id = m.session_id WHERE s.outcome = "ok" AND r.metric_id = "spikes"
    ORDER BY m.time DESC LIMIT 199'
is 'all that detection still looks back at has its verdict' \
    "$(sqlite3 "$SCRATCH/once.db" "SELECT count(*) FROM performance_verdicts WHERE measurement_id IN ($newest)")" 199
is 'and of what is older only what an alert names' "$(sqlite3 "$SCRATCH/once.db" "SELECT
    coalesce(sum(v.measurement_id NOT IN (SELECT measurement_id FROM performance_alert_events UNION
        SELECT good_measurement_id FROM performance_alerts UNION SELECT bad_measurement_id FROM performance_alerts)), 0)
    FROM performance_verdicts v JOIN performance_measurements m ON m.id = v.measurement_id JOIN performance_series r
    ON r.id = m.series_id WHERE r.metric_id = 'spikes' AND v.measurement_id NOT IN ($newest)")" 0
for kind in target baseline step trend; do
    try sqlite3 "$SCRATCH/once.db" "SELECT count(*) > 0 FROM performance_alerts WHERE kind = '$kind'"
    is "there is a $kind alert" "$out" 1
done
try sqlite3 "$SCRATCH/once.db" "SELECT group_concat(action) FROM (SELECT DISTINCT action FROM performance_alert_events ORDER BY 1)"
is 'and all that an alert goes through by itself' "$out" 'absorbed,escalated,opened,reopened,repeated,resolved,taken over'

tac history.jsonl >backwards.jsonl
succeeds 'the same backwards' tare import --store "$SCRATCH/backwards.db" jsonl backwards.jsonl
is 'says the same' "$(told "$SCRATCH/backwards.db")" "$once"

split -l 37 history.jsonl piece.
for piece in piece.*; do
    tare import --store "$SCRATCH/pieces.db" jsonl "$piece" >/dev/null || fail "$piece"
done
is 'so it does in pieces' "$(told "$SCRATCH/pieces.db")" "$once"

split -l 1 -a 3 history.jsonl one.
for piece in one.*; do
    tare import --store "$SCRATCH/ones.db" jsonl "$piece" >/dev/null || fail "$piece"
done
is 'and session by session' "$(told "$SCRATCH/ones.db")" "$once"

# The same session in two files: what was said of it first does not stand.
sed 's/"outcome": "ok"/"outcome": "running", "ended": null/' history.jsonl | sed -n '100,110p' >running.jsonl
succeeds 'a history and parts of it once more, in one go' \
    tare import --store "$SCRATCH/twice.db" jsonl running.jsonl history.jsonl
is 'says the same' "$(told "$SCRATCH/twice.db")" "$once"
the_end
