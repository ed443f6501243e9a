#!/bin/sh
# Whatever the width, no line of a table or summary is wider, and nothing crashes.
. "${0%/*}/lib.sh"
repository
tare init --app shop >/dev/null
record_each build_time ms 100 101 99 100 102 98 150 151
record_each APP-001 ms 400 390 900
record "a metric with quite a long name that nobody would ever think of typing twice" 12345.678 --unit MB 2>/dev/null
record_each prompt_token_count tokens 4000 4100
commit 'an ä and a 漢字'
tick
tare run --quiet --name job -- true

# widest: the columns of the widest line of $out, wide characters counting two.
widest() {
    printf '%s' "$out" | "$PYTHON" -c 'import sys, unicodedata
text = sys.stdin.buffer.read().decode("utf-8")
def width(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
print(max(map(width, text.split("\n"))))'
}
for columns in 200 120 100 80 60 40; do
    export COLUMNS=$columns
    for command in alerts metrics targets sessions baseline 'trend build_time' status 'status --all' report health; do
        # shellcheck disable=SC2086 # words
        succeeds "$command at $columns" tare $command
        [ "$command" != 'trend build_time' ] || out=$(printf '%s\n' "$out" | grep ┤) # the plot
        got=$(widest)
        [ "$columns" -lt 80 ] && [ "${command#status}" != "$command" ] && continue # warnings are sentences
        ok "is $got wide" test "$got" -le "$columns"
    done
done
tare alerts ack 1 >/dev/null
COLUMNS=62 try tare alerts
printed 'where little room is an alert still tells its commits' '[0-9a-f]{7}$'
for columns in 1 2 10 20 0 -5 many 999999; do
    export COLUMNS=$columns
    for command in alerts metrics targets sessions baseline 'trend build_time' status report health; do
        # shellcheck disable=SC2086 # words
        try tare $command
        is "$command at '$columns' does not crash" "$status" 0
    done
done
the_end
