#!/bin/sh
# The inbox has a limit: beyond it programs keep their samples, and say so when they are asked.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
export TARE_INBOX_LIMIT=3000 TARE_INGEST=never
printf 'no database' >blocked && mv tare.db good && cp blocked tare.db
rm -f tare.db-wal tare.db-shm
succeeds 'the store is away: a value waits' tare record build_time 100
taken=1
for turn in 1 2 3 4 5 6 7 8; do
    try tare record build_time 100
    [ "$status" = 0 ] || break
    taken=$((taken + 1))
done
is 'until the inbox is full' "$status" 3
said_clearly 'which is said'
said 'with what to do' 'inbox .* is full.*tare ingest'
unlike 'and not called safe' "$err" 'nothing is lost'
waits() { TARE_STORE="$PWD/tare.db" TARE_STATUS=1 "$PROGRAMS/recording" 10; }
succeeds 'a program that finds it full goes on' waits
said 'and says so' 'inbox .* is full'
mv good tare.db
succeeds 'the store is back: what waits comes at once' tare ingest
is 'with the session that found no room in the inbox' "$(sql tare.db 'SELECT count(*) FROM performance_sessions')" $((taken + 1))
succeeds 'the store is back: there is room again' tare record build_time 101
is 'without a word' "$err" ''
try tare sessions --format json
json_is 'everything that was accepted is there' 'len(d)' $((taken + 2))
the_end
