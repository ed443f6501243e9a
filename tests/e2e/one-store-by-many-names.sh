#!/bin/sh
# One store has one inbox and one card, by whichever name: relative, with dots, as a URL, or by symbolic links.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
export TARE_INGEST=never TARE_STATUS=1 TARE_APP=recording
mkdir data project elsewhere
ln -s ../data/real.db elsewhere/link.db
ln -s "$PWD/data" folder
work=0

# records NAME STORE: a program in project/ records 10 samples into that store.
records() {
    succeeds "$1: a program records" env -C project TARE_STORE="$2" "$PROGRAMS/recording" 10
    work=$((work + 1))
}

# comes NAME [OPTION…]: the next `tare ingest` has it.
comes() {
    name=$1
    shift
    try tare ingest "$@"
    printed "$name: it is taken in" 'Took in 1 hand-over '
    is "$name: into the one store" "$(sql data/real.db 'SELECT count(*) FROM performance_sessions')" "$work"
}

real="$PWD/data/real.db"
records 'dots, and from where it lies' "$PWD/project/../data/./real.db"
comes 'dots, and from where it lies' --store "$real"
records 'by a link' "$PWD/elsewhere/link.db"
said 'and knows what is expected' 'work +1[0-2] ms'
comes 'by a link' --store "$real"
records 'by where it lies, and by a link' "$real"
comes 'by where it lies, and by a link' --store "$PWD/elsewhere/link.db"
records 'by a linked folder' "$PWD/folder/real.db"
comes 'by a linked folder' --store elsewhere/link.db
records 'a URL of the path' "sqlite:$real"
comes 'a URL of the path' --store "sqlite:$real"
records 'a URL of a relative path' sqlite:../data/real.db
comes 'a URL of a relative path' --store "$real"
printf 'store: sqlite:../elsewhere/link.db\n' >project/tare.yml
succeeds 'a file that names it so: a program records' env -C project "$PROGRAMS/recording" 10
work=$((work + 1))
comes 'a file that names it so' --store "$real"
is 'nothing else has come to be' "$(ls data elsewhere project | tr '\n' ' ')" \
    'data: real.db real.db-shm real.db-wal real.db.card real.db.inbox real.db.lock  elsewhere: link.db link.db.card link.db.inbox  project: tare.yml '

# What a program that was killed left is taken by whichever name it goes, too.
succeeds 'a program is killed' sh -c "TARE_STORE=$PWD/elsewhere/../folder/real.db $PROGRAMS/recording 10 kill; true"
try tare ingest --store "$real"
printed 'its session is taken in' 'Took in 1 hand-over .*1 session crashed'
the_end
