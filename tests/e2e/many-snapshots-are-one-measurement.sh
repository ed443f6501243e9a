#!/bin/sh
# A program that takes snapshot after snapshot is taken in at once: its samples lie packed, and its window is
# measured as a whole, however many hand-overs it came in.
. "${0%/*}/lib.sh"
repository
export TARE_INGEST=never TARE_STORE="$PWD/one.db"
"$PROGRAMS/recording" 2000 snapshots || fail 'recording'
cp -r one.db.inbox two.db.inbox
succeeds 'it is taken in' tare ingest
printed 'every hand-over of it' 'Took in 2001 hand-overs'
work="FROM performance_measurements m JOIN performance_series s ON s.id = m.series_id WHERE s.metric_id = 'work'"
is 'as one measurement of all samples' "$(sqlite3 one.db "SELECT n, value, min, max, final $work")" '4000|10.0|10.0|12.0|1'
measured=$(sqlite3 one.db "SELECT n, value $work")
like 'which lie packed, a thousand a row' "$(sqlite3 one.db "SELECT count(*) FROM performance_samples v
    JOIN performance_series s ON s.id = v.series_id WHERE s.metric_id = 'work'")" '^[1-5]$'
is 'none is counted twice' "$(sqlite3 one.db "SELECT sum(v.n) FROM performance_samples v
    JOIN performance_series s ON s.id = v.series_id WHERE s.metric_id = 'work'")" 4000
succeeds 'the same again brings nothing' sh -c 'cp -r two.db.inbox/. one.db.inbox/ && tare ingest'
printed 'and says so' 'Took in 0 hand-overs'
is 'the measurement is as it was' "$(sqlite3 one.db "SELECT n, value $work")" "$measured"

# In pieces that a session's hand-overs were cut into: what the store has of it is gone on with.
"$PYTHON" - two.db.inbox <<'END'
import os, sys
path = os.path.join(sys.argv[1], "frames")
data = open(path, "rb").read()
magic = data[:8]
cut = data.index(magic, len(data) // 2)
open(path, "wb").write(data[:cut])
open("rest", "wb").write(data[cut:])
END
export TARE_STORE="$PWD/two.db"
succeeds 'the first half' tare ingest
cp rest two.db.inbox/frames
succeeds 'the second half' tare ingest
for column in n value min max mean p50 p95 p99 final; do
    is "in two pieces: $column" "$(sqlite3 two.db "SELECT $column $work")" "$(sqlite3 one.db "SELECT $column $work")"
done
the_end
