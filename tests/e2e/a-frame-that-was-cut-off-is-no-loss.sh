#!/bin/sh
# A program is killed in the middle of its hand-over: what it wrote of it is no damage to worry about
# once the session came whole, from its file. If it never comes, that is said.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
export TARE_STORE="$PWD/tare.db" TARE_INGEST=never
"$PROGRAMS/recording" 100
mv tare.db.inbox/frames whole
for cut in 700 1500 $(($(stat -c %s whole) - 1)); do
    { head -c "$cut" whole; cat whole; } >tare.db.inbox/frames
    succeeds "cut off after $cut bytes, and whole" tare ingest
    is 'nothing is said' "$err" ''
    succeeds 'doctor is content' tare doctor
    printed 'with the inbox' 'the inbox is in order'
done
try tare sessions --format json
json_is 'the session is there once' '[s["dropped"] for s in d]' '[0]'
"$PROGRAMS/recording" 100
head -c 1500 tare.db.inbox/frames >part && mv part tare.db.inbox/frames
succeeds 'cut off, and nothing else' tare ingest
said 'that is told' '1 damaged piece of what was handed over was set aside'
fails_with 3 'doctor minds' tare doctor
printed 'what was set aside' '1500 damaged bytes were set aside'
try tare health --format json
json_is 'a start is lost' 'd["windows"][0]["starts"]["lost"]' 1
the_end
