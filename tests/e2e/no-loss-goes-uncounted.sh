#!/bin/sh
# The disk of the inbox is full, and a thousand sessions wait in memory: what programs lose then is
# counted all the same, shown at once, and in the store when there is room again; once.
. "${0%/*}/lib.sh"
[ "$(id -u)" = 0 ] || skip_all 'needs root to mount a small file system'
if [ "${1:-}" != inside ]; then
    unshare --mount true 2>/dev/null || skip_all 'may not make a mount namespace here'
    mkdir "$SCRATCH/probe"
    unshare --mount mount -t tmpfs -o size=1m none "$SCRATCH/probe" 2>/dev/null ||
        skip_all 'may not mount here'
    clean_up
    trap - EXIT
    exec unshare --mount "$SOURCES/tests/e2e/no-loss-goes-uncounted.sh" inside
fi
mkdir disk memory
mount -t tmpfs -o size=3m none disk || skip_all 'may not mount here'
mount -t tmpfs -o size=4m none memory || skip_all 'may not mount here'
export TARE_RUNTIME_DIR="$PWD/memory" TARE_INGEST=never
cd disk || exit 99
tare init --app shop --preset empty >/dev/null
export TARE_STORE="$PWD/tare.db"
succeeds 'a session as ever' "$PROGRAMS/recording" 10
succeeds 'is taken in' tare ingest
dd if=/dev/zero of=ballast bs=1k 2>/dev/null
succeeds 'the disk is full: a session waits in memory' "$PROGRAMS/recording" 20
for number in $(seq 1000); do : >"$TARE_RUNTIME_DIR/tare/waiting-$number"; done
succeeds 'and a thousand more: the program goes on' env TARE_STATUS=1 "$PROGRAMS/recording" 100
said_clearly 'is told'
said 'how many it loses' '100 samples are lost, .* full of session files'
unlike 'and not that nobody knows' "$err" 'nor can they'
"$PROGRAMS/recording" 50 kill >/dev/null 2>&1
is 'one is killed' $? 137

succeeds 'what waits cannot be taken in' tare ingest
said 'that is said, with why' '1 session could not be taken in and waits: cannot write .* No space left'
succeeds 'who reads' tare status
said 'is told that it is not the newest' 'not the newest: .* No space left'
fails_with 3 'doctor sees it at once' tare doctor
printed 'what waits' '^note +1 session waits in memory to be taken up'
printed 'how much' '^problem 150 samples of shop are lost, the last on 20..-..-..: there was no room for a session$'
printed 'and what to do' "make room for the inbox and for session files; 'tare ingest' then counts"
try tare health
printed 'health says it' '^  lost +150 samples found no room to be kept'
try tare health --format json
json_is 'and counts it as dropped' 'd["windows"][0]["samples"]["dropped"]' 150
json_is 'and as a start of which nothing was kept, beside the one that waits' 'd["windows"][0]["starts"]["lost"]' 2

rm ballast
succeeds 'with room again' tare ingest
find "$TARE_RUNTIME_DIR" -name 'waiting-*' -delete
try tare sessions --format json
json_is 'the store has counted it, once' 'sorted(s["dropped"] for s in d)' '[0, 0, 150]'
json_is 'and the session that waited is whole' 'sorted(s["measurements"] > 0 for s in d)' '[false, true, true]'
succeeds 'health' tare health --format json
json_is 'knows it from the store' 'd["windows"][0]["samples"]["dropped"]' 150
json_is 'and nothing waits' 'd["session_files"]["roomless_samples"]' 0
json_is 'that nothing of these starts was kept' 'd["windows"][0]["starts"]' '{"handed_over": 2, "found_dead": 0, "lost": 1}'
succeeds 'again' tare ingest
printed 'there is nothing' '^Took in 0 hand-overs'
succeeds 'and doctor is content' tare doctor
succeeds 'a program records as ever' "$PROGRAMS/recording" 10
try tare sessions --format json
json_is 'and loses nothing' 'd[0]["dropped"]' 0
cd / || exit 99
umount "$SCRATCH/desk/disk" "$SCRATCH/desk/memory"
the_end
