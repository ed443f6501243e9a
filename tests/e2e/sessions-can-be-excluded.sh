#!/bin/sh
# A session that went wrong is kept out of the baseline; a baseline is pinned, rolls again, begins anew.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each speed ms 100 100 100 100 100 100
git tag good
commit 'next'
record_each speed ms 110 110 110 110 110
# centre NAME WANTED: of the baseline, which stays in $out.
centre() {
    try tare baseline --metric speed --format json
    json_is "$1" 'd[0]["baseline"]["centre"]' "$2"
}
try tare sessions --limit 1 --format json
id=$(json 'd[0]["id"]')
succeeds 'a session is excluded by the beginning of its id' tare sessions exclude "$(echo "$id" | cut -c1-8)"
record_each speed ms 110
try tare baseline --metric speed --format json
json_is 'it is out of the window' 'd[0]["baseline"]["n"]' 11
succeeds 'and included again' tare sessions include "$id"
fails_with 2 'the beginning of several is refused' tare sessions exclude ''
succeeds 'pinned to a tag' tare baseline pin good
printed 'which is said' '^1 baseline pinned$'
centre 'it is what was measured there' 100
json_is 'its state says so' 'd[0]["baseline"]["state"]' pinned
json_is 'and to what' 'd[0]["pin"]' good
record_each speed ms 110 110
centre 'and stays' 100
fails_with 2 'a commit that is none is refused' tare baseline pin HEAD~5
said 'as that' "'HEAD~5' is no commit or tag"
commit 'nothing measured'
fails_with 4 'one with too few measurements is refused' tare baseline pin HEAD
printed 'with how many there must be' 'fewer than 5 measurements of HEAD'
succeeds 'unpinned' tare baseline unpin
record_each speed ms 110 110 110 110 110 110
centre 'with what is measured' 110
fails_with 2 'all of them are not reset without a word' tare baseline reset
said 'it is told how' 'choose by --metric, .* or say --all'
try tare baseline --metric speed --format json
json_is 'nothing is forgotten' 'd[0]["baseline"]["state"]' active
succeeds 'reset' tare baseline reset --metric speed
try tare baseline --metric speed --format json
json_is 'it learns anew' 'd[0]["baseline"]["state"]' learning
record_each speed ms 300 300 300 300 300
centre 'from what comes' 300
succeeds 'every one' tare baseline reset --all
printed 'is counted' 'baselines? reset$'
the_end
