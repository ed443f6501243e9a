#!/bin/sh
# Where a level lies close to what its target spares, noise crosses the line every day. What is within is
# not told, what is over is told once and stays open, and what was fixed is over after a few.
. "${0%/*}/lib.sh"
tare init --app shop --preset empty >/dev/null
cat >>tare.yml <<'END'
metrics:
  - {id: within, unit: ms, target: 100}
  - {id: over, unit: ms, target: 100}
  - {id: back, unit: ms, target: 100}
END
# Normal noise of 5 % about 104, 114, and 114 that falls to 98 behind the two hundredth.
"$PYTHON" - >history.csv <<'END'
import random
random.seed(11)
print("time,metric,value")
for i in range(300):
    for metric, level in ("within", 104), ("over", 114), ("back", 114 if i < 200 else 98):
        print(f"2026-01-{1 + i // 24:02d}T{i % 24:02d}:00:00Z,{metric},{level + 5 * random.gauss(0, 1):.2f}")
END
succeeds 'a history is taken in' tare import csv history.csv --unit ms
try tare alerts --all --format json
json_is 'a level within what is spared is not told' '[a for a in d if a["metric_id"] == "within"]' '[]'
json_is 'a level over it is told, as what it is' \
    '[(a["state"], a["severity"]) for a in d if (a["metric_id"], a["kind"]) == ("over", "target")]' '[["open", "warning"]]'
json_is 'and so is one that is fixed in the end' \
    '[(a["kind"], a["state"]) for a in d if a["metric_id"] == "back"]' '[["target", "resolved"]]'
json_is 'as soon as its measurements say so' '[a["resolved_at"] for a in d if a["metric_id"] == "back"]' \
    '["2026-01-09T09:00:00Z"]'
try tare alerts show "$(json '[a["id"] for a in d if (a["metric_id"], a["kind"]) == ("over", "target")][0]')" --format json
json_is 'none is told twice' '[e["action"] for e in d[0]["events"] if e["action"] in ("resolved", "reopened")]' '[]'
the_end
