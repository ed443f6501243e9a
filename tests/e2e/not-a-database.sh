#!/bin/sh
# A store that is something else: said in a sentence, never touched, and recording loses nothing.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
rm -f tare.db tare.db-wal tare.db-shm
printf 'these are notes, no database, and long enough to have a header of a hundred bytes %0100d\n' 7 >tare.db
cp tare.db before
for command in status alerts metrics sessions baseline targets; do
    fails_with 3 "$command cannot be done" tare $command
    said_clearly 'in one sentence'
    said 'with the file and the reason' 'tare\.db.*(not a database|no database)'
done
fails_with 3 'doctor finds the problem' tare doctor
printed 'and names it, and what to do' '^problem .*database; name another store, or move that file away'
succeeds 'recording goes on' tare record build_time 100 --unit ms
said 'into the inbox' 'wait in the inbox and nothing is lost'
fails_with 3 'ingest cannot be done' tare ingest
ok 'the file is as it was' cmp -s tare.db before
mv tare.db notes
succeeds 'with the file out of the way' tare ingest
printed 'all is taken in' '^Took in 1 hand-over with 1 sample'
try tare status --format json
json_is 'with its value' 'd["metrics"][0]["value"]' 100

mkdir folder
fails_with 2 'a folder is no store' tare status --store folder
said_clearly 'which is said'
fails_with 2 'nor is it recorded into' tare record build_time 1 --store folder
fails_with 125 'nor run for' tare run --store folder -- touch ran
ok 'nothing runs that could not be recorded' test ! -e ran
ok 'nothing is left in or beside it' test ! -e folder.inbox
ok 'really' test ! -e folder/.inbox
: >empty.db
succeeds 'an empty file becomes a store' tare record build_time 5 --store empty.db
succeeds 'that can be read' tare status --store empty.db
fails_with 2 'an address that no store has is refused' tare record build_time 1 --store mysql://host/name
said 'with those there are' 'sqlite'
the_end
