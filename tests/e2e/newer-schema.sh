#!/bin/sh
# A store written by a newer tare is refused, by reading and writing commands, and not touched.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100
sqlite3 tare.db "INSERT INTO performance_schema (version, applied_at) VALUES (9999, 0);
    PRAGMA wal_checkpoint(TRUNCATE);" >/dev/null
cp tare.db before
for command in status alerts metrics sessions baseline targets; do
    fails_with 3 "$command is refused" tare $command
    said_clearly 'in one sentence'
    said 'that says why' 'newer'
done
fails_with 3 'ingest is refused' tare ingest
fails_with 3 'a change is refused' tare targets set build_time 50
fails_with 3 'doctor finds it' tare doctor
printed 'and says so' '^problem .*newer'
succeeds 'recording goes on' tare record build_time 101
said 'into the inbox' 'newer.*wait in the inbox and nothing is lost'
ok 'the file is as it was' cmp -s tare.db before
sqlite3 tare.db "DELETE FROM performance_schema WHERE version = 9999"
succeeds 'with a tare new enough' tare ingest
printed 'what waited is taken in' '^Took in 1 hand-over with 1 sample'
the_end
