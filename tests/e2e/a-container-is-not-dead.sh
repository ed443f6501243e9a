#!/bin/sh
# A program in a container, whose number out here is another's or nobody's, records on while `tare` looks.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
export TARE_STORE="$PWD/tare.db" TARE_INGEST=never
umask 022

# contained COMMAND…: in namespaces of its own for processes, with /proc to match.
contained() { unshare --map-root-user --fork --pid --mount-proc "$@"; }
contained true 2>/dev/null || skip_all 'this user may make no namespaces'
if [ "${1:-}" != inside ] && unshare --mount true 2>/dev/null; then
    clean_up
    trap - EXIT
    exec unshare --mount "$SOURCES/tests/e2e/a-container-is-not-dead.sh" inside
fi

# long NUMBER COMMAND…: a program that records 500 samples, waits and exits has this number there.
cat >numbered <<'END'
#!/bin/sh
echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid 2>/dev/null || exit 9
shift
"$@" &
echo "$!" >number
wait "$!"
END
chmod +x numbered

# until_recorded: its samples are in its session file.
until_recorded() {
    for tries in $(seq 100); do
        ! grep -q recorded said || return 0
        sleep 0.1
    done
}

sleep 600 &
other=$!
background=$other
contained ./numbered "$other" "$PROGRAMS/recording" 500 exit 4000 >said 2>&1 &
container=$!
until_recorded
[ "$(cat number 2>/dev/null)" = "$other" ] || skip_all 'a container cannot choose a number here'
succeeds 'its number is another program out here: that is not taken for it' tare ingest
printed 'it is said to run' '1 still running'
unlike 'and not to have crashed' "$out" crashed
wait "$container"
kill "$other"
wait "$other" 2>/dev/null
background=

contained ./numbered "$other" "$PROGRAMS/recording" 500 exit 4000 >said 2>&1 &
container=$!
until_recorded
succeeds 'its number is nobody out here' tare ingest
printed 'the first has ended, the second is said to run' 'Took in 1 hand-over .*1 still running'
succeeds 'from another container it cannot be seen at all' contained tare ingest
printed 'and still is not taken for dead' '1 still running'
wait "$container"
succeeds 'when it has ended' tare ingest
try tare sessions --format json
json_is 'both sessions are whole' '[(s["outcome"], s["dropped"]) for s in d]' '[["ok", 0], ["ok", 0]]'
is 'with all their samples' "$(sql tare.db "SELECT group_concat(n) FROM performance_measurements m
    JOIN performance_series s ON s.id = m.series_id WHERE metric_id = 'work'")" '500,500'

contained ./numbered "$other" "$PROGRAMS/recording" 500 kill 1000 >said 2>&1 &
container=$!
until_recorded
wait "$container"
succeeds 'one that is killed in there' tare ingest
printed 'is crashed' '1 session crashed'

# An overlay, as containers have it for a root, keeps another file than it shows.
mkdir lower upper work merged
if mount -t tmpfs none upper 2>/dev/null && mkdir upper/upper upper/work &&
    mount -t overlay overlay -o lowerdir=lower,upperdir=upper/upper,workdir=upper/work merged 2>/dev/null; then
    export TARE_RUNTIME_DIR="$PWD/merged"
    "$PROGRAMS/recording" 500 exit 2000 >said 2>&1 &
    container=$!
    until_recorded
    succeeds 'session files on an overlay' tare ingest
    printed 'are nobody taken for dead by' '1 still running'
    wait "$container"
    succeeds 'when it has ended' tare ingest
    printed 'it is taken in' 'Took in 1 hand-over '
    umount merged
else
    skip 'session files on an overlay' 'may not mount one here'
fi
umount upper 2>/dev/null
the_end
