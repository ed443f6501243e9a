#!/bin/sh
# What receivers can do to a webhook, and what becomes of the notification: by trying each, and then
# by the real thing, which holds nobody up.
. "${0%/*}/lib.sh"
. "$SOURCES/tests/e2e/notify.sh"
repository
receiver
tare init --app shop --preset empty >/dev/null

# against MODE…: tare.yml has a sink for each.
against() {
    { printf 'store: tare.db\napp: shop\nnotify:\n'
        for mode; do
            printf '  - {type: webhook, name: %s, url: "http://127.0.0.1:%s/%s/S3CRETPLACE", timeout: 1}\n' "$mode" "$PORT" "$mode"
        done; } >tare.yml
}
# answers MODE PATTERN: what `tare notify test` said of it, in $out.
answers() {
    like "$1" "$(printf '%s\n' "$out" | grep "^$1 ")" "$2"
}

against ok nothing stalls-after-status too-long-but-taken endless
succeeds 'whoever answers 2xx has taken it' tare notify test
for mode in ok nothing stalls-after-status too-long-but-taken endless; do
    answers $mode 'delivered in'
done

against fails busy missing refuses stalls drips resets closes too-long too-short garbage redirects moves endless-failure endless-headers
fails_with 3 'none of these took it' tare notify test
answers fails 'failed: answered 500: it broke'
unlike 'no escape sequence of an answer reaches the terminal' "$out" "$(printf '\033')"
answers busy 'answered 429: slow down'
answers missing 'answered 404$'
answers refuses 'answered 400: invalid_payload'
answers stalls 'no answer within 1 s'
answers drips 'no answer within 1 s'
answers resets 'failed: .*[Rr]eset'
answers closes 'failed: Empty reply'
answers too-long 'answered 500'
answers too-short 'answered 500'
answers garbage 'failed: .*HTTP'
answers redirects 'a redirect to http://elsewhere.invalid, which is not followed'
answers moves 'answered 301, a redirect to http://127.0.0.1'
answers endless-failure 'answered 500'
answers endless-headers 'failed: '
eventually test "$(wc -l <"$HOOK/sent")" = 2
is 'an answer without end is cut off early' "$(awk '$1 > 50e6' "$HOOK/sent")" ''
unlike 'the secret part of a URL is told nowhere' "$out$err" 'S3CRETPLACE|secret-place'
told 'nobody was sent elsewhere, nothing was sent twice' 'sorted({x["path"].split("/")[1] for x in r[5:]}) == sorted(x["path"].split("/")[1] for x in r[5:])' true

receiver_ends
fails_with 3 'nobody listens' tare notify test fails
answers fails 'onnect'
printf 'notify:\n  - {type: webhook, url: "http://nowhere.invalid/x"}\n' >tare.yml
fails_with 3 'no such host' tare notify test
answers webhook 'resolve'
export HOOK_URL=file:///etc/passwd
printf 'notify:\n  - {type: webhook, url_env: HOOK_URL}\n' >tare.yml
fails_with 3 'a variable that holds no URL of the web' tare notify test
answers webhook 'HOOK_URL holds no http:// or https:// URL'
HOOK_URL=$(printf 'http://127.0.0.1:%s/ok\r\nX-Other: header' "$PORT")
fails_with 3 'or one that would be two lines of a request' tare notify test
answers webhook 'failed: '
unset HOOK_URL
fails_with 3 'or that is not set' tare notify test
answers webhook 'HOOK_URL, which tare.yml names, is not set'

# A receiver that never answers, and a timeout far beyond what a command waits.
receiver
: >"$HOOK/requests"
printf 'store: tare.db\napp: shop\nnotify:\n  - {type: webhook, name: slow, url: "http://127.0.0.1:%s/stalls", timeout: 60}\n  - {type: webhook, name: quick, url: "http://127.0.0.1:%s/ok"}\n  - {type: log, path: alerts.log}\n' "$PORT" "$PORT" >tare.yml
steady
record build_time 150 --unit ms
exec 9>script.lock
flock 9
said=$(record build_time 151 --unit ms 2>&1)
exec 9>&-
like 'whoever reads what a command says is not kept waiting' "$said" 'alert 1 opened'
ok 'nor who waits for a lock that a script held' flock -n script.lock true
eventually sh -c "grep -q '\"ok\"' '$HOOK/requests' && grep -q '\"stalls\"' '$HOOK/requests'"
eventually test -s alerts.log
told 'the one that stalls keeps nobody else from being told' 'sorted(x["mode"] for x in r)' '["ok", "stalls"]'
is 'neither does it the log' "$(grep -c 'event=opened' alerts.log)" 1
ok 'the command has ended long before the timeout' test -n "$(courier)"
is 'the delivery is still under way' "$(deliveries '[x["state"] for x in d if x["sink"] == "slow"]')" '["pending"]'
kill -9 "$(courier)"

# One that asks for patience is given it; one that refuses is not asked again.
printf 'store: tare.db\napp: shop\nnotify:\n  - {type: webhook, name: busy, url: "http://127.0.0.1:%s/busy"}\n  - {type: webhook, name: date, url: "http://127.0.0.1:%s/busy-date"}\n  - {type: webhook, name: no, url: "http://127.0.0.1:%s/refuses"}\n' "$PORT" "$PORT" "$PORT" >tare.yml
it_recovers
wait_of() { # SINK: hours until the next attempt
    sql tare.db "SELECT cast(round((next_attempt_at - last_attempt_at) / 3600e9) AS INTEGER) FROM performance_deliveries WHERE sink = '$1'"
}
eventually sh -c "[ \"\$(tare notify list --failed --format json | grep -c answered)\" = 3 ]"
is 'Retry-After in seconds' "$(wait_of busy)" 1
is 'Retry-After as a date, of which a day is granted' "$(wait_of date)" 24
is 'what is refused has failed' "$(deliveries '[x["state"] for x in d if x["sink"] == "no"]')" '["failed"]'
fails_with 3 'the doctor says so' tare doctor
printed 'with the reason and a remedy' '1 notification was given up.*answered 400: invalid_payload'
printed 'and who fails' 'the sink busy .* fails: answered 429: slow down; 1 notification waits'
behaves ok
sed -i 's,/refuses,/ok,; s,/busy-date,/ok,; s,/busy,/ok,' tare.yml
succeeds 'a test that is taken ends the wait' tare notify test busy
eventually sh -c "[ \"\$(tare notify list --failed --format json | grep -c '\"busy\"')\" = 0 ]"
is 'and what waited is delivered' "$(deliveries '[x["state"] for x in d if x["sink"] == "busy"]')" '["delivered"]'
succeeds 'the rest by hand' tare notify send --failed
printed 'with a word of it' '^Delivered 2\.'
succeeds 'and the doctor is content' tare doctor
the_end
