#!/bin/sh
# Real shells complete what is typed behind tare: commands, options, choices, and what the store and git have.
. "${0%/*}/lib.sh"
repository
git branch feature-x
git tag v1.0
tare init --app shop --preset empty >/dev/null
record build_time 100 --unit ms
record 'odd name:1' 5
record_each speed ms 100 101 100 99 100 101 100 99 100 101 100 300 300 300
tab() { "$PYTHON" "$SOURCES/tests/e2e/programs/tab.py" "$1" "$SCRATCH/script.$1" "$2" >"$SCRATCH/tab" 2>&1; out=$(cat "$SCRATCH/tab"); }
# becomes NAME SHELL LINE WORD…: what the line consists of after the tab.
becomes() {
    name=$1 shell=$2
    tab "$2" "$3"
    shift 3
    wanted=$(printf '<%s>' "$@")
    got=$(printf '%s\n' "$out" | grep -o '<[^>]*>$' | grep -v '<END>' | tr -d '\n')
    if [ "$got" = "$wanted" ]; then pass "$shell: $name"; else
        fail "$shell: $name"
        note "got:    $got"
        note "wanted: $wanted"
        note "$out"
    fi
}
# offers NAME SHELL LINE PATTERN…: what the shell shows when several would fit.
offers() {
    name=$1 shell=$2
    tab "$2" "$3"
    shift 3
    for pattern; do like "$shell: $name: $pattern" "$out" "$pattern"; done
}
for shell in bash zsh fish; do
    succeeds "completion $shell" tare completion "$shell"
    printf '%s\n' "$out" >"$SCRATCH/script.$shell"
    if ! command -v "$shell" >/dev/null 2>&1; then
        skip "in $shell" 'it is not installed'
        continue
    fi
    becomes 'a command' "$shell" 'tare sta' tare status
    becomes 'an option' "$shell" 'tare status --form' tare status --format
    becomes 'a choice of it' "$shell" 'tare status --format j' tare status --format json
    becomes 'the same behind an equals sign' "$shell" 'tare status --format=j' tare status --format=json
    becomes 'a word of a command' "$shell" 'tare baseline unp' tare baseline unpin
    becomes 'a metric' "$shell" 'tare trend bui' tare trend build_time
    becomes 'a metric with a blank and a colon' "$shell" 'tare trend odd' tare trend 'odd name:1'
    becomes 'an app' "$shell" 'tare status --app s' tare status --app shop
    becomes 'an alert' "$shell" 'tare explain ' tare explain 1
    becomes 'an alert to do something with' "$shell" 'tare alerts ack ' tare alerts ack 1
    becomes 'a tag' "$shell" 'tare compare v' tare compare v1.0
    becomes 'the second of two' "$shell" 'tare compare v1.0 feat' tare compare v1.0 feature-x
    becomes 'a format' "$shell" 'tare import hyp' tare import hyperfine
    becomes 'a file' "$shell" 'tare import auto tare.y' tare import auto tare.yml
    becomes 'the file of an option' "$shell" 'tare status --store tare.y' tare status --store tare.yml
    becomes 'the command of run' "$shell" 'tare run -- setpri' tare run -- setpriv
    becomes 'nothing where nothing fits' "$shell" 'tare xyz --for' tare xyz --for
    offers 'all that fit' "$shell" 'tare baseline ' show pin unpin reset
done

# What the shells ask for.
words() { out=$(tare completion words -- "$@" | sed 's/\t.*//'); }
words ''
is 'every command is offered' "$(printf '%s\n' "$out" | sort)" \
    "$(tare help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\)  .*/\1/p' | sort)"
for command in $out; do
    words "$command" --
    is "every option of $command" "$(printf '%s\n' "$out" | sort)" \
        "$(tare help "$command" | sed -n '/^Options:/,$s/^  *\(-[a-zA-Z], \)\{0,1\}\(--[a-z-]*\).*/\2/p' | sort)"
done
words status --store elsewhere.db --app ''
is 'of a store that is not there, nothing' "$out" ''
printf 'nonsense: [\n' >tare.yml
words status --app ''
is 'with a tare.yml that is none, nothing' "$out" ''
words sta
is 'but the rest goes on' "$out" status
fails_with 2 'a shell that nobody has' tare completion csh
the_end
