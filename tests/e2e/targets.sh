#!/bin/sh
# Budgets: set, held against, changed, taken away.
. "${0%/*}/lib.sh"
repository
tare init --app shop >/dev/null
succeeds 'the catalogue brings targets' tare targets
printed 'such as this' '^APP-001 +Start-up time +500 ms +550 ms +600 ms +lower'
succeeds 'one is set' tare targets set APP-001 0.3 --unit s --warning 5 --error 15
try tare targets --format json
json_is 'in the unit of the metric' '[(m["target"], m["warning_percent"], m["error_percent"]) for m in d if m["id"] == "APP-001"]' '[[300, 5, 15]]'
fails_with 2 'thresholds the wrong way round' tare targets set APP-001 300 --warning 30 --error 20
said 'are refused' 'warning ≤ --error'
fails_with 2 'a target that is no number' tare targets set APP-001 fast
record_each APP-001 ms 290 310
try tare status --format json
json_is 'a little over is ok' 'd["metrics"][0]["verdict"]["severity"]' ok
record_each APP-001 ms 340
try tare status --format json
json_is 'far over without a baseline is a warning at least' 'd["metrics"][0]["verdict"]["severity"] in ("warning", "error", "critical")' true
json_is 'by the threshold' '"threshold" in d["metrics"][0]["verdict"]["tiers"]' true
record_each APP-001 ms 400 410 405
like 'far over again and again opens an alert' "$err" 'opened'
try tare alerts --format json
json_is 'of kind target' 'd[0]["kind"]' target
json_is 'holding it against the target' 'd[0]["expected_value"]' 300
succeeds 'recording does not undo what was set' record APP-001 400
try tare targets --format json
json_is 'it stays' '[m["target"] for m in d if m["id"] == "APP-001"]' '[300]'
succeeds 'unset' tare targets unset APP-001
try tare targets
unlike 'it is gone' "$out" APP-001
succeeds 'a metric that is better high' tare targets set VAL-003 90
record_each VAL-003 % 60 61 60
try tare status --format json
json_is 'is held against it from below' '[m["verdict"]["severity"] for m in d["metrics"] if m["id"] == "VAL-003"][0] in ("error", "critical", "warning")' true
succeeds 'an exact one' record SVC-001 2
try tare status --format json
json_is 'is held from both sides' '[m["verdict"]["severity"] for m in d["metrics"] if m["id"] == "SVC-001"][0] != "ok"' true
the_end
