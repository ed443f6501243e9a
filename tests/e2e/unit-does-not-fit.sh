#!/bin/sh
# Units are converted where they fit and refused where they do not.
. "${0%/*}/lib.sh"
succeeds 'a time in ms' tare record load_time 100 --unit ms
succeeds 'the same metric in s' tare record load_time 0.25 --unit s
try tare status --format json
json_is 'is converted' 'd["metrics"][0]["value"]' 250
json_is 'and the unit stays' 'd["metrics"][0]["unit"]' ms
succeeds 'without a unit it is the metric'\''s own' tare record load_time 300
try tare status --format json
json_is 'as given' 'd["metrics"][0]["value"]' 300

fails_with 2 'memory is no time' tare record load_time 5 --unit MB
said 'and the sentence names both' 'load_time is kept in ms, which MB does not fit'
fails_with 2 'nor for a metric of the catalogue' tare record APP-001 5 --unit kB
said 'known before it was ever recorded' 'APP-001 is kept in ms'
fails_with 2 'nor as a target' tare targets set load_time 5 --unit MB
said 'with the same sentence' 'measured in ms, which MB does not fit'
succeeds 'a target converts' tare targets set load_time 0.5 --unit s
try tare targets --format json
json_is 'into the metric'\''s unit' '[m["target"] for m in d if m["id"] == "load_time"][0]' 500

fails_with 2 'a unit with control characters is none' tare record other 1 --unit "$(printf 'm\033s')"
unlike 'and does not reach the terminal' "$err" "$(printf '\033')"
try tare metrics --format json
json_is 'what was refused defined nothing' 'sorted(m["id"] for m in d)' '["load_time"]'

export TARE_APP=work TARE_INGEST=never
value_of() { json "[m['value'] for m in d['metrics'] if m['id'] == '$1']"; }
succeeds 'a program that names no unit' "$PROGRAMS/naming" load_time 42
try tare status --format json
is 'means the metric'\''s own' "$(value_of load_time)" '[42]'
succeeds 'one that names another' "$PROGRAMS/naming" load_time 0.5 s
try tare status --format json
is 'is converted' "$(value_of load_time)" '[500]'
succeeds 'one that names one that does not fit' "$PROGRAMS/naming" load_time 7 MB
succeeds 'loses nothing in silence' tare ingest
said 'it is said' 'load_time is kept in ms.*hands over MB: dropped'
try tare sessions --format json
json_is 'and counted' 'd[0]["dropped"]' 1
succeeds 'not even when NaN' "$PROGRAMS/naming" load_time nan
printed 'which the program is told' refused
try tare metrics --format json
json_is 'what nobody gave a unit is counted' '[m["unit"] for m in d if m["id"] == "load_time"]' '["ms"]'
succeeds 'a new name without a unit' "$PROGRAMS/naming" queue_length 7
try tare metrics --format json
json_is 'is a count' '[m["unit"] for m in d if m["id"] == "queue_length"]' '["count"]'
the_end
