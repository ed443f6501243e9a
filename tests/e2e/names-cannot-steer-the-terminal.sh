#!/bin/sh
# Names with escape sequences, line breaks, bidirectional marks or broken UTF-8 reach no terminal.
. "${0%/*}/lib.sh"
git init -q -b main .
git config user.name tester
git config user.email tester@example.org
esc=$(printf '\033')
evil=$(printf 'red\033[31m\033]0;title\007\r\b\302\233 \342\200\256end\377')
git commit -q --allow-empty -m first
export TARE_STORE="$PWD/tare.db"

# Control characters, C1 ones too, anywhere in what tare prints; line feeds end its own lines.
is_tame() {
    if printf '%s%s' "$out" "$err" | "$PYTHON" -c 'import sys, unicodedata
text = sys.stdin.buffer.read().decode("utf-8")
bad = [c for c in text if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")]
sys.exit(f"{bad!r} in {text!r}" if bad else 0)' 2>"$SCRATCH/why"; then pass "$1"; else
        fail "$1"
        note "$(cat "$SCRATCH/why")"
    fi
}

fails_with 2 'a metric id with an escape sequence is refused' tare record "$evil" 1
is_tame 'and said without it'
fails_with 2 'one that is no UTF-8, too' tare record "$(printf 'caf\351')" 1
try tare record build_time 100 --unit ms --app "$evil" --branch "$evil" --env "$evil" --commit "$evil" \
    --app-version "$evil" --label "key=$evil"
is_tame 'an app, branch, environment, commit or label with one'
try tare record "$(printf 'caf\303\251 \342\200\256x')" 5 --unit ms --app "$evil"
is_tame 'a metric id with a mark that turns text around'
for turn in 1 2 3 4 5 6; do
    tare record build_time 10$turn --unit ms --app "$evil" --branch "$evil" --commit "$evil$turn" 2>/dev/null
done
tare record build_time 300 --unit ms --app "$evil" --commit "$evil" 2>/dev/null
try tare record build_time 301 --unit ms --app "$evil" --commit "$evil"
is_tame 'the line that says that an alert opened'
for command in status 'status --all' health report 'report --format markdown' 'report --format csv' alerts metrics targets sessions baseline 'baseline --all' 'alerts show 1' 'explain 1' doctor \
    'trend build_time'; do
    # shellcheck disable=SC2086 # words
    try tare $command
    is_tame "$command"
    # shellcheck disable=SC2086 # words
    case $command in doctor | trend* | *--format*) ;; *)
        try tare $command --format json
        is_tame "$command as JSON"
        ;;
    esac
done
for format in csv json jsonl openmetrics; do
    try tare export --format $format
    is_tame "export as $format"
done
try tare alerts ack 1 --notes "$evil" --who "$evil"
is_tame 'ack with a note'
try tare alerts show 1
is_tame 'the note'
unlike 'no escape character at all' "$out" "$esc"
for words in "$evil" "status --$evil" "status --app" "alerts $evil" "explain $evil" "help $evil" "targets set $evil 1" \
    "sessions exclude $evil" "run -- $evil" "baseline pin $evil" "status --store $evil" "status --format $evil"; do
    # shellcheck disable=SC2086 # words
    try tare $words
    is_tame 'what the command line says is repeated tamely'
done
printf 'app: "%s"\nbogus: 1\n' 'x' >tare.yml
printf 'metrics:\n  - id: "\\e[31mred"\n    unit: "\\e[1m"\n' >tare.yml
try tare status
is_tame 'what the configuration says, too'
the_end
