#!/bin/sh
# Who may write to the store may record into it and take in what others recorded; what root makes is the folder's owner's.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
[ -z "$INSTRUMENTED" ] || skip_all 'what instruments a program writes files, too'
[ "$(id -u)" = 0 ] || skip_all 'only root may be several users'
command -v setpriv >/dev/null || skip_all 'needs setpriv'
chmod 711 "$SCRATCH" "$SCRATCH/desk" "$SCRATCH/bin" "$RUNTIME"
cp "$PROGRAMS/recording_static" program
chmod 755 program
export TARE_INGEST=never TARE_STATUS=1 TARE_APP=program
umask 022

# as USER UMASK COMMAND…: users 4201 and 4202 have the group 4200 beside their own.
as() {
    user=$1
    mask=$2
    shift 2
    mkdir -p "$RUNTIME/$user" && chown "$user:$user" "$RUNTIME/$user"
    (umask "$mask" && TARE_RUNTIME_DIR="$RUNTIME/$user" HOME=/nonexistent XDG_STATE_HOME=/nonexistent \
        exec setpriv --reuid "$user" --regid "$user" --groups 4200 "$@")
}
as 4201 022 "$TARE" version >/dev/null 2>&1 || skip_all 'the binary lies where others may not go'

# shared NAME: the store $TARE_STORE in a folder of the group.
shared() {
    mkdir "$1"
    chgrp 4200 "$1"
    chmod 2775 "$1"
    export TARE_STORE="$PWD/$1/tare.db"
}

# both_record: one after the other, and take in what the other left.
both_record() {
    succeeds "$1: the first records" as 4201 "$2" ./program 10
    unlike "$1: and hears of no trouble" "$err" 'tare: '
    succeeds "$1: the other records" as 4202 "$2" ./program 10
    unlike "$1: nor does the other" "$err" 'tare: '
    succeeds "$1: the other takes in" as 4202 "$2" tare ingest
    printed "$1: both" 'Took in 2 hand-overs'
    succeeds "$1: the first records again" as 4201 "$2" ./program 10
    like "$1: and sees what the other took in" "$err" 'work +1[0-2] ms'
    succeeds "$1: the first takes in" as 4201 "$2" tare ingest
    printed "$1: what it left" 'Took in 1 hand-over '
    succeeds "$1: the other sees" as 4202 "$2" tare sessions --format json
    json_is "$1: all of them" 'len(d)' 4
    unlike "$1: nobody else may look into the inbox" "$(stat -c %A "$TARE_STORE.inbox")" '[rwx]..$|[rwx].$|[rwx]$'
}

shared umask
succeeds 'a store of a umask for groups' as 4201 002 tare record first 1
both_record 'umask 002' 002
shared given
install -o 4201 -g 4200 -m 660 /dev/null "$TARE_STORE"
succeeds 'a store that was given to the group' as 4201 077 tare record first 1
both_record 'given to the group' 077
shared own
succeeds 'a store that is not given' as 4201 022 tare record first 1
succeeds 'the other may leave samples there' as 4202 022 ./program 10
unlike 'without trouble' "$err" 'cannot'
try as 4202 022 tare status
said 'and hears that what he sees is old' 'this is not the newest: what waits .*/own/tare.db may not be written to'
succeeds 'its owner takes them in' as 4201 022 tare ingest
printed 'all of them' 'Took in 1 hand-over '

mkdir home
chown 4201:4201 home
export TARE_STORE="$PWD/home/tare.db"
succeeds 'root records first, in a folder of a user' ./program 10
succeeds 'and takes in' tare ingest
is 'all is the user'\''s' "$(stat -c %U "$TARE_STORE" "$TARE_STORE.inbox" "$TARE_STORE.card" "$TARE_STORE-wal" | sort -u)" \
    "$(stat -c %U home)"
succeeds 'who goes on' as 4201 022 ./program 10
said 'with what root took in' 'work +1[0-2] ms'
succeeds 'and takes in, too' as 4201 022 tare ingest
printed 'his own' 'Took in 1 hand-over '
touch "$TARE_STORE.inbox/frames"
chmod 600 "$TARE_STORE.inbox/frames"
try as 4201 022 ./program 10
said 'a file there that is root'\''s alone' 'tare: cannot write to the inbox .*Permission denied'
succeeds 'keeps nobody from looking' as 4201 022 tare ingest
said 'who is told what waits' '1 session could not be taken in and waits: cannot write to the inbox'
echo x >"$TARE_STORE.inbox/frames"
fails_with 3 'a file that cannot be read' as 4201 022 tare ingest
said 'is named' 'cannot take what waits in .*/frames: Permission denied'
rm "$TARE_STORE.inbox/frames"
succeeds 'it waits' as 4201 022 tare ingest
printed 'until it can' 'Took in 1 hand-over '
the_end
