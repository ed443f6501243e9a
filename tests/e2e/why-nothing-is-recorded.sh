#!/bin/sh
# A program that cannot record goes on, and says why to whoever asks for a summary.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
export TARE_STORE="$PWD/tare.db" TARE_INGEST=never TARE_STATUS=1
succeeds 'a window that is none' env TARE_WINDOW=banana "$PROGRAMS/recording" 10
said_clearly 'is told'
said 'by its name' "a window of 'banana' is none"
succeeds 'a label that is none' env TARE_LABELS=banana "$PROGRAMS/recording" 10
said 'is told' "the label 'banana' is not key=value"
succeeds 'nobody asks' env TARE_LABELS=banana TARE_STATUS=0 "$PROGRAMS/recording" 10
is 'then nothing is said' "$err" ''
succeeds 'whoever says yes asks, too' env TARE_LABELS=banana TARE_STATUS=yes "$PROGRAMS/recording" 10
said 'and is told' 'is not key=value'
succeeds 'a number that is none' "$PROGRAMS/naming" x nan
said 'leaves nothing to show' 'tare: nothing is known of naming yet'
succeeds 'no folder for session files' env TARE_RUNTIME_DIR=/nonexistent "$PROGRAMS/recording" 10
said_clearly 'is told'
said 'with what is lost' '10 samples are lost, .* /nonexistent/tare: No such file'
try tare sessions --format json
json_is 'and the store knows it' '[s["dropped"] for s in d if s["app"] == "recording"]' '[10]'
succeeds 'two programs of one session that lose' env TARE_RUNTIME_DIR=/nonexistent TARE_STATUS=0 \
    tare run --quiet --name both -- sh -c '"$PROGRAMS/recording" 10; "$PROGRAMS/recording" 7'
try tare sessions --format json
json_is 'are both counted in it' '[s["dropped"] for s in d if s["app"] == "both"]' '[17]'
rm -rf "${TARE_RUNTIME_DIR:?}/tare"
rest=
command -v prlimit >/dev/null || rest='needs prlimit'
[ "$INSTRUMENTED" != coverage ] || rest='what counts lines writes files, too'
if [ -n "$rest" ]; then
    skip 'a limit of file sizes' "$rest"
    the_end
fi
small() { # its words come by a pipe, for they would have to fit, too
    words=$(prlimit --fsize="$1" "$PROGRAMS/recording" 10 2>&1)
    ended=$?
    printf '%s\n' "$words" >&2
    return $ended
}
succeeds 'files may be of no size at all: the program goes on' small 0
said_clearly 'is told'
said 'with the limit' 'ulimit -f'
mkdir -p tare.db.inbox
dd if=/dev/zero of=tare.db.inbox/frames bs=1024 count=100 status=none
succeeds 'the inbox has reached the limit: the program goes on' small 102400
said 'is told, too' 'tare: the inbox .* limit of file sizes'
rm tare.db.inbox/frames
succeeds 'its session waits' tare ingest
try tare sessions --format json
json_is 'and is taken in whole' '[s["dropped"] for s in d if s["app"] == "recording" and s["measurements"] > 1]' '[0]'
the_end
