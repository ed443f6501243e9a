#!/bin/sh
# A slower level is accepted: the alert ends, and the baseline begins anew at the new level.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100 101 99 100 102 98 100 101
commit 'a feature that costs'
record_each build_time ms 150 151
like 'an alert opens' "$err" 'alert 1 opened'
succeeds 'it is acknowledged' tare alerts ack --id 1 --notes 'looking into it' --who ada
printed 'and that is said' '^Alert 1 acknowledged\.$'
try tare alerts --format json
json_is 'its state' 'd[0]["state"]' acknowledged
json_is 'and note' 'd[0]["notes"]' 'looking into it'
record_each build_time ms 149
is 'it makes no more noise' "$err" ''
succeeds 'it is accepted' tare alerts accept 1 --notes 'worth it' --who ada
printed 'and that is said' '^Alert 1 accepted: its level is the new normal\.$'
succeeds 'no alert stands' tare alerts
printed 'at all' '^No alerts\.$'
record_each build_time ms 151 150 149 150 152
is 'the new level is no news' "$err" ''
try tare baseline --format json
json_is 'the baseline is the new level'\''s' '145 < d[0]["baseline"]["centre"] < 155' true
try tare status --format json
json_is 'and the verdict ok' 'd["metrics"][0]["verdict"]["severity"]' ok
record_each build_time ms 200 201
like 'a further step is news again' "$err" '(opened|reopened)'
try tare alerts show 1 --format json
json_is 'the history is kept, with who' '[(e["action"], e["who"]) for e in d[0]["events"] if e["who"] == "ada"]' '[["acknowledged", "ada"], ["accepted", "ada"]]'
record_each prompt tokens 4000 4000 4000 4000 4000 4000 9000 9000
try tare alerts --metric prompt
number=$(printf '%s\n' "$out" | sed -n 's/^ *\([0-9][0-9]*\) .*prompt.*/\1/p')
succeeds 'an alert of a number with a long unit' tare alerts show "$number"
printed 'says it in full, apart from who' ' 9,000 tokens by '
fails_with 2 'what is over cannot be acknowledged' tare alerts ack 99
the_end
