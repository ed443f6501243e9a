#!/bin/sh
# A program becomes slower between two commits: tare says so, once, with the commits and the numbers.
. "${0%/*}/lib.sh"
repository
succeeds 'init makes a configuration and a store' tare init --app shop
ok 'tare.yml is there' test -f tare.yml
ok 'tare.db is there' test -f tare.db

record_each build_time ms 100 101 99 100 102 98 100 101
is 'nothing is said while it is as it was' "$err" ''
good=$HEAD7
succeeds 'no alert yet' tare alerts
printed 'and it says so' '^No alerts\.$'

commit 'the slow one'
bad=$HEAD7
record_each build_time ms 150
is 'one bad measurement does not make an alert' "$err" ''
succeeds 'status shows what it saw' tare status
printed 'and that it waits for a second' 'build_time +150 ms +critical .*'
printed 'as a warning' 'seen once, alert if it repeats'

record_each build_time ms 151
like 'the second opens it' "$err" '^tare: alert 1 opened: critical: build_time: 151 ms is 5[01] % above the baseline of 100 ms'
like 'naming the commits between' "$err" "between $good and $bad"
record_each build_time ms 152 149
is 'and then it is quiet' "$err" ''

succeeds 'the list has it' tare alerts
printed 'in one line' "^ 1 +critical +open +build_time +(baseline|step) +.*$good\.\.$bad"
is 'once' "$(printf '%s\n' "$out" | grep -c build_time)" 1
succeeds 'as JSON' tare alerts --format json
json_is 'one regression is one alert' 'len(d)' 1
json_is 'counted at each repeat' 'd[0]["occurrences"]' 3
json_is 'of this severity' 'd[0]["severity"]' critical
json_is 'with the last good commit' 'd[0]["good_commit"][:7]' "$good"
json_is 'and the first bad one' 'd[0]["bad_commit"][:7]' "$bad"

succeeds 'explain replays the verdict' tare explain 1
printed 'bit for bit' 'the same, bit for bit'
succeeds 'show tells its history' tare alerts show 1
printed 'with the opening' ' opened +critical +151 ms'

record_each build_time ms 100 101 99
succeeds 'three good ones in a row' tare alerts
printed 'end it' '^No alerts\.$'
succeeds 'it is kept' tare alerts --all --format json
json_is 'as resolved' 'd[0]["state"]' resolved
the_end
