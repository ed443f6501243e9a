#!/bin/sh
# A store written by an older tare is brought up to date by the first command that needs it, also by one that only reads.
. "${0%/*}/lib.sh"
# older: a store as the first tare made it, with one session in it.
older() {
    rm -rf tare.db*
    sqlite3 tare.db <"$SOURCES/src/store/schema/001_first.sql"
    sqlite3 tare.db "INSERT INTO performance_schema VALUES (1, 0);"
}
version() { sqlite3 tare.db 'SELECT max(version) FROM performance_schema'; }
newest=$(find "$SOURCES/src/store/schema" -name '[0-9]*.sql' | wc -l)
export TARE_STORE="$PWD/tare.db"

for command in alerts sessions metrics baseline status; do
    older
    succeeds "$command reads a store of the first schema" tare $command
    is 'having brought it up to date' "$(version)" "$newest"
done
older
succeeds 'recording does, too' tare record build_time 12 --unit ms
is 'with the newest schema' "$(version)" "$newest"
succeeds 'and what was recorded is there' tare metrics
printed 'by name' build_time

older
chmod a-w tare.db
chmod a-w .
if [ "$(id -u)" = 0 ]; then
    skip 'a store that may not be written says so' 'root may write everything'
else
    fails_with 3 'a store that may not be written is refused' tare alerts
    said 'with the remedy' "older schema 1; 'tare ingest'"
fi
chmod u+w . tare.db
the_end
