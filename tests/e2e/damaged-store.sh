#!/bin/sh
# Bytes of the store are overwritten: doctor says so, nothing is repaired by deleting, recording goes on.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each speed ms 100 101 99 100 102 98 100 101
sqlite3 tare.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
rm -f tare.db-wal tare.db-shm
cp tare.db sound.db
page=$(sqlite3 tare.db "SELECT rootpage FROM sqlite_master WHERE name = 'performance_measurement_rows'")
rm -f tare.db-wal tare.db-shm
head -c 4096 /dev/zero | tr '\0' 'x' | dd of=tare.db bs=4096 seek=$((page - 1)) conv=notrunc 2>/dev/null
cp tare.db damaged.db
touch -d 2026-01-02T03:04:05Z tare.db
fails_with 3 'doctor finds the damage' tare doctor
printed 'and says so' '^problem '
printed 'with a copy of it' 'a copy is in .*damaged-'
printed 'and what to do' '→ restore a backup, or save what can still be read: sqlite3 OLD \.dump'
unlike 'which is not to run doctor' "$out" "run 'tare doctor'"
sqlite3 tare.db .dump 2>/dev/null | sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 rescued.db
try tare sessions --store rescued.db --format json
json_is 'which does save what can be read' 'len(d)' 8
unlike 'in one line' "$out" '\\\\x0a'
fails_with 3 'reading it cannot be done' tare trend speed
said_clearly 'in one sentence'
fails_with 3 'nor taking in' tare baseline reset --metric speed
is 'whoever comes, there is one copy: of the last change' "$(echo tare.db.damaged-*)" 'tare.db.damaged-2026-01-02T03:04:05Z'
try tare record speed 103
is 'recording goes on' "$status" 0
said 'or says that it cannot' '(nothing is lost|damaged)'
ok 'there is a copy of what was there' sh -c 'for file in tare.db*; do cmp -s "$file" damaged.db && exit 0; done; exit 1'
cp sound.db tare.db
rm -f tare.db-wal tare.db-shm
succeeds 'put back from a copy' tare ingest
try tare sessions --format json
json_is 'it has what waited, too' 'len(d)' 9
the_end
