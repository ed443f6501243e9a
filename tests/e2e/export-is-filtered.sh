#!/bin/sh
# What is exported can be chosen by metric, time, commit, branch, label, app, environment and session.
. "${0%/*}/lib.sh"
repository
printf 'store: tare.db\napp: shop\n' >tare.yml
first=$HEAD7
record_each build ms 100 101
record_each size count 7
noon=$stamp
commit 'the second'
second=$HEAD7
git tag v2
record_each build ms 110
record_each 'encode [threads=4, size=10]' ms 5
git checkout -q -b topic
record build 120 --unit ms --label zone=a,kind=x
record build 121 --unit ms --label zone=b --env lab
record build 122 --unit ms --app other

# values OPTION…: of the rows that are exported, sorted.
values() {
    tare export "$@" | "$PYTHON" -c 'import csv, sys
print(*sorted(int(row["value"]) for row in csv.DictReader(sys.stdin)))'
}
is 'everything without a choice, other apps too' "$(values)" '5 7 100 101 110 120 121 122'
is 'a metric' "$(values --metric size)" 7
is 'two with a comma' "$(values --metric size,build --app shop)" '7 100 101 110 120 121'
is 'two one by one' "$(values -m size -m build --app shop)" '7 100 101 110 120 121'
is 'one with a comma of its own' "$(values --metric 'encode [threads=4, size=10]')" 5
is 'a commit, cut short' "$(values --commit "$first")" '7 100 101'
is 'a commit by its tag' "$(values --commit v2)" '5 110 120 121 122'
is 'by another name' "$(values --commit 'HEAD~1')" '7 100 101'
is 'a branch' "$(values --branch topic)" '120 121 122'
is 'a label' "$(values --label zone=a)" 120
is 'of several' "$(values --label kind=x --label zone=a)" 120
is 'an environment' "$(values --env lab)" 121
is 'an app' "$(values --app other)" 122
is 'since then' "$(values --since "$noon")" '5 7 110 120 121 122'
is 'until then' "$(values --until "$noon")" '100 101'
is 'both' "$(values --since "$noon" --until "$stamp")" '5 7 110 120 121'
is 'in the last hours' "$(values --since 12h)" '5 7 100 101 110 120 121 122'
is 'in the last two days' "$(values --since 2d --until 1h)" '5 7 100 101 110 120 121 122'
is 'all at once' "$(values --metric build --branch main --commit "$second" --since 7d --app shop)" 110
session=$(sql tare.db "SELECT session_id FROM performance_sessions ORDER BY id LIMIT 1" | cut -c1-8)
is 'a session, cut short' "$(values --session "$session")" 100
succeeds 'nothing that matches' tare export --app nobody
said 'is said' 'nothing in the store matches'
is 'the header alone' "$(printf '%s\n' "$out" | wc -l)" 1
succeeds 'nothing as JSON' tare export --app nobody --format json
is 'is an empty array' "$out" '[]'
fails_with 2 'a metric that is none' tare export --metric buld
said 'those near are named' "no metric 'buld', but build"
fails_with 2 'a commit that is none' tare export --commit v7
said 'says so' "'v7' is no commit"
fails_with 2 'a session cut too short' tare export --session ab
fails_with 2 'a time that is none' tare export --since yesterday
said 'says what one is' '7d for seven days ago'
fails_with 2 'a format that is none' tare export --format xml
said 'those there are are named' 'csv, json, jsonl'
fails_with 2 'samples in a format without' tare export --samples
said 'says which have' 'json and jsonl'
the_end
