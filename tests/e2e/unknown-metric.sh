#!/bin/sh
# A metric, alert, session, command or option that does not exist gets a sentence and status 2.
. "${0%/*}/lib.sh"
repository
tare init --preset empty >/dev/null
record_each build_time ms 100
fails_with 2 'no target for an unknown metric' tare targets set nothing 5
said 'by name, with where to look' "there is no metric 'nothing'; see 'tare metrics'"
fails_with 2 'nor is one unset' tare targets unset nothing
fails_with 2 'no explanation of an unknown alert' tare explain 42
said 'by number' "there is no alert 42; see 'tare alerts'"
for verb in ack accept resolve unmute show; do
    fails_with 2 "$verb of an unknown alert" tare alerts $verb 42
    said 'by number' 'no alert 42'
done
fails_with 2 'mute of an unknown alert' tare alerts mute 42 --until 7d
fails_with 2 'several at once, one unknown: none is changed' tare alerts ack 1 2 3
fails_with 2 'no session of that id' tare sessions exclude deadbeef
said 'by id' "no session 'deadbeef'"
fails_with 2 'no series of that metric' tare baseline reset --metric nothing
said 'in words' 'no series matches'
fails_with 2 'no alerts of that metric' tare alerts --metric nothing
said 'rather than none' "there is no metric 'nothing'"
fails_with 2 'no baselines either' tare baseline --metric nothing
fails_with 2 'no command of that name' tare frobnicate
said 'with a way on' "Try 'tare help'"
fails_with 2 'no help on it either' tare help frobnicate
fails_with 2 'no option of that name' tare status --frobnicate
said 'with a way on' "Try 'tare help status'"
fails_with 2 'no verb of that name' tare alerts frobnicate
said 'with those there are' 'list, show, ack, accept, resolve, mute, unmute'
fails_with 2 'no format of that name' tare status --format yaml
said 'with those there are' 'text, json'
succeeds 'a recorded metric that nobody defined becomes a custom one' tare record brand_new 1
try tare metrics --format json
json_is 'of that category' '[m["category"] for m in d if m["id"] == "brand_new"][0]' custom
the_end
