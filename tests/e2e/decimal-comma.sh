#!/bin/sh
# A program that speaks German writes its numbers with a comma; what it tells tare, and is told, does not change.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
command -v localedef >/dev/null || skip_all 'needs localedef'
mkdir "$SCRATCH/locales"
localedef -i de_DE -f UTF-8 "$SCRATCH/locales/de_DE.UTF-8" 2>/dev/null || skip_all 'needs the sources of locales'
export LOCPATH="$SCRATCH/locales" TARE_STORE="$PWD/tare.db" TARE_INGEST=never TARE_TEMPERATURE=warm
german() { LC_ALL=de_DE.UTF-8 "$@"; }
is 'the locale has a decimal comma' "$(german locale decimal_point)" ,
for round in 1 2 3 4 5 6; do
    "$PROGRAMS/recording" 30 || fail "round $round"
done
succeeds 'taken in' tare ingest
succeeds 'a program that speaks German' german env TARE_STATUS=1 "$PROGRAMS/recording" 31
said 'knows its baseline' 'work +11 ms +ok .*baseline 11 ms'
said 'writes numbers as tare does' 'Start-up time +[0-9]+(\.[0-9]+)? (ms|µs)'
succeeds 'a window of a fraction of a second' german env TARE_WINDOW=0.5 TARE_STATUS=1 "$PROGRAMS/recording" 32
unlike 'is one' "$err" 'is none'
try tare export --format jsonl
is 'all were recorded' "$(printf '%s\n' "$out" | grep -cE '"metric_id":"work",[^}]*"n":(30|31|32),')" 8
the_end
