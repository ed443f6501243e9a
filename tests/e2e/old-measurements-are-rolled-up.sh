#!/bin/sh
# Measurements older than retention goes become daily rollups; what a baseline or an alert stands on stays.
. "${0%/*}/lib.sh"
repository
printf 'store: tare.db\napp: shop\nretention:\n  raw_days: 30\n  rollup_days: 365\n' >tare.yml
day=86400
now=$(date +%s)
old=$((now - 60 * day))
seq 1 40 | while read -r turn; do
    tare record speed $((100 + turn % 3)) --unit ms --time "$(date -u -d "@$((old + turn * 3600))" +%Y-%m-%dT%H:%M:%SZ)"
done
record_each speed ms 101 100 102 101 100
count() { sql tare.db "SELECT $1 FROM $2"; }
before=$(count 'count(*)' performance_measurements)
is 'everything is there' "$before" 45
cp tare.db copy.db
succeeds 'a rehearsal' tare prune --dry-run
printed 'says what would go' 'would go'
is 'and changes nothing' "$(count 'count(*)' performance_measurements)" "$before"
succeeds 'prune' tare prune
printed 'says what went' 'went'
after=$(count 'count(*)' performance_measurements)
ok 'old ones are gone' test "$after" -lt "$before"
ok 'those of the baseline are not' test "$after" -ge 20
rolled=$(count 'coalesce(sum(measurements), 0)' performance_rollups)
is 'what went is in the rollups' $((rolled + after)) "$before"
try tare baseline --metric speed --format json
json_is 'the baseline stands' 'd[0]["baseline"]["n"] >= 20' true
succeeds 'prune again' tare prune
is 'finds nothing more' "$(count 'count(*)' performance_measurements)" "$after"
succeeds 'the store is sound' tare doctor
succeeds 'and read' tare status
the_end
