#!/bin/sh
# A log, the system log, a command, standard error: what each is given, and what each survives.
. "${0%/*}/lib.sh"
. "$SOURCES/tests/e2e/notify.sh"
repository
tare init --app shop --preset empty >/dev/null
cat >>tare.yml <<EOF
notify:
  - {type: log, path: logs/alerts.log}
  - {type: syslog, path: syslog.socket}
  - type: command
    command: 'cat >given.json; env >given.env; pwd >given.pwd; ps -o pgid= \$\$ >given.group'
EOF
cat >system-log.py <<'EOF'
import socket, sys
s = socket.socket(socket.AF_UNIX, getattr(socket, sys.argv[2]))
s.bind(sys.argv[1])
if sys.argv[2] == "SOCK_STREAM":
    s.listen(5)
open(sys.argv[1] + ".log", "w").close()
while True:
    data = s.accept()[0].recv(65536) if sys.argv[2] == "SOCK_STREAM" else s.recv(65536)
    with open(sys.argv[1] + ".log", "ab") as log:
        log.write(data.rstrip(b"\0") + b"\n")
EOF
"$PYTHON" system-log.py syslog.socket SOCK_DGRAM &
background="$background $!"
eventually test -e syslog.socket.log
mkdir logs deep
name='build "time"=1 \ <!channel> & ✓'
cd deep || exit 99
for value in 100 101 99 100 102 98 100 101 150 151; do record "$name" $value --unit ms 2>>errors; done
cd ..
settled
is 'a line in the log' "$(wc -l <logs/alerts.log)" 1
like 'of logfmt' "$(cat logs/alerts.log)" '^time=[^ ]+Z level=critical event=opened alert=1 severity=critical kind=baseline state=open app=shop metric="build \\"time\\"=1 \\\\ <!channel> & ✓" value=151 expected=100 unit=ms '
is 'that only its owner reads' "$(stat -c %a logs/alerts.log)" 600
like 'the same in the system log, as an error of a user program' "$(cat syslog.socket.log)" '^<10>... [ 0-9][0-9] ..:..:.. tare\[[0-9]+\]: time=.* event=opened'
if problems=$("$PYTHON" "$SOURCES/tests/docs/follows_schema.py" notification <given.json 2>&1); then
    pass 'the command reads JSON that follows the schema'
else fail "the command reads JSON that follows the schema: $problems"; fi
variable() { sed -n "s/^TARE_ALERT_$1=//p" given.env; }
is 'and finds the metric in its environment' "$(variable METRIC)" "$name"
is 'the event' "$(variable EVENT)" opened
is 'the value' "$(variable VALUE) $(variable UNIT)" '151 ms'
like 'a sentence' "$(variable TEXT)" '^alert 1 opened: critical: build'
is 'the key, which is in the JSON' "$(variable KEY)" "$("$PYTHON" -c 'import json; print(json.load(open("given.json"))["key"])')"
is 'TARE_NOTIFY=off, so that it tells nobody itself' "$(sed -n 's/^TARE_NOTIFY=//p' given.env)" off
is 'it runs in the folder of tare.yml' "$(cat given.pwd)" "$(pwd)"
for variable in $(sed -n 's/^\(TARE_ALERT_[A-Z_]*\)=.*/\1/p' given.env); do
    grep -q "^.It Li $variable\$" "$SOURCES/docs/man/tare-notify.1" || undocumented="${undocumented:-} $variable"
done
is 'every variable is in the manual' "${undocumented:-}" ''
for variable in $(sed -n 's/^.It Li \(TARE_ALERT_[A-Z_]*\)$/\1/p' "$SOURCES/docs/man/tare-notify.1"); do
    grep -q "^$variable=" given.env || missing="${missing:-} $variable"
done
is 'and every one of the manual is there' "${missing:-}" ''
like 'standard error heard it, too' "$(cat deep/errors)" 'alert 1 opened'

