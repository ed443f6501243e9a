#!/bin/sh
# Where tare.yml asks for more measurements before there is a baseline, everything that says how far it is says so.
. "${0%/*}/lib.sh"
repository
cat >tare.yml <<'EOF'
store: tare.db
app: shop
baseline: {minimum: 8}
metrics:
  - {id: build_time, unit: ms, better: lower, target: 50}
EOF
export TARE_INGEST=never TARE_STORE="$PWD/tare.db" TARE_APP=shop
record_each build_time ms 100 101 99
succeeds 'status' tare status
printed 'says three of eight' 'build_time .*learning, 3 of 8'
succeeds 'report' tare report
printed 'says so' 'learning, 3 of 8'
succeeds 'the reason of a verdict, too' tare alerts show 1
printed 'says it, as it was then' 'no baseline yet: 1 of 8 measurements'
succeeds 'explain' tare explain 1
printed 'says how far the baseline was' '^  learning +2 of 8 measurements$'
printed 'counts with the same rules' 'no baseline yet: [0-9] of 8 measurements'
unlike 'and no others' "$out" 'of 5 ?(measure|,)'
succeeds 'a run is a session of its own' tare run --name job -- true
said 'and its summary says so' 'learning, 1 of 8'
cd / || exit 99
succeeds 'from elsewhere' tare status --app shop
printed 'the rules of the store hold' 'learning, 1 of 8'
out=$(TARE_STATUS=1 "$PROGRAMS/recording" 3 2>&1)
cd "$SCRATCH/desk" || exit 99
printed 'a program knows them from the card, for what it never measured before' 'work .*learning, 0 of 8'
"$PROGRAMS/recording" 3 # the first one was cold
tare ingest >/dev/null
out=$(TARE_STATUS=1 "$PROGRAMS/recording" 3 2>&1)
printed 'and for what it did' 'work .*learning, 1 of 8'
"$PROGRAMS/recording" 3 exit 60000 >said 2>&1 &
background="$background $!"
for turn in $(seq 100); do [ -s said ] && break || sleep 0.1; done
succeeds 'a running program' tare status --live
printed 'is told of likewise' 'work .*learning, [0-9] of 8'
the_end
