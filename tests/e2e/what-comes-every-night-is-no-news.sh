#!/bin/sh
# A program that is slower every night is told of in the first nights, and then no more: until it stays slow by day, or
# becomes slower than it was at night.
. "${0%/*}/lib.sh"
printf 'app: shop\nstore: tare.db\n' >tare.yml

# An hour each: 20 days at 100, nights of eight hours at 125; then, by argument, what follows for two days.
cat >"$SCRATCH/history.py" <<'END'
import random, sys
random.seed(3)
print("time,metric,value")
for i in range(22 * 24):
    level = 125 if i % 24 < 8 else 100
    if i >= 20 * 24 and sys.argv[1] == "stays":
        level = 125
    if i >= 20 * 24 and sys.argv[1] == "worse":
        level *= 1.3
    print(f"2026-01-{1 + i // 24:02d}T{i % 24:02d}:00:00Z,build,{level * (1 + 0.03 * random.gauss(0, 1)):.2f}")
END
told() { # how often somebody was told that something is wrong, before and behind the twentieth day
    sql tare.db "SELECT count(*) FROM performance_alert_events WHERE action IN ('opened', 'reopened', 'escalated') AND notify
        AND time $1 (SELECT time FROM performance_measurements ORDER BY time LIMIT 1 OFFSET 480)"
}
for story in as_ever stays worse; do
    rm -rf tare.db*
    "$PYTHON" "$SCRATCH/history.py" "$story" >history.csv
    succeeds "a history: $story" tare import csv history.csv --unit ms
    early=$(told '<')
    note "told $early times in twenty days, $(told '>=') times behind them"
    is 'twenty nights are told a few times' "$([ "$early" -ge 1 ] && [ "$early" -le 4 ] && echo few)" few
    case $story in
    as_ever)
        is 'two more are not' "$(told '>=')" 0
        try tare alerts --format json
        json_is 'and nothing is open' d '[]'
        ;;
    *) is 'this is told' "$([ "$(told '>=')" -ge 1 ] && echo told)" told ;;
    esac
done
the_end
