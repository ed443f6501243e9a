#!/bin/sh
# Where there is a base branch, its measurements alone open and end alerts. Those of other branches are held against
# the baseline, and that is all: a slow one that is given up is no regression, and a fast one ends none.
. "${0%/*}/lib.sh"
printf 'app: shop\nstore: tare.db\nbase_branch: main\n' >tare.yml

# Noise of 3 % about 100. A branch is slower from 60 to 71 and given up; main is slower from 90 to 149, while a branch made
# before goes on beside it as fast as ever, four of five measurements.
cat >"$SCRATCH/history.py" <<'END_OF_PROGRAM'
import datetime, json, random
random.seed(5)
start = datetime.datetime(2025, 3, 1)
for i in range(170):
    abandoned, beside = 60 <= i < 72, 90 <= i < 150 and i % 5 != 0
    slow = abandoned or 90 <= i < 150 and not beside
    time = (start + datetime.timedelta(hours=6 * i)).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps({
        "session": {"id": "%08x-0000-4000-8000-00000000abcd" % i, "app": "shop", "environment": "lab",
                    "started_at": time, "ended_at": time, "outcome": "ok", "commit": "%040x" % i,
                    "branch": "idea" if abandoned else "old" if beside else "main"},
        "measurements": [{"metric_id": "build", "unit": "ms", "better": "lower", "time": time, "n": 1,
                          "value": (130 if slow else 100) * (1 + 0.03 * random.gauss(0, 1))}]}))
END_OF_PROGRAM
"$PYTHON" "$SCRATCH/history.py" >history.jsonl

sed -n '1,80p' history.jsonl >begin.jsonl
succeeds 'a branch was slow and is given up' tare import jsonl begin.jsonl
try tare alerts --all --format json
json_is 'that is no alert' d '[]'
is 'but a verdict' "$(sqlite3 tare.db "SELECT count(*) > 9 FROM performance_verdicts v
    JOIN performance_measurements m ON m.id = v.measurement_id JOIN performance_sessions s ON s.id = m.session_id
    WHERE s.git_branch = 'idea' AND v.severity > 1")" 1
succeeds 'main becomes slow, and is fixed' tare import jsonl history.jsonl
try tare alerts --all --format json
json_is 'that is one regression' '[(a["bad_commit"], a["state"]) for a in d if a["kind"] == "step"]' \
    "[[\"$(printf '%040x' 90)\", \"resolved\"]]"
json_is 'from the fifth slow one of main to the fifth of the fix' \
    '[(a["triggered_at"], a["resolved_at"]) for a in d if a["kind"] == "step"]' '[["2025-03-28T12:00:00Z", "2025-04-08T12:00:00Z"]]'

# The same session by session, and at once.
told() {
    sqlite3 "$1" "SELECT kind, action, e.severity, e.time, note FROM performance_alert_events e
        JOIN performance_alerts a ON a.id = e.alert_id ORDER BY e.time, kind, action"
}
succeeds 'at once' tare import --store "$SCRATCH/once.db" jsonl history.jsonl
split -l 1 -a 3 history.jsonl one.
for piece in one.*; do
    tare import --store "$SCRATCH/ones.db" jsonl "$piece" >/dev/null 2>&1 || fail "$piece"
done
is 'it says the same' "$(told tare.db)" "$(told "$SCRATCH/once.db")"
is 'session by session as well' "$(told "$SCRATCH/ones.db")" "$(told "$SCRATCH/once.db")"
try tare alerts --all --format json
step=$(json '[a["id"] for a in d if a["kind"] == "step"][0]')
succeeds 'the step is explained' tare explain "$step"
printed 'as it was found' 'the same, bit for bit'
the_end
