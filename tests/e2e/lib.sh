# shellcheck shell=sh
# Stories in TAP. A story sources this file first, tells what happens, and ends with `the_end`:
#
#     . "${0%/*}/lib.sh"
#     repository
#     succeeds 'a value is recorded' tare record build_time 100 --unit ms
#     fails_with 2 'NaN is refused' tare record build_time nan
#     said 'with a reason' 'no finite number'
#     the_end
#
# Every story has its own HOME, XDG folders and working folder, which go when it ends. The binary is
# $TARE, set by the build; programs that record themselves lie in $PROGRAMS. `try`, `succeeds` and
# `fails_with` leave what a command said in $out, $err and $status.
set -u

: "${TARE:?names the binary}"
PYTHON=python3
command -v /usr/bin/python3 >/dev/null 2>&1 && PYTHON=/usr/bin/python3
SOURCES=$(cd "${0%/*}/../.." && pwd)
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/tare-story.XXXXXX") || exit 99
RUNTIME=$(mktemp -d /dev/shm/tare-story.XXXXXX 2>/dev/null) || RUNTIME=$SCRATCH/runtime
mkdir -p "$SCRATCH/home" "$SCRATCH/desk" "$SCRATCH/bin" "$RUNTIME"
ln -s "$TARE" "$SCRATCH/bin/tare"

INSTRUMENTED=${TARE_INSTRUMENTED:-} # asan, tsan or coverage, if it was built for that

# Nothing of the caller's reaches a story.
for variable in $(env | sed -n 's/^\(TARE_[A-Z_]*\|GIT_[A-Z_]*\|XDG_[A-Z_]*\)=.*/\1/p'); do
    unset "$variable"
done
unset DISABLE_PERFORMANCE_TRACKING NO_COLOR COLUMNS
export HOME="$SCRATCH/home" XDG_STATE_HOME="$SCRATCH/home/state" XDG_RUNTIME_DIR="$RUNTIME"
export TARE_RUNTIME_DIR="$RUNTIME" # nothing of this machine's other programs
export XDG_CONFIG_HOME="$SCRATCH/home/config" GIT_CONFIG_NOSYSTEM=1
export PATH="$SCRATCH/bin:$PATH" LC_ALL=C.UTF-8 TZ=UTC USER=tester
cd "$SCRATCH/desk" || exit 99

tests=0
failed=0
out=
err=
status=0
background=

clean_up() {
    for pid in $background; do
        kill -9 "$pid" 2>/dev/null
    done
    cd / || exit 99
    chmod -R u+rwX "$SCRATCH" 2>/dev/null
    rm -rf "$SCRATCH" "$RUNTIME"
}
trap clean_up EXIT
trap 'exit 99' INT TERM

# note TEXT: a line that only people read.
note() {
    printf '%s\n' "$1" | sed 's/^/# /'
}

pass() {
    tests=$((tests + 1))
    printf 'ok %d - %s\n' "$tests" "$1"
}

fail() {
    tests=$((tests + 1))
    failed=$((failed + 1))
    printf 'not ok %d - %s\n' "$tests" "$1"
}

# skip_all REASON: the story cannot be told here.
skip_all() {
    printf '1..0 # SKIP %s\n' "$1"
    exit 0
}

# skip NAME REASON: this part of it cannot.
skip() {
    tests=$((tests + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tests" "$1" "$2"
}

# ok NAME COMMAND…: passes when the command does.
ok() {
    name=$1
    shift
    if "$@"; then pass "$name"; else
        fail "$name"
        note "failed: $*"
    fi
}

# is NAME GOT WANTED
is() {
    if [ "$2" = "$3" ]; then pass "$1"; else
        fail "$1"
        note "got:    $2"
        note "wanted: $3"
    fi
}

# like NAME TEXT PATTERN: an extended regular expression.
like() {
    if printf '%s\n' "$2" | grep -qE -e "$3"; then pass "$1"; else
        fail "$1"
        note "no match for: $3"
        note "$2"
    fi
}

unlike() {
    if printf '%s\n' "$2" | grep -qE -e "$3"; then
        fail "$1"
        note "matches: $3"
        note "$2"
    else pass "$1"; fi
}

# try COMMAND…: runs it; its words are in $out and $err, its end in $status.
try() {
    "$@" >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null
    status=$?
    out=$(cat "$SCRATCH/out")
    err=$(cat "$SCRATCH/err")
}

# fails_with STATUS NAME COMMAND…
fails_with() {
    wanted=$1
    name=$2
    shift 2
    try "$@"
    if [ "$status" = "$wanted" ]; then pass "$name"; else
        fail "$name"
        note "status $status, wanted $wanted: $*"
        note "$out"
        note "$err"
    fi
}

# succeeds NAME COMMAND…
succeeds() { fails_with 0 "$@"; }

# printed, said NAME PATTERN: of standard output, of standard error.
printed() { like "$1" "$out" "$2"; }
said() { like "$1" "$err" "$2"; }

# One sentence, from tare, without a trailing blank or an internal word.
said_clearly() {
    like "$1" "$(printf '%s\n' "$err" | head -n 1)" '^tare: .{10,}[^ ]$'
}

# json_is NAME EXPRESSION WANTED: of the JSON in $out, as Python sees it in d.
json_is() {
    got=$(printf '%s' "$out" | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$2" 2>&1)
    is "$1" "$got" "$3"
}

# json EXPRESSION: prints it.
json() {
    printf '%s' "$out" | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin)
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$1"
}

# repository: the working folder becomes a git repository with one commit.
repository() {
    git init -q -b main .
    git config user.name tester
    git config user.email tester@example.org
    commit 'the first'
}

# commit MESSAGE: an empty commit is enough for a story; HEAD7 is its short name.
commit() {
    git commit -q --allow-empty -m "$1"
    HEAD7=$(git rev-parse HEAD | cut -c1-7)
}

# The stories' own clock: a minute a session, ending long before now so that nothing expires.
story_time=$(($(date +%s) - 20000))
tick() {
    story_time=$((story_time + 60))
    stamp=$(date -u -d "@$story_time" +%Y-%m-%dT%H:%M:%SZ)
}

# record METRIC VALUE [OPTION…]: one session a minute after the one before.
record() {
    tick
    tare record "$@" --time "$stamp"
}

# record_each METRIC UNIT VALUE…: a session each; what is said on the way goes to $err.
record_each() {
    metric=$1
    unit=$2
    shift 2
    : >"$SCRATCH/each"
    for value in "$@"; do
        record "$metric" "$value" --unit "$unit" 2>>"$SCRATCH/each" || fail "record $metric $value"
    done
    err=$(cat "$SCRATCH/each")
}

# sql STORE STATEMENT: straight from the file.
sql() {
    sqlite3 -readonly "$1" "$2"
}

# as_nobody COMMAND…: root may write everywhere, so a story about permissions steps down.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}

the_end() {
    printf '1..%d\n' "$tests"
    [ "$failed" = 0 ]
    exit
}