# Trouble with each.
sinks() { { printf 'store: tare.db\napp: shop\nnotify:\n'; cat; } >tare.yml; }
answers() { like "$1" "$(printf '%s\n' "$out" | grep "^$1 ")" "$2"; }
ln -s /etc/passwd link.log
mkfifo pipe.log
sinks <<'EOF'
  - {type: log, name: link, path: link.log}
  - {type: log, name: pipe, path: pipe.log}
  - {type: log, name: folder, path: logs}
  - {type: log, name: nowhere, path: no/such/folder/x.log}
  - {type: log, name: full, path: /dev/full}
  - {type: log, name: devnull, path: /dev/null}
  - {type: syslog, name: none, path: no.socket}
  - {type: command, name: fails, command: 'echo "no route to the pager" >&2; echo more >&2; exit 3'}
  - {type: command, name: killed, command: 'kill -KILL $$'}
  - {type: command, name: missing, command: ./not-there}
  - {type: command, name: deaf, command: 'exec <&-; sleep 0.2'}
  - {type: command, name: chatty, command: 'yes | head -c 300000 >&2'}
  - {type: command, name: slow, command: 'trap "" TERM; (sleep 300; touch survived) & sleep 300', timeout: 1}
EOF
fails_with 3 'these do not all succeed' tare notify test
answers link 'symbolic link'
answers pipe 'failed: '
answers folder 'failed: '
answers nowhere 'No such file'
answers full 'No space left'
answers devnull 'delivered'
answers none 'no.socket: No such file'
answers fails 'the command ended with 3: no route to the pager$'
answers killed 'signal 9 ended the command'
answers missing 'the command ended with 127: .*not-there'
answers deaf 'delivered'
answers chatty 'delivered'
answers slow 'did not end within 1 s'
is 'nothing of its group is left' "$(grep -lzx "HOME=$HOME" /proc/[0-9]*/environ 2>/dev/null | while read -r file; do cat "${file%environ}comm"; done 2>/dev/null | grep -c sleep)" 0

sinks <<'EOF'
  - {type: command, name: well, command: 'exit 0'}
EOF
succeeds 'started by somebody who does not want to hear of children' env --ignore-signal=CHLD tare notify test

# Whose tare.yml it is.
if [ "$(id -u)" = 0 ]; then
    sinks <<'EOF'
  - {type: command, name: strange, command: 'touch run-by-a-stranger'}
  - {type: log, name: log, path: written-by-a-stranger}
EOF
    chown 12345 tare.yml
    mkdir -p below
    fails_with 3 "a stranger's tare.yml has no say" sh -c 'cd below && tare notify test'
    answers strange 'belongs to somebody else'
    ok 'nothing is run' test ! -e run-by-a-stranger
    ok 'nothing is written' test ! -e written-by-a-stranger
    try tare notify sinks --format json
    json_is 'and the sinks say why' '[x["ready"] for x in d]' '[false, false]'
    succeeds 'unless somebody names it' env TARE_CONFIG=tare.yml tare notify test
    ok 'then it is' test -e run-by-a-stranger
    rm -f tare.yml
else
    skip "a stranger's tare.yml has no say" 'only root can give files away'
fi

# A system log that listens on a stream.
"$PYTHON" system-log.py stream.socket SOCK_STREAM &
background="$background $!"
eventually test -e stream.socket.log
sinks <<'EOF'
  - {type: syslog, path: stream.socket}
EOF
succeeds 'a system log by a stream' tare notify test
eventually test -s stream.socket.log
like 'has the line' "$(cat stream.socket.log)" '^<11>.*event=opened test=true'
rm -f stream.socket

# The log is rotated.
sinks <<'EOF'
  - {type: log, path: logs/alerts.log}
EOF
mv logs/alerts.log logs/alerts.log.1
tare notify test >/dev/null
is 'after a rotation it is there anew' "$(wc -l <logs/alerts.log)" 1
the_end
