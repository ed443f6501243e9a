#!/bin/sh
# tare.yml is checked to the word, its mistakes are told with their place; then who wins over whom.
. "${0%/*}/lib.sh"
# refuses NAME PATTERN: what stands in tare.yml now.
refuses() {
    try tare status
    if [ "$status" = 2 ] || [ "$status" = 3 ]; then pass "$1"; else fail "$1: status $status"; fi
    said "$1: says where and why" "tare\.yml.*$2"
    unlike "$1: in one line" "$(printf '%s\n' "$err" | sed 1d)" 'tare.yml'
}
printf 'store: tare.db\ncolour: red\n' >tare.yml
refuses 'an unknown key' ':2:.*colour'
printf 'store: tare.db\nmetrics:\n  - id: a\n    better: sideways\n' >tare.yml
refuses 'a word that is none of those' ':4:'
printf 'store: tare.db\nmetrics:\n  - id: a\n    target: fast\n' >tare.yml
refuses 'a text for a number' ':4:'
printf 'metrics:\n  - name: no id\n' >tare.yml
refuses 'a metric without an id' 'id'
printf 'metrics:\n  - id: a\n  - id: a\n' >tare.yml
refuses 'a metric twice' 'a.*twice'
printf 'metrics:\n  - id: a\n    persist: 3/2\n' >tare.yml
refuses 'a rule that cannot be' 'persist'
printf 'metrics:\n  - id: a\n    target: .nan\n' >tare.yml
refuses 'a target that is no number' ':3:13: .*finite'
printf 'window: soon\n' >tare.yml
refuses 'a window that is no time' ':1:9: .*soon'
printf 'baseline:\n  window: 3\n  minimum: 5\n' >tare.yml
refuses 'a window below the minimum' 'minimum'
printf 'store: [\n' >tare.yml
refuses 'no YAML at all' ':'
printf 'labels: [nonsense]\n' >tare.yml
refuses 'a label that is none' 'nonsense'
# sink NAME PATTERN LINES: a sink of these lines, the first of which is line 2.
sink() {
    printf 'notify:\n%b' "$3" >tare.yml
    refuses "$1" "$2"
}
sink 'a sink without a type' 'type' '  - name: ops\n'
sink 'a type that is none' ':2:11: .*stderr, log, syslog, webhook, command.*pigeon' '  - type: pigeon\n'
sink 'a key that is none' ':3:.*colour' '  - type: log\n    colour: red\n'
sink "another type's key" ':3:10: a sink of type log has no url' '  - type: log\n    url: http://x/\n    path: a.log\n'
sink 'a log without a file' ':2:.*path' '  - type: log\n'
sink 'a webhook without a URL' ':2:.*url, url_env' '  - type: webhook\n'
sink 'a webhook with two' ':2:.*one of url, url_env' '  - type: webhook\n    url: http://x/\n    url_env: X\n'
sink 'a file for a URL' ':3:10: .*https://' '  - type: webhook\n    url: file:///etc/passwd\n'
sink 'a URL without a host' ':3:10: .*host' '  - type: webhook\n    url: "https://?x"\n'
sink 'a URL with a line feed' ':3:10: .*control' '  - type: webhook\n    url: "http://x/\\n"\n'
sink 'a secret for the name of one' ':4:17: secret_env is the name' '  - type: webhook\n    url: http://x/\n    secret_env: "pa$$word"\n'
sink 'a format that is none' ':4:13: .*tare or slack' '  - type: webhook\n    url: http://x/\n    format: xml\n'
sink 'a command that is missing' ':2:.*command' '  - type: command\n'
sink 'an event that is none' ':4:22: .*opened.*repeated' '  - type: log\n    path: a.log\n    events: [opened, repeated]\n'
sink 'a severity that is none' ':4:' '  - type: log\n    path: a.log\n    min_severity: awful\n'
sink 'a timeout out of range' ':4:14: timeout is 1 to 60' '  - type: log\n    path: a.log\n    timeout: 600\n'
sink 'two sinks of a name' ':5:11: two sinks are called a' '  - type: log\n    path: a.log\n    name: a\n  - name: a\n    type: syslog\n'
sink 'a name that would not fit in a table' ':4:11: .*letters' '  - type: log\n    path: a.log\n    name: "a b"\n'

: >tare.yml
fails_with 3 'an empty file is no mistake' tare status
said 'only the store is missing' 'there is no store'

printf 'store: from-file.db\napp: from-file\nenvironment: here\nlabels: [team=a]\n' >tare.yml
mkdir -p deep/er && cd deep/er || exit 99
succeeds 'found from below' tare record m 1
cp ../../tare.yml ../../kept.yml
printf 'metrics:\n  - id: a\n  - id: m\n    unit: ms\n' >>../../tare.yml
fails_with 3 'a unit that the store cannot go over to' tare ingest
said 'is told with its place, too' 'tare\.yml:8:11: .*m is kept in count and cannot become ms'
mv ../../kept.yml ../../tare.yml
ok 'its store is relative to it' test -f ../../from-file.db
try tare sessions --format json
json_is 'with its app' 'd[0]["app"]' from-file
json_is 'its environment' 'd[0]["environment"]' here
json_is 'and labels' 'd[0]["labels"]' team=a
TARE_APP=from-environment tare record m 2
TARE_APP=from-environment tare record m 3 --app from-option
try env TARE_APP= tare sessions --app from-environment --format json
json_is 'the environment comes before the file' 'len(d)' 1
try tare sessions --app from-option --format json
json_is 'the option before both' 'len(d)' 1
TARE_LABELS=team=b,tier=1 tare record m 4 --label zone=c --app labelled
try tare sessions --app labelled --format json
json_is 'labels come together, the later one counting' 'd[0]["labels"]' 'team=b,tier=1,zone=c'
TARE_APP=recording TARE_INGEST=never TARE_LABELS=tier=1 "$PROGRAMS/recording" 3
try tare sessions --app recording --format json
json_is 'of a program, too' 'd[0]["labels"]' 'team=a,tier=1'
TARE_STORE="$SCRATCH/desk/from-environment.db" tare record m 4
ok 'so it is with the store' test -f ../../from-environment.db
TARE_STORE="$SCRATCH/desk/from-environment.db" tare record m 5 --store "$SCRATCH/desk/from-option.db"
ok 'and its option' test -f ../../from-option.db
printf 'store: named.db\napp: named\n' >"$SCRATCH/desk/other.yml"
TARE_CONFIG="$SCRATCH/desk/other.yml" tare record m 6
ok 'a configuration that is named' test -f ../../named.db
fails_with 2 'one that is not there' env TARE_CONFIG=/nonexistent.yml tare status
said 'is named' '/nonexistent.yml'
the_end
