#!/bin/sh
# A process is killed after it sent and before it could keep that: the delivery is made again, with
# the same key. Two commands at once do not deliver twice.
. "${0%/*}/lib.sh"
. "$SOURCES/tests/e2e/notify.sh"
repository
receiver
tare init --app shop --preset empty >/dev/null
cat >>tare.yml <<EOF
notify:
  - {type: webhook, name: ops, url: "http://127.0.0.1:$PORT/hook", timeout: 60}
EOF
steady
TARE_NOTIFY=off record build_time 150 --unit ms
behaves stalls
it_worsens
eventually sh -c "[ -s '$HOOK/requests' ]"
courier=$(courier)
ok 'a process waits for the answer' test -n "$courier"
kill -9 "$courier"
behaves ok
record_each build_time ms 150
told 'its claim keeps others off' 'len(r)' 1
is 'the delivery waits' "$(deliveries 'd[0]["state"]')" pending
hours_go_by
record_each build_time ms 150
settled
told 'when the claim is over it is sent again' 'len(r)' 2
told 'with the same key' 'len({x["headers"]["idempotency-key"] for x in r})' 1
is 'and kept as delivered, at the second attempt' "$(deliveries '[d[0]["state"], d[0]["attempts"]]')" '["delivered", 2]'

tick
for metric in a b c d e f g h; do
    for value in 100 101 99 100 102 98 100 101 150; do
        TARE_NOTIFY=off record $metric $value --unit ms 2>/dev/null
    done
done
: >"$HOOK/requests"
tick
for metric in a b c d e f g h; do
    tare record $metric 151 --unit ms --time "$stamp" 2>/dev/null &
    background="$background $!"
    started="${started:-} $!"
done
# shellcheck disable=SC2086 # process ids
wait $started
settled
told 'eight commands at once tell of eight alerts' 'len({x["metric"]["id"] for x in b})' 8
told 'each once' 'len(r)' 8
the_end
