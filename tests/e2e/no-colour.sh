#!/bin/sh
# Colour only on a terminal, never with NO_COLOR, never on a dumb one, never in JSON.
. "${0%/*}/lib.sh"
command -v script >/dev/null || skip_all 'needs script(1) for a terminal'
repository
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100 101 99 100 102 98 150 151
esc=$(printf '\033')
# on_terminal COMMAND: its output as a terminal of 100 columns gets it.
on_terminal() {
    script -qec "stty cols 100 rows 40; $1" "$SCRATCH/typescript" </dev/null >/dev/null 2>&1
    out=$(sed '1d;$d' "$SCRATCH/typescript")
}
export TERM=xterm-256color
on_terminal 'tare status'
printed 'a terminal gets colour' "$esc\["
on_terminal 'tare alerts'
printed 'so it does in tables' "$esc\["
on_terminal 'NO_COLOR=1 tare status'
unlike 'not with NO_COLOR' "$out" "$esc"
printed 'the words are the same' 'build_time +151 ms +critical'
on_terminal 'NO_COLOR=1 tare alerts'
unlike 'nor in tables' "$out" "$esc"
on_terminal 'NO_COLOR=1 tare trend build_time'
unlike 'nor in a plot' "$out" "$esc"
on_terminal 'NO_COLOR= tare status'
printed 'an empty NO_COLOR is none' "$esc\["
on_terminal 'TERM=dumb tare status'
unlike 'not on a dumb terminal' "$out" "$esc"
on_terminal 'tare status --format json'
unlike 'not in JSON' "$out" "$esc"
for command in status alerts metrics sessions baseline targets doctor 'alerts show 1' 'explain 1' 'trend build_time'; do
    # shellcheck disable=SC2086 # words
    try tare $command
    unlike "not in a pipe: $command" "$out$err" "$esc"
done
try tare run -- true
unlike 'nor on standard error' "$err" "$esc"
the_end
