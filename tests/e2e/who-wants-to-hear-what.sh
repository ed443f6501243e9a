#!/bin/sh
# Filters of sinks, TARE_NOTIFY=off, what is acknowledged, muted or history: who is told, and who is
# not.
. "${0%/*}/lib.sh"
. "$SOURCES/tests/e2e/notify.sh"
repository
tare init --app shop --preset empty >/dev/null
cat >>tare.yml <<EOF
notify:
  - {type: stderr, min_severity: critical}
  - {type: log, name: all, path: all.log}
  - {type: log, name: grave, path: grave.log, min_severity: critical}
  - {type: log, name: ends, path: ends.log, events: [resolved]}
  - {type: log, name: deaf, path: deaf.log, events: [none]}
  - {type: log, name: builds, path: builds.log, metrics: ["build_*"]}
  - {type: log, name: others, path: others.log, apps: ["other*"]}
EOF
events() { # FILE
    settled
    sed -n 's/.* event=\([a-z]*\) .* metric=\([a-z_]*\) .*/\1:\2/p' "$1" 2>/dev/null | paste -sd' ' -
}
steady
record_each build_time ms 112 113
is 'a warning is told to those who want all' "$(events all.log)" 'opened:build_time'
is 'and not to standard error, which wants less' "$err" ''
is 'nor to the one for what is grave' "$(events grave.log)" ''
record_each build_time ms 150 151
is 'when it gets worse that is told' "$(events all.log)" 'opened:build_time escalated:build_time'
is 'to those who want what is grave, too' "$(events grave.log)" 'escalated:build_time'
like 'and to standard error' "$err" 'escalated: critical: build_time'
it_recovers
is 'the end' "$(events ends.log)" 'resolved:build_time'
is 'by pattern of the metric' "$(events builds.log)" 'opened:build_time escalated:build_time resolved:build_time'
is 'nothing is for another app' "$(events others.log)" ''
is 'and nothing for whoever wants no event' "$(events deaf.log)" ''
try tare notify sinks
printed 'what each wants is shown' 'grave +log +.*grave.log +critical '
printed 'for whoever wants some events' 'warning and worse: resolved'

: >all.log
for value in 100 101 99 100 102 98 100 101; do record other_time $value --unit ms; done
export TARE_NOTIFY=off
record_each other_time ms 150 151
is 'with TARE_NOTIFY=off nobody hears' "$err$(events all.log)" ''
unset TARE_NOTIFY
is 'and nothing waits for later' "$(deliveries 'sum(x["metric_id"] == "other_time" for x in d)')" 0
tare alerts ack "$(tare alerts --format json | "$PYTHON" -c 'import json,sys; print(json.load(sys.stdin)[0]["id"])')" >/dev/null
record_each other_time ms 152 150 151
is 'what is acknowledged is silent' "$(events all.log)" ''
record_each other_time ms 100 101 99
is 'until it ends' "$(events all.log)" 'resolved:other_time'

: >all.log
for value in 100 101 99 100 102 98 100 101 150 151; do record third_time $value --unit ms; done 2>/dev/null
id=$(tare alerts --metric third_time --format json | "$PYTHON" -c 'import json,sys; print(json.load(sys.stdin)[0]["id"])')
tare alerts mute "$id" --until 7d >/dev/null
for value in 100 101 99; do record third_time $value --unit ms; done
is 'what is muted is silent even at its end' "$(events all.log)" 'opened:third_time'
: >all.log
for value in 100 101 99 100 102 98 100 101 150 151; do record fourth_time $value --unit ms; done 2>/dev/null
id=$(tare alerts --metric fourth_time --format json | "$PYTHON" -c 'import json,sys; print(json.load(sys.stdin)[0]["id"])')
tare alerts resolve "$id" --who ann --notes 'a bad disk' >/dev/null
eventually grep -q 'event=resolved' all.log
like 'who resolved it, and why' "$(grep resolved all.log)" 'who=ann reason="a bad disk"'

# History that is imported is no news.
: >all.log
for day in 01 02 03 04 05 06 07 08 09 10; do
    value=100
    [ $day -gt 8 ] && value=150
    printf '{"session": {"app": "shop", "started_at": "2020-01-%sT00:00:00Z"}, "measurements": [{"metric_id": "old", "unit": "ms", "time": "2020-01-%sT00:00:01Z", "n": 1, "value": %s}]}\n' $day $day $value
done >history.jsonl
succeeds 'ten days of 2020 come in' tare import jsonl history.jsonl
printed 'and raise an alert' 'open: see'
is 'of which nobody is told' "$(events all.log)" ''
the_end
