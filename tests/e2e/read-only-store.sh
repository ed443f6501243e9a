#!/bin/sh
# A store that may be read but not written: reading works, changes are refused, recording says so.
. "${0%/*}/lib.sh"
[ "$(id -u)" != 0 ] || command -v setpriv >/dev/null || skip_all 'needs setpriv to step down from root'
rm "$SCRATCH/bin/tare"
cp "$TARE" "$SCRATCH/bin/tare"
chmod 755 "$SCRATCH"
repository
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100 101 99 100 102 98 150 151
sqlite3 tare.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
rm -f tare.db-wal tare.db-shm
chmod -R a+rX . && chmod a-w tare.db tare.yml tare.db.* . && chmod -R a-w tare.db.inbox
before=$(cksum tare.db)
as_other() { as_nobody env HOME=/nonexistent XDG_STATE_HOME= XDG_RUNTIME_DIR= "$@"; }

succeeds 'status can be read' as_other tare status
printed 'with its values' 'build_time +151 ms'
succeeds 'alerts can be read' as_other tare alerts
printed 'with the alert' 'build_time'
for command in metrics sessions baseline targets; do
    succeeds "$command can be read" as_other tare $command
done
is 'and nothing is said' "$(printf '%s' "$err" | grep -v ^profiling:)" '' # as gcov does, which may not write either
fails_with 3 'a target cannot be set' as_other tare targets set build_time 50
said_clearly 'in one sentence'
said 'with the reason' '(read-only|may not be written|permission|Permission)'
fails_with 3 'an alert cannot be acknowledged' as_other tare alerts ack 1
fails_with 3 'nothing can be recorded' as_other tare record build_time 100
said_clearly 'in one sentence'
unlike 'and nothing pretends to be' "$err" 'nothing is lost'
fails_with 125 'a run that cannot be recorded says so' as_other tare run -- true
fails_with 3 'doctor finds it' as_other tare doctor
printed 'and says what' '^problem .*(inbox|written)'
is 'the file is as it was' "$(cksum tare.db)" "$before"
ok 'no file was left beside it' test ! -e tare.db-wal
chmod -R u+w .
succeeds 'its owner writes as before' tare record build_time 100
the_end
