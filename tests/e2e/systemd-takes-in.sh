#!/bin/sh
# The units for a user's systemd: systemd finds nothing wrong with them, and what they run does its work.
. "${0%/*}/lib.sh"
: "${BUILD:?names the build folder}"
units=$PWD/units
mkdir "$units"
for unit in tare-ingest.service tare-ingest.timer tare-ingest@.service tare-ingest@.timer; do
    sed "s#^ExecStart=[^ ]*/tare #ExecStart=$TARE #" "$BUILD/systemd/$unit" >"$units/$unit"
done
ok 'they run the tare that is installed with them' \
    grep -qE '^ExecStart=/[^@]*/bin/tare ingest --quiet$' "$BUILD/systemd/tare-ingest.service"

command_of() { sed -n 's/^ExecStart=//p' "$units/$1"; }
export TARE_INGEST=never TARE_APP=work
succeeds 'a program records into the store that nobody names' "$PROGRAMS/recording" 3
# shellcheck disable=SC2046 # a command and its words
try env -i HOME="$HOME" XDG_STATE_HOME="$XDG_STATE_HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" \
    TARE_RUNTIME_DIR="$TARE_RUNTIME_DIR" $(command_of tare-ingest.service)
is 'the service ends well' "$status" 0
is 'and says nothing' "$out$err" ''
is 'it took it in' "$(sql "$XDG_STATE_HOME/tare/tare.db" 'SELECT count(*) FROM performance_sessions')" 1
mkdir 'a project' && cd 'a project' || exit 99
tare init --preset empty --app work >/dev/null
succeeds 'another into the store of a project' "$PROGRAMS/recording" 3
# shellcheck disable=SC2046
try env -i HOME="$HOME" XDG_STATE_HOME="$XDG_STATE_HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" \
    TARE_RUNTIME_DIR="$TARE_RUNTIME_DIR" $(command_of tare-ingest@.service)
is 'the service of that folder took it in' "$(sql tare.db 'SELECT count(*) FROM performance_sessions')" 1

command -v systemd-analyze >/dev/null 2>&1 || {
    skip 'systemd finds nothing wrong' 'systemd-analyze is not there'
    the_end
}
instance=$(systemd-escape --path "$PWD")
cd "$units" || exit 99
cp tare-ingest@.service "tare-ingest@$instance.service"
cp tare-ingest@.timer "tare-ingest@$instance.timer"
verify() {
    out=$(systemd-analyze --user --man=no verify "$@" 2>&1) || out="$out (status $?)"
}
for unit in ./*; do
    verify "$unit"
    is "systemd finds nothing wrong with ${unit#./}" "$out" ''
done
printf 'Nonsense=yes\n' >>tare-ingest.service
verify ./tare-ingest.service
like 'and would have' "$out" Nonsense
the_end
