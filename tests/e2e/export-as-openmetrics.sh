#!/bin/sh
# OpenMetrics: valid by the parser of the Prometheus client, and read back by tare as what it was.
. "${0%/*}/lib.sh"
repository
export TARE_STORE="$PWD/first.db"
record_each 'build time' ms 100.5 101 99.25
record APP-001 387.123456 --unit ms --label 'zone=a b,kind="x"'
record size 12.5 --unit MB --env 'lab, "second"' --app 'other\app'
record rate 97.5 --unit %
record throughput 1e9 --unit ops/s
record 'build_time' 3 --unit ms
commit 'another'
record_each 'build time' ms 98
git checkout -q -b topic HEAD~1
record_each 'build time' ms 102 103
tare run --quiet --name job -- true
tare run --quiet --name job -- false
"$PROGRAMS/recording" 5 kill 2>/dev/null
stamp=2026-01-01T00:00:00Z
tare record twice 1 --time $stamp
tare record twice 2 --time $stamp
succeeds 'exported' tare export --format openmetrics --output one.om
is 'as its name says too' "$(tare export --output two.om && cmp one.om two.om)" "$(printf 'Wrote %s to two.om (openmetrics).' "$(printf '%s' "$out" | sed 's/^Wrote \(.*\) to.*/\1/')")"
is 'the end is marked' "$(tail -n 1 one.om)" '# EOF'

if "$PYTHON" -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
    try "$PYTHON" -c '
import collections
from prometheus_client.openmetrics import parser
families = list(parser.text_string_to_metric_families(open("one.om").read()))
points = [sample for family in families for sample in family.samples]
last = {}
for sample in points:
    key = (sample.name, tuple(sorted(sample.labels.items())))
    assert key not in last or last[key] < sample.timestamp, sample
    last[key] = sample.timestamp
print(len(families), len(points))'
    is 'the client of Prometheus reads it' "$out" \
        "$(sql first.db 'SELECT count(DISTINCT metric_id), count(*) FROM performance_measurements m JOIN performance_series r ON r.id = m.series_id WHERE value IS NOT NULL' | tr '|' ' ')"
        note "$err"
else
    skip 'the client of Prometheus reads it' 'needs python3-prometheus-client'
fi
like 'times in seconds' "$(cat one.om)" '^build_time_seconds\{tare_metric="build time".* 0\.1005 [0-9.]+$'
like 'two metrics of one name are two families' "$(cat one.om)" '^# TYPE build_time_2_seconds gauge$'
like 'bytes' "$(cat one.om)" '^size_bytes\{.*environment="lab, \\"second\\"".* 12500000 '
like 'a crashed session is marked' "$(cat one.om)" '^work_seconds\{.*outcome="crashed"'
unlike 'a good one is not' "$(cat one.om)" 'outcome="ok"'

succeeds 'read back' tare import auto one.om --store second.db
contents="SELECT metric_id, printf('%.9g', value), unit, r.app, e.key, r.labels, r.temperature, git_commit, git_branch, s.outcome
  FROM performance_measurements m JOIN performance_series r ON r.id = m.series_id JOIN performance_sessions s ON s.id = m.session_id
  JOIN performance_metrics x ON x.id = metric_id JOIN performance_environments e ON e.id = r.environment_id WHERE value IS NOT NULL ORDER BY 1, 2, 3, 4, 8"
sql first.db "$contents" >first.txt
sql second.db "$contents" >second.txt
ok 'it is what it was' cmp first.txt second.txt
note "$(diff first.txt second.txt | head -n 6)"
tare export --format openmetrics --store second.db --output three.om >/dev/null
ok 'and exported once more the same' cmp one.om three.om
fails_with 2 'samples have no place' tare export --format openmetrics --samples
fails_with 2 'nor have rollups' tare export --format openmetrics --rollups
the_end
