#!/bin/sh
# A program that becomes a little slower with every commit never crosses a threshold in one step; a step
# that stays does not become normal by staying.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
values=$("$PYTHON" -c 'import random
random.seed(7)
print(*[round(100 + 0.9 * i + random.gauss(0, 0.6), 2) for i in range(60)])')
# shellcheck disable=SC2086 # words
record_each load_time ms $values
like 'the drift is reported' "$err" 'alert [0-9]+ opened'
try tare alerts --all --format json
json_is 'as a trend or, once it was far enough, against the baseline' \
    'any(a["kind"] in ("trend", "baseline", "step") for a in d)' true
succeeds 'trend draws it' tare trend load_time
printed 'with its slope' 'Trend +\+'

record_each size kB 500 501 500 499 500 500 501 500
commit 'twice the size'
record_each size kB 1000 1001 1000
like 'a step is reported' "$err" 'opened'
record_each size kB 1000 999 1000 1001 1000 1000 999 1000 1001 1000 1000 1000 1001 999 1000 1000 1000 1001 1000 1000
try tare alerts --metric size --format json
json_is 'twenty measurements later it still stands' 'len(d) > 0' true
try tare baseline --metric size --format json
json_is 'against what was before' 'd[0]["baseline"]["centre"] < 0.6' true
json_is 'with the baseline held' 'd[0]["baseline"]["state"]' frozen
succeeds 'trend draws the step' tare trend size
printed 'between its commits' "between [0-9a-f]{7} and $HEAD7"
the_end
