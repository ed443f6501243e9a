#!/bin/sh
# A cold start is held against cold starts only, and labels and environments keep apart what differs.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null
tare run --quiet --cold --name job -- true
tare run --quiet --warm --name job -- true
tare run --quiet --warm --name job -- true
try tare baseline --metric job.wall --format json
json_is 'two series' 'sorted((b["temperature"], b["baseline"]["n"]) for b in d)' '[["cold", 1], ["warm", 2]]'
cp /bin/true fresh
tare run --quiet -- ./fresh
try tare sessions --limit 1 --format json
first=$(json 'd[0]["temperature"]')
tare run --quiet -- ./fresh
try tare sessions --limit 1 --format json
is 'found out: the first of a new build is cold, the next warm' "$first $(json 'd[0]["temperature"]')" 'cold warm'
record_each speed count 100 101 99 100 102
for value in 200 201 199 200 202; do
    record speed $value --label size=big
done
for value in 300 301 299 300 302; do
    record speed $value --env laptop
done
succeeds 'no alert among different things' tare alerts
printed 'at all' 'No alerts'
try tare baseline --metric speed --format json
json_is 'three baselines' 'sorted(round(b["baseline"]["centre"] / 100) for b in d)' '[1, 2, 3]'
try tare baseline --metric speed --label size=big --format json
json_is 'chosen by label' 'len(d), d[0]["labels"]' '[1, "size=big"]'
try tare baseline --metric speed --env laptop --format json
json_is 'chosen by environment' 'len(d), d[0]["environment"]' '[1, "laptop"]'

record speed 150 --label size=odd 2>/dev/null
try tare trend speed --label size=odd
is 'a value alone is told, not plotted' "$(printf '%s\n' "$out" | sed 's/20[0-9].*Z/TIME/')" 'speed  shop  warm  size=odd  1 measurement
  150  TIME'
the_end
