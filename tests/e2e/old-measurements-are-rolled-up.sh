#!/bin/sh
# Measurements older than retention goes become daily rollups, by themselves and by prune; what something stands on
# stays; what came in today is not old, whatever its dates say.
. "${0%/*}/lib.sh"
repository
printf 'store: tare.db\napp: shop\nretention:\n  raw_days: 30\n  rollup_days: 365\n' >tare.yml
count() { sql tare.db "SELECT $1 FROM $2"; }
# arrived DAYS: as if all of it had been taken in so long ago, and nothing were done today yet.
arrived() {
    sqlite3 tare.db "UPDATE performance_sessions SET taken_at = $(($(date +%s) - $1 * 86400)) * 1000000000;
        DELETE FROM performance_settings WHERE name LIKE 'retention.%'"
}
# history FROM COUNT: as CSV, ten a day; 100 ms and a little, and from 60 days ago on 150 ms.
history() {
    awk -v now="$(date +%s)" -v from="$1" -v count="$2" 'BEGIN {
        print "time,metric,value,unit,commit"
        for (i = 0; i < count; i++) {
            time = now - from * 86400 + i * 8640
            value = (time < now - 60 * 86400 ? 100 : 150) + (i * 7919 % 100) / 50
            printf "%d,speed,%.2f,ms,%040x\n", time, value, 1000 + i
        }
    }'
}
history 120 1190 >history.csv
succeeds 'a history of four months' tare import csv history.csv
is 'is there, every measurement' "$(count 'count(*)' performance_measurements)" 1190
succeeds 'prune on the same day' tare prune
printed 'says that it only just came' 'taken in less than 30 days ago'
is 'and lets all of it stay' "$(count 'count(*)' performance_measurements)" 1190

git tag release "$(git commit-tree -m old 'HEAD^{tree}')"
tagged=$(git rev-parse release)
awk -F, -v OFS=, -v commit="$tagged" 'NR == 42 { $5 = commit } { print }' history.csv >tagged.csv
arrived 31
cp tare.db before.db
succeeds 'a rehearsal a month later' tare prune --dry-run
printed 'says what would go' '[0-9]+ measurements with [0-9]+ samples and [0-9]+ sessions would go'
printed 'and how much room that makes' '[0-9.]+ [kM]B of the store would be free'
is 'and changes nothing' "$(count 'count(*)' performance_measurements)" 1190
succeeds 'whoever writes' tare record other 1
after=$(count 'count(*)' "performance_measurements WHERE series_id = 1")
ok 'does it by the way' test "$after" -lt 1190
succeeds 'prune does what is left' tare prune
after=$(count 'count(*)' "performance_measurements WHERE series_id = 1")
rolled=$(count 'coalesce(sum(measurements), 0)' performance_rollups)
is 'nothing is lost or counted twice' $((rolled + after)) 1190
ok 'what detection looks at stays' test "$after" -ge 200
ok 'the rest does not' test "$rolled" -gt 500
is 'and what had been said of it went along' \
    "$(count 'count(*)' 'performance_verdicts WHERE measurement_id NOT IN (SELECT id FROM performance_measurements)')" 0
is 'as did its samples' \
    "$(count 'count(*)' 'performance_samples WHERE session_id NOT IN (SELECT id FROM performance_sessions)')" 0
succeeds 'prune again' tare prune
printed 'finds nothing more' '^Older than 30 days: 0 measurements'
succeeds 'the same file again' tare import csv history.csv
is 'adds nothing' "$(count 'count(*)' "performance_measurements WHERE series_id = 1")" "$after"
succeeds 'the store is sound' tare doctor

try tare trend speed --limit 0 --format json
json_is 'the trend still knows every one' 'sum(m["measurements"] for m in d[0]["measurements"])' 1190
json_is 'and the step' '[round(p["change_percent"]) for p in d[0]["change_points"]]' '[50]'
json_is 'on its day' \
    'abs(__import__("time").time() / 86400 - 60 - __import__("datetime").datetime.fromisoformat(d[0]["change_points"][0]["time"][:10] + "T00:00:00+00:00").timestamp() / 86400) < 2' true
try tare trend speed --limit 0
printed 'and people are told' 'medians, each of a day that was rolled up'
try tare trend speed --limit 20 --format json
json_is 'the newest are asked for as ever' 'sum(m["measurements"] for m in d[0]["measurements"])' 20
try tare baseline --metric speed --format json
json_is 'the baseline stands' 'd[0]["baseline"]["n"] >= 20 and 145 < d[0]["baseline"]["centre"] < 155' true
try tare alerts --all --format json
json_is 'the alert of the step still names its commits' \
    '[bool(a["good_commit"] and a["bad_commit"]) for a in d if a["kind"] == "step"]' '[true]'
fails_with 2 'a commit of those days' tare compare "$(printf '%040x' 1041)" HEAD
said 'is told to be rolled up' 'rolled up by the day: of tagged commits they stay'

rm -rf tare.db*
tare init >/dev/null 2>&1
succeeds 'the same history with a release in it' tare import csv tagged.csv
arrived 31
succeeds 'where it is pruned' tare prune
is 'what was measured at the tag stays' \
    "$(count 'count(*)' "performance_measurements m JOIN performance_sessions s ON s.id = m.session_id WHERE s.git_commit = '$tagged'")" 1
try tare compare release "$(printf '%040x' 2189)" --format json
json_is 'and can be compared' '[m["id"] for m in d["metrics"]]' '["speed"]'

mkdir -p "$SCRATCH/elsewhere"
printf 'store: tare.db\napp: shop\nretention:\n  raw_days: 300\n' >tare.yml
rm -rf tare.db*
succeeds 'who keeps more' tare import csv history.csv
arrived 200
cd "$SCRATCH/elsewhere" || exit 99
succeeds 'and works from elsewhere' tare record other 1 --store "$SCRATCH/desk/tare.db" --app shop
cd "$SCRATCH/desk" || exit 99
is 'keeps it by the rules of home' "$(count 'count(*)' "performance_measurements WHERE series_id = 1")" 1190
the_end
