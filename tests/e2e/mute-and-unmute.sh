#!/bin/sh
# A muted alert is silent until its date, even when it gets worse, and can be unmuted.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100 101 99 100 102 98 100 101
record_each build_time ms 130 131
like 'an alert opens' "$err" 'alert 1 opened'
fails_with 2 'mute wants a date' tare alerts mute 1
said 'and says how' '\-\-until'
fails_with 2 'a date that is none is refused' tare alerts mute 1 --until someday
said 'by what it is' "someday' is no date"
fails_with 2 'so is one in the past' tare alerts mute 1 --until 2001-01-01
succeeds 'muted for a week' tare alerts mute 1 --until 7d --notes 'holidays'
try tare alerts --format json
json_is 'its state says so' 'd[0]["state"]' muted
json_is 'until when' 'd[0]["muted_until"] is not None' true
record_each build_time ms 190 191 192
is 'it is silent, though it got worse' "$err" ''
fails_with 2 'no other order takes a date' tare alerts ack 1 --until 7d
said 'and says so' 'until is for mute alone'
succeeds 'unmuted' tare alerts unmute 1
try tare alerts --format json
json_is 'it is open again' 'd[0]["state"]' open
json_is 'and its worst is known' 'd[0]["severity"]' critical
succeeds 'muted to a day' tare alerts mute 1 --until 2099-12-31
succeeds 'several ids at once' tare alerts unmute --id 1
succeeds 'an id that is said twice' tare alerts ack 1 --id 1 --notes 'seen by two
and known'
is 'is meant once' "$out" 'Alert 1 acknowledged.'
try tare alerts show 1
printed 'its times say that they are UTC' '  last seen     20[0-9-]+ [0-9:]{5}Z$'
printed 'lines of a note stay lines' '^                and known$'
is 'there is one event of it' "$(printf '%s\n' "$out" | grep -c '  acknowledged ')" 1
record_each build_time ms 100 101 99
succeeds 'a muted or unmuted alert still resolves' tare alerts
printed 'by itself' '^No alerts'
the_end
