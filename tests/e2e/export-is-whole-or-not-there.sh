#!/bin/sh
# An export to a file is there as a whole or not at all; to a pipe it ends when nobody reads any more.
. "${0%/*}/lib.sh"
repository
export TARE_STORE="$PWD/tare.db"
record_each build ms 100 101
files() { find . -name '.git' -prune -o -type f -print | sort | tr '\n' ' '; }
files_before=$(files)

succeeds 'into a file' tare export --output out.csv
printed 'what was written is said' 'Wrote 2 measurements of 2 sessions to out.csv \(csv\)'
is 'nothing else lies about' "$(files)" "$(printf '%s' "$files_before" | sed 's|./tare.db |./out.csv ./tare.db |')"
is 'the same as through a pipe' "$(tare export | cksum)" "$(cksum <out.csv)"
succeeds 'the name tells the format' tare export --output out.jsonl
is 'a session a line' "$(grep -c '^{"session":' out.jsonl)" 2
fails_with 3 'into a folder that is not there' tare export --output nowhere/out.csv
said 'is said' 'cannot write nowhere/out.csv'
fails_with 2 'onto the store itself' tare export --output tare.db
said 'is refused' 'the store itself'
succeeds 'the store is as it was' tare doctor
printf 'precious' >old.csv
fails_with 2 'one that fails' tare export --metric nothing --output old.csv
is 'leaves what was there' "$(cat old.csv)" precious
ln -s old.csv link.csv
succeeds 'through a link' tare export --output link.csv
ok 'the link stays one' test -L link.csv
is 'and what it points to is new' "$(cksum <old.csv)" "$(cksum <out.csv)"
succeeds 'into a device' tare export --output /dev/null
ok 'which stays one' test -c /dev/null

# A history long enough that a pipe does not hold it.
"$PYTHON" - >many.jsonl <<'END'
import uuid
for i in range(3000):
    print('{"session": {"id": "%s", "app": "shop", "started_at": "2025-01-01T00:%02d:%02dZ", "commit": null}, "measurements": '
          '[{"metric_id": "m", "unit": "ms", "value": %d.25, "n": 1}]}' % (uuid.UUID(int=i), i // 60, i % 60, i))
END
succeeds 'a long history' tare import jsonl many.jsonl
try sh -c 'tare export | head -n 2 | wc -l'
is 'whoever has read enough' "$out" 2
is 'is told nothing' "$err" ''
try sh -c '{ tare export; echo $? >status; } | head -n 1 >/dev/null'
is 'and the export is done' "$(cat status)" 0
fails_with 3 'a full disk is no such thing' sh -c 'tare export >/dev/full'
said 'and is said' 'cannot write standard output: No space left'
if [ "$(ulimit -f)" = unlimited ]; then
    cp old.csv before.csv
    fails_with 3 'a file that grows too large' sh -c 'trap "" XFSZ; ulimit -f 100; tare export --output old.csv'
    said 'is said' 'cannot write .*old.csv'
    ok 'what was there stays' cmp -s old.csv before.csv
fi

whole=0
for delay in 0.001 0.002 0.005 0.01 0.02 0.03 0.05 0.1; do
    rm -f big.jsonl
    tare export --format jsonl --output big.jsonl >/dev/null &
    pid=$!
    sleep $delay
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    if [ ! -e big.jsonl ] || [ "$(wc -l <big.jsonl)" = 3002 ]; then whole=$((whole + 1)); fi
done
is 'killed at any moment it is whole or not there' $whole 8
the_end
