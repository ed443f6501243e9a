#!/bin/sh
# check: passes while all is well, fails when it is not, says when it cannot tell, and proves itself.
. "${0%/*}/lib.sh"
repository
fails_with 4 'an empty store' sh -c 'tare record x 1 --unit ms && tare check'
printed 'is no silent pass' insufficient
succeeds 'unless that is wanted' tare check --allow-empty
for value in 100 101 99 100 102 98 100 101 99 100 101 100; do
    tare record latency $value --unit ms --app shop
done
git commit -q --allow-empty -m 'the candidate'
for value in 100 99 101; do tare record latency $value --unit ms --app shop; done
succeeds 'the same speed passes' tare check --app shop
fails_with 1 'a planted regression fails' tare check --app shop --selftest
git commit -q --allow-empty -m 'slower'
for value in 140 141 139; do tare record latency $value --unit ms --app shop; done
fails_with 1 'a real one fails' tare check --app shop
printed 'and is named' latency
fails_with 1 'against a named base, too' tare check --app shop --base HEAD~2
try tare check --app shop --format json
json_is 'as JSON' 'd["result"]' fail
json_is 'with its verdict' 'd["metrics"][0]["verdict"]["severity"] in ("error", "critical")' true
fails_with 4 'against a base of three measurements it cannot tell' tare check --app shop --base HEAD~1
fails_with 2 'a severity that is none' tare check --fail-on terrible
try tare compare HEAD~2 HEAD --app shop --format json
json_is 'compare says the same' 'd["metrics"][0]["verdict"]' regressed
succeeds 'and to people' tare compare HEAD~2 HEAD --app shop
printed 'what is compared' '^A is HEAD~2, B is HEAD$'
printed 'its values, change, interval and verdict' \
    '^latency +100 ms +140 ms +\+40 % +\+3[0-9.]+ % … \+4[0-9.]+ % .*regressed'
printed 'and how many' '^1 regressed, 0 improved, 0 the same, 0 inconclusive$'
try tare compare HEAD~2 HEAD~2..HEAD --app shop --format json
json_is 'a range is its commits without the first' '[d["metrics"][0][side]["n"] for side in "ab"]' '[12, 6]'
fails_with 2 'a range to nowhere' tare compare HEAD~2 HEAD..nowhere --app shop
said 'is named' "HEAD..nowhere"
fails_with 2 'a name that means nothing' tare compare nowhere HEAD
the_end
