#!/bin/sh
# A regression waits in the inbox. Whoever takes it in is killed, or finds the disk full, at any of its
# writes: the next command, even one that only reads, finds all of it judged, once.
. "${0%/*}/lib.sh"
[ -z "$INSTRUMENTED" ] || skip_all "a library before $INSTRUMENTED's own"
trouble=$BUILD/tests/e2e/libtrouble.so
# in_trouble WHAT AT COMMAND…
in_trouble() {
    rm -f "$SCRATCH/struck"
    what=$1
    at=$2
    shift 2
    TROUBLE=$what TROUBLE_AT=$at TROUBLE_TOLD=$SCRATCH/struck LD_PRELOAD=$trouble "$@" >/dev/null 2>&1
}
# All that judging leaves; of deliveries that there is one, for a courier is under way with it.
judged() {
    sqlite3 "$1/tare.db" "SELECT * FROM performance_alerts; SELECT * FROM performance_alert_events;
        SELECT event_id, alert_id, sink FROM performance_deliveries; SELECT * FROM performance_verdicts;
        SELECT * FROM performance_baseline_states; SELECT * FROM performance_unjudged"
}
mkdir as-it-was
cd as-it-was || exit 99
repository
printf 'store: tare.db\napp: shop\nnotify:\n  - {type: log, path: alerts.log}\n' >tare.yml
record_each build_time ms 100 101 99 100 102 98 100 101
for value in 150 151; do in_trouble kill 1 record build_time $value --unit ms; done
is 'nothing of the regression is in the store' "$(sql tare.db 'SELECT count(*) FROM performance_sessions')" 8
cd ..
cp -a as-it-was undisturbed
cd undisturbed || exit 99
succeeds 'taken in undisturbed' tare ingest
printed 'it is two measurements' '^Took in 2 hand-overs'
cd ..
wanted=$(judged undisturbed)
like 'that open an alert' "$wanted" '^1\|.*critical'

for what in kill full; do
    [ $what = kill ] && step=3 || step=10
    left=0
    missing=
    for n in $(seq 1 $step 500); do
        cp -a as-it-was there
        cd there || exit 99
        in_trouble $what "$n" tare ingest
        [ -e "$SCRATCH/struck" ] || break
        [ "$(sql tare.db 'SELECT count(*) FROM performance_unjudged')" = 0 ] || left=$((left + 1))
        tare status >/dev/null 2>"$SCRATCH/err" || missing="$missing $n:status"
        cd ..
        [ "$(judged there)" = "$wanted" ] || missing="$missing $n"
        mv there "gone-$what-$n" # the courier may be at it
    done
    is "$what, up to write $((n - step)): all is judged by the next command, once" "$missing" ''
    ok "of which $left left something unjudged in the store" test "$left" -gt 0
    cd "$SCRATCH/desk" || exit 99
    rm -rf there
done

cp -a as-it-was there
cd there || exit 99
sqlite3 tare.db "CREATE TRIGGER no BEFORE INSERT ON performance_verdicts BEGIN SELECT RAISE(ABORT, 'not now'); END"
fails_with 3 'who cannot judge says so' tare ingest
succeeds 'who reads sees what is there' tare status --format json
json_is 'the new values, too' 'd["metrics"][0]["value"]' 151
said 'and that it is not judged' '^tare: this is not the newest: what was taken in last could not be judged yet: .*not now'
succeeds 'doctor knows' tare doctor
printed 'of how much' '^note +what was taken in last is not judged yet, of 1 series'
sqlite3 tare.db 'DROP TRIGGER no'
succeeds 'until it can be' tare alerts
printed 'and is' '^ 1 +critical'
is 'without a word' "$err" ''
the_end
