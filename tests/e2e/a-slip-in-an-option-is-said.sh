#!/bin/sh
# An option that chooses what nothing has gives an empty answer, and says which option it was: no
# alert of an app that is misspelt is no good news.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
succeeds 'an empty store needs no note' tare sessions --app shop
is 'none is made' "$err" ''
record_each speed ms 100 101 99 100 102 98 150 151 152
commit 'on a branch'
git checkout -q -b topic
for value in 10 11 10 9 10 11 19 20 21; do
    record load $value --unit ms --label size=big --env lab 2>/dev/null
done
for command in alerts status sessions metrics baseline 'trend speed' report health; do
    # shellcheck disable=SC2086 # words
    succeeds "$command of an app that nothing has" tare $command --app shpo
    said 'says so' "^tare: nothing in the store has the app 'shpo'; 'tare sessions' shows"
    # shellcheck disable=SC2086 # words
    succeeds "$command of one that there is" tare $command --app shop
    is 'says nothing' "$err" ''
done
try tare status --app shpo
printed 'and does not tell whoever has data to record some' '^No session matches\.$'
for option in --env --branch --label; do
    try tare alerts $option a=b
    said "nor has $option" "nothing in the store has the [a-z]+ 'a=b'"
done
try tare alerts --env lab --branch main
said 'nor all at once' 'nothing in the store has all of these options at once'
try tare alerts --format json
json_is 'there are two alerts' '[a["metric_id"] for a in d]' '["load", "speed"]'
try tare alerts --branch topic --format json
json_is 'one is of the branch' '[a["metric_id"] for a in d]' '["load"]'
try tare alerts --branch main --format json
json_is 'one of the other' '[a["metric_id"] for a in d]' '["speed"]'
try tare alerts --label size=big --format json
json_is 'one has the label' '[a["metric_id"] for a in d]' '["load"]'
the_end
