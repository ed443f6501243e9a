#!/bin/sh
# What became slower before there was a baseline to tell it by lies between the right commits all the same.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
fast=$(git rev-parse --short=7 HEAD)
record_each build_time ms 100 101 99 100
git commit -q --allow-empty -m 'Slower'
slow=$(git rev-parse --short=7 HEAD)
record_each build_time ms 150 151 149
succeeds 'the alert' tare alerts list
printed 'lies between the two' "$fast\.\.$slow"
git commit -q --allow-empty -m 'Nothing'
record_each build_time ms 150
succeeds 'it goes on' tare alerts show 1
printed 'from where it began' "$slow"
unlike 'and not from later' "$out" "$(git rev-parse --short=7 HEAD)"
the_end
