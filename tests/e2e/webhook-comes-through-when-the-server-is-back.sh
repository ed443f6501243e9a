#!/bin/sh
# A webhook whose receiver is down: nothing is lost, nobody waits, and all of it arrives in order when
# the receiver is back.
. "${0%/*}/lib.sh"
. "$SOURCES/tests/e2e/notify.sh"
repository
receiver
tare init --app shop --preset empty >/dev/null
cat >>tare.yml <<EOF
notify:
  - type: webhook
    name: ops
    url: http://127.0.0.1:$PORT/services/T0001SECRET
    secret_env: HOOK_SECRET
EOF
export HOOK_SECRET=sesame
steady
told 'nothing is told while nothing happens' 'len(r)' 0
it_worsens
settled
told 'an alert that opens is told once' '[x["event"] for x in b]' '["opened"]'
told 'to the path of the URL' 'r[0]["path"]' '/services/T0001SECRET'
told 'as JSON' 'r[0]["headers"]["content-type"]' application/json
told 'with its event in the header' 'r[0]["headers"]["tare-event"]' opened
told 'and the key that is in the body' 'r[0]["headers"]["idempotency-key"] == b[0]["key"]' true
is 'the signature is right' "$("$PYTHON" "$SOURCES/tests/e2e/hook/verify.py" sesame <"$HOOK/requests")" signed
is 'and of this secret only' "$("$PYTHON" "$SOURCES/tests/e2e/hook/verify.py" other <"$HOOK/requests")" forged
if problems=$(received 'json.dumps(b[0])' | "$PYTHON" "$SOURCES/tests/docs/follows_schema.py" notification 2>&1); then
    pass 'the body follows its schema'
else fail "the body follows its schema: $problems"; fi
record_each build_time ms 152 149
told 'a repeat is told to nobody' 'len(r)' 1

receiver_ends
it_recovers
settled
it_worsens
settled
is 'what happened meanwhile waits' "$(deliveries '[x["state"] for x in d]')" '["pending", "pending", "delivered"]'
is 'one attempt was made, the other waits with it' "$(deliveries '[x["attempts"] for x in d]')" '[0, 1, 1]'
like 'the reason is known' "$(deliveries 'd[1]["last_error"]')" '[Cc]onnect'
unlike 'without the secret part of the URL' "$(tare notify list; tare notify sinks; tare doctor)" 'T0001SECRET|sesame'
try tare notify sinks --format json
json_is 'and told with the sink' 'd[0]["waiting"]' 2
receiver
record_each build_time ms 150
told 'before its time the sink is left alone' 'len(r)' 1
hours_go_by
record_each build_time ms 150
eventually sh -c "[ \$(wc -l <'$HOOK/requests') = 3 ]"
told 'then it all arrives' 'len(b)' 3
told 'what happened first first' '[x["event"] for x in b if x["alert"]["id"] == 1]' '["opened", "resolved", "reopened"]'
is 'and is done' "$(deliveries 'sorted({x["state"] for x in d})')" '["delivered"]'
told 'every key is another' 'len({x["key"] for x in b})' 3

# A storm: one file, a dozen alerts, and a receiver that is down.
receiver_ends
: >"$HOOK/requests"
for value in 100 101 99 100 102 98 100 101 150 151; do
    tick
    printf '{"session": {"app": "shop", "started_at": "%s"}, "measurements": [' "$stamp"
    for number in 1 2 3 4 5 6 7 8 9 10 11 12; do
        [ $number = 1 ] || printf ', '
        printf '{"metric_id": "storm_%s", "unit": "ms", "time": "%s", "n": 1, "value": %s}' $number "$stamp" $value
    done
    printf ']}\n'
done >storm.jsonl
succeeds 'a dozen alerts open at once' tare import jsonl storm.jsonl
storm() { deliveries "sorted(x['$1'] for x in d if x['metric_id'].startswith('storm'))"; }
eventually sh -c "tare notify --failed --all --format json | grep -q 'onnect'"
is 'what is tried at once has a limit, and then the sink is left alone' "$(storm attempts)" '[0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]'
receiver
succeeds 'when it is back, they are sent by hand' tare notify send ops
printed 'all of them' '^Delivered 12\.'
told 'each once' 'sorted(x["metric"]["id"] for x in b) == sorted({x["metric"]["id"] for x in b}) and len(b)' 12
the_end
