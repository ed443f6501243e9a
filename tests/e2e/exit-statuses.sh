#!/bin/sh
# The statuses that scripts rely on: 0 done, 2 usage, 3 could not be done, and those of `run`.
. "${0%/*}/lib.sh"
repository
fails_with 3 'reading where there is no store' tare status
said 'says what to do' 'tare init'
ok 'and makes none' test ! -e "$XDG_STATE_HOME/tare/tare.db"
succeeds 'init' tare init
fails_with 3 'a store that cannot be made' tare record load 1 --store tare.yml/tare.db
said 'says which and why' 'tare.yml/tare.db.* Not a directory'
before=$(ls -A)
succeeds 'a store in memory' tare record load 1 --store :memory:
succeeds 'for a run, too' tare run --store :memory: -- "$PROGRAMS/recording" 3
is 'has nothing to tell' "$err" ''
is 'leaves nothing behind' "$(ls -A)" "$before"
fails_with 2 'init again' tare init
said 'never overwrites' 'tare.yml is there already'
fails_with 2 'a preset that is none' tare init --preset everything

for command in status alerts targets metrics sessions baseline notify export doctor version ingest; do
    succeeds "$command" tare $command
    fails_with 2 "$command with an unknown option" tare $command --no-such-option
    is 'nothing on standard output' "$out" ''
    fails_with 2 "$command with operands it does not take" tare $command one two three four
    succeeds "$command --help" tare $command --help
    is 'nothing on standard error' "$err" ''
done
succeeds 'no command at all is help' tare
succeeds '--help' tare --help
succeeds '--version' tare --version
for command in record explain; do
    fails_with 2 "$command without operands" tare $command
done
fails_with 2 'an option without its value' tare status --store
said 'says so' "the option '--store' wants a value"
fails_with 2 'a label that is none' tare status --label nonsense
fails_with 2 'a limit that is none' tare sessions --limit many
fails_with 3 'a full pipe of output' sh -c 'tare help >/dev/full'
said 'is said' 'cannot write to standard output'
fails_with 3 'a stream that is closed' sh -c 'tare help >&-'
said 'is said, too' 'cannot write to standard output'
# shellcheck disable=SC2016 # for the inner shell
sh -c 'tare run --quiet -- sh -c "ls -l /proc/\$PPID/fd >&3" 3>files <&- >&- 2>&-'
is 'no file of ours gets the number of a closed stream' "$(grep -cE ' [012] -> /dev/null$' files)" 3
fails_with 3 'a reader that has gone' sh -c 'mkfifo pipe; (: <pipe) & exec 3>pipe; wait; tare help >&3 2>complaint'
is 'is not complained of' "$(cat complaint)" ''

succeeds 'run ends as its command: 0' tare run --quiet -- true
fails_with 1 'run ends as its command: 1' tare run --quiet -- false
fails_with 7 'run ends as its command: 7' tare run --quiet -- sh -c 'exit 7'
fails_with 143 'run ends with 128 + the signal' tare run --quiet -- sh -c 'kill -TERM $$'
fails_with 127 'run of nothing there' tare run --quiet -- ./nothing-there
said 'names it' "cannot run './nothing-there'"
touch not-a-program
fails_with 126 'run of what is no program' tare run --quiet -- ./not-a-program
fails_with 125 'run without a command' tare run
fails_with 125 'run with an option that is none' tare run --no-such-option true
fails_with 125 'run no times' tare run --repeat 0 true
fails_with 125 'cold and warm at once' tare run --cold --warm true
long=$(printf 'x%.0s' $(seq 180))
fails_with 125 'a name that makes no metric' tare run --name "$long" -- touch ran
said 'says how long it may be' "cannot begin the name of a metric: 1 to 179 bytes"
fails_with 125 'an empty one' tare run --name '' -- touch ran
ok 'nothing runs that could not be recorded' test ! -e ran
succeeds 'the longest name' tare run --quiet --name "${long%x}" -- true
is 'loses nothing' "$err" ''
fails_with 2 'without HOME there is no store that nobody names' \
    env -u HOME -u XDG_STATE_HOME "TARE_CONFIG=/dev/null" tare record m 1
said 'and says how to name one' 'without HOME there is no other: name one by --store, TARE_STORE'
succeeds 'the command keeps its own options' tare run --quiet sh -c 'exit 0' --repeat
try sh -c 'echo through | tare run --quiet -- cat'
is 'and its input and output' "$out" through
the_end
