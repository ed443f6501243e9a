# shellcheck shell=sh
# What the stories of notifications share: a receiver, and ways to make something happen. Sourced
# behind lib.sh.

HOOK=$SCRATCH/hook
mkdir -p "$HOOK"
: >"$HOOK/requests"
printf 'ok\n' >"$HOOK/mode"

# receiver [CERTIFICATE]: begins to listen, on the port it had before if it had one; $PORT names it.
receiver() {
    "$PYTHON" "$SOURCES/tests/e2e/hook/server.py" "$HOOK" "$@" 2>"$HOOK/errors" &
    receiver_pid=$!
    background="$background $receiver_pid"
    while [ ! -s "$HOOK/port" ] || ! "$PYTHON" -c "import socket; socket.create_connection(('127.0.0.1', $(cat "$HOOK/port")))" 2>/dev/null; do
        kill -0 "$receiver_pid" || skip_all "no receiver: $(cat "$HOOK/errors")"
        sleep 0.1
    done
    PORT=$(cat "$HOOK/port")
}

receiver_ends() {
    kill -9 "$receiver_pid"
    wait "$receiver_pid" 2>/dev/null
}

behaves() {
    printf '%s\n' "$1" >"$HOOK/mode"
}

# received EXPRESSION: of the requests, as Python sees them in r, oldest first; b are their bodies.
received() {
    "$PYTHON" -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[2])]
b = [json.loads(one["body"]) for one in r]
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$1" "$HOOK/requests" 2>&1
}

# told NAME EXPRESSION WANTED
told() {
    is "$1" "$(received "$2")" "$3"
}

# deliveries EXPRESSION: of `tare notify list --all`, newest first, in d.
deliveries() {
    tare notify list --all --format json | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$1" 2>&1
}

# eventually COMMAND…: what a process that was left behind does is waited for.
eventually() {
    tries=0
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || return 1
        sleep 0.1
    done
}

# courier: the process that this story's commands left behind; a story of the same name elsewhere on
# the machine has another home.
courier() {
    for folder in /proc/[0-9]*; do
        if [ "$(cat "$folder/comm" 2>/dev/null)" = tare ] && grep -qzx "HOME=$HOME" "$folder/environ" 2>/dev/null; then
            echo "${folder#/proc/}"
        fi
    done | head -n 1
}

# settled: nothing is due or under way any more; on a busy machine that takes more than the two
# seconds that a command waits for it.
settled() {
    eventually sh -c "[ \"\$(sqlite3 -readonly tare.db \"SELECT count(*) FROM performance_deliveries
        WHERE state = 'pending' AND next_attempt_at <= (strftime('%s', 'now') + 1) * 1000000000\")\" = 0 ]"
}

# hours_go_by: every claim and every next attempt is past, as if the hours had gone by.
hours_go_by() {
    sqlite3 tare.db "UPDATE performance_deliveries SET next_attempt_at = 1, claimed_until =
        CASE WHEN claimed_until IS NULL THEN NULL ELSE 1 END WHERE state = 'pending'"
}

# it_worsens, it_recovers: an alert opens, an alert ends.
steady() { record_each build_time ms 100 101 99 100 102 98 100 101; }
it_worsens() { record_each build_time ms 150 151; }
it_recovers() { record_each build_time ms 100 101 99; }
