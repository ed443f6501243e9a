#!/bin/sh
# What is no finite number is refused with the place it stood in, and nothing of that call is kept.
. "${0%/*}/lib.sh"
for value in nan NaN -nan inf -inf Infinity 1e999 -1e999 abc '' ' ' 1x '1 2' 0x; do
    fails_with 2 "'$value' is refused" tare record my_metric -- "$value"
    said_clearly "'$value' is called by its name"
done
ok 'nothing was made' test ! -e "$XDG_STATE_HOME/tare/tare.db"

fails_with 2 'one bad value among good ones is refused' tare record my_metric 1 2 nan 4
said 'by its place' 'value 3 is no finite number'
ok 'and nothing of them is kept' test ! -e "$XDG_STATE_HOME/tare/tare.db"

try sh -c 'printf "1\n2\n\nbad\n3\n" | tare record my_metric -'
is 'a bad line is refused' "$status" 2
said 'by its number' "line 4 is no finite number: 'bad'"
try sh -c 'printf "" | tare record my_metric -'
is 'no line at all is refused' "$status" 2
said 'with a sentence' 'no value to record'

try sh -c 'printf "1\n2\r\n 3 \n\n4.5e0\n-1\n" | tare record my_metric - --unit ms'
is 'good lines are kept' "$status" 0
try tare status --format json
json_is 'all of them' 'd["metrics"][0]["n"]' 5
json_is 'reduced to their median' 'd["metrics"][0]["value"]' 2

fails_with 2 'a bare negative number is told how' tare record my_metric -3
said 'to be written' "goes behind --"
succeeds 'behind -- it is taken' tare record my_metric -- -3 -2.5e3

fails_with 2 'a direction that is not the metric'"'"'s is refused' tare record my_metric 1 --better higher
said 'with how to change it' 'of the metric my_metric lower is better, not higher; .*write better: higher'
succeeds 'its own is not' tare record my_metric 1 --better lower
the_end
