#!/bin/sh
# A session tells of its own metrics; that others have open alerts is said beneath, once.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
record_each speed ms 100 101 99 100 102 98 150 151 152
try tare status
printed 'the alert of the session itself stands in its warning' '\(alert 1\)$'
unlike 'and not beneath' "$out" '^Alerts'
held=$(printf '%s\n' "$out" | sed -n 's/.* above the \(baseline of [0-9.]* ms\) .*/\1/p' | sed 's/ of//')
like 'the table names the baseline that the warning names' "$out" "speed .* $held ±"
record size 5 --unit MB
try tare status
printed 'of another it is said that it is open' '^Alerts  1 other is open, critical: tare alerts$'
record_each load ms 10 11 10 9 10 11 14 14 14
record size 5 --unit MB
try tare status
printed 'of several the worst' '^Alerts  2 others are open, the worst critical: tare alerts$'
tare alerts ack 1 >/dev/null
try tare status
printed 'not of one that somebody has seen' '^Alerts  1 other is open, [a-z]+: tare alerts$'
tare alerts mute 2 --until 7d >/dev/null
try tare status
unlike 'nor of one that is muted' "$out" '^Alerts'

printf 'metrics:\n  - id: tiny\n    unit: ms\n    min_change: 10\n' >>tare.yml
record_each tiny ms 1 1 1 1 1 1 3
try tare status
printed 'what is no change of a metric is no trend either' '^Trend  stable, ±0 %'
record_each tiny ms 30
try tare status
printed 'what is one, is' '^Trend  worsening, \+2,900 %'
the_end
