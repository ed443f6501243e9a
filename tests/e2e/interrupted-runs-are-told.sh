#!/bin/sh
# Whoever interrupts `tare run --repeat` keeps the whole runs, and is told how far it came; so is he whose warm-up fails.
. "${0%/*}/lib.sh"
repository
tare init --app shop --preset empty >/dev/null

# The command interrupts `tare run` itself, in the run of that number.
cat >job <<'END'
#!/bin/sh
echo x >>runs
[ "$(wc -l <runs)" -ge "$1" ] || exit 0
[ "$2" = killed ] || trap 'exit 0' TERM
[ "$2" != fails ] || exit 3
kill -TERM "$PPID"
sleep 60 &
wait
END
chmod +x job

fails_with 143 'interrupted in the third of ten runs' tare run --name a --repeat 10 -- ./job 3 killed
is 'no other is begun' "$(wc -l <runs)" 3
said 'it is told' '^tare: interrupted in run 3 of 10: those before it are kept$'
try tare sessions --format json
json_is 'the session went well' 'd[0]["outcome"]' ok
is 'with two runs' "$(sql tare.db "SELECT n FROM performance_measurements m
    JOIN performance_series s ON s.id = m.series_id WHERE metric_id = 'a.wall'")" 2

rm runs
fails_with 143 'so when the command takes it as the end and is well' tare run --name b --repeat 10 -- ./job 3 well
said 'it is told' '^tare: interrupted in run 3 of 10: those before it are kept$'
is 'the run that was cut short does not count' "$(sql tare.db "SELECT n FROM performance_measurements m
    JOIN performance_series s ON s.id = m.series_id WHERE metric_id = 'b.wall'")" 2

rm runs
fails_with 143 'in the first of ten' tare run --name c --repeat 10 -- ./job 1 well
said 'there is nothing to keep' '^tare: interrupted in run 1 of 10: nothing was measured$'
rm runs
succeeds 'a single run is what it is: a server that is stopped' tare run --name d -- ./job 1 well
unlike 'there is nothing to tell' "$err" interrupted
is 'it counts' "$(sql tare.db "SELECT n FROM performance_measurements m
    JOIN performance_series s ON s.id = m.series_id WHERE metric_id = 'd.wall'")" 1

rm runs
fails_with 143 'interrupted while it warms up' tare run --name e --warmup 2 --repeat 2 -- ./job 2 well
said 'it is told' '^tare: interrupted in warm-up run 2 of 2: nothing was measured$'
rm runs
fails_with 3 'a warm-up that fails' tare run --name e --warmup 2 --repeat 2 -- ./job 1 fails
said 'is told' '^tare: the command ended with status 3 in warm-up run 1 of 2: nothing was measured$'
rm runs
fails_with 3 'a run that fails behind others' tare run --name e --repeat 4 -- ./job 3 fails
said 'is told' '^tare: the command ended with status 3 in run 3 of 4: the session counts as failed$'
the_end
