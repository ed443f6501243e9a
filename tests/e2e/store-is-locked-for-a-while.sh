#!/bin/sh
# Another process holds the store's lock: reading goes on, recording waits in the inbox, and once the
# lock is gone everything is there, once.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100 101
mkfifo hold
# Holds tare's own lock and SQLite's, as a program in the middle of a long transaction would.
(
    exec 9>>tare.db.lock
    flock 9
    { echo 'BEGIN IMMEDIATE; SELECT 1;'; cat hold; } | sqlite3 tare.db >locked 2>/dev/null
) &
background="$background $!"
for turn in $(seq 100); do
    [ -s locked ] && break
    sleep 0.1
done
ok 'the store is locked' test -s locked
succeeds 'it can still be read' tare status --format json
json_is 'with what it holds' 'd["metrics"][0]["value"]' 101
succeeds 'recording goes on' tare record build_time 102
said 'and says where the value is' 'lock.*wait in the inbox and nothing is lost'
succeeds 'once more' tare record build_time 103
succeeds 'reading takes none of it' tare sessions --format json
json_is 'yet' 'len(d)' 2
said 'and says so' '^tare: this is not the newest: what waits in the inbox could not be taken in: .*lock'
printf '' >hold
wait
succeeds 'when the lock is gone' tare sessions --format json
json_is 'everything is there, once' 'len(d)' 4
is 'and nothing is said of it' "$err" ''
succeeds 'and nothing is left to do' tare ingest
printed 'at all' '^Took in 0 hand-overs'
the_end
