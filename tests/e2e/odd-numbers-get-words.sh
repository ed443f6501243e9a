#!/bin/sh
# Whatever stands in a file of numbers, analyze answers with words, and never passes in silence.
. "${0%/*}/lib.sh"

# analyzes NAME WORDS NUMBERS: each number a line.
analyzes() {
    try sh -c 'printf "%b" "$0" | tare analyze -' "$3"
    is "$1: is analyzed" "$status" 0
    printed "$1: with words" "$2"
}

analyzes 'a constant series' 'any step would have shown' '5\n5\n5\n5\n5\n5\n5\n5\n5\n5\n'
analyzes 'all the same but one' 'any step would have shown' '5\n5\n5\n5\n9\n5\n5\n5\n5\n5\n'
analyzes 'two values' 'Too few measurements to see any step' '1\n2\n'
analyzes 'one value' '  1 value$' '1\n'
analyzes 'one that is no number' '1 of them is no number: left out' '1\nnan\n2\n3\n'
analyzes 'several that are none' '3 of them are no number: left out' '1\nnan\ninf\n-inf\n3\n'
analyzes 'the smallest and the largest' 'No change points' '1e-300\n1e300\n1e-300\n1e300\n1\n1\n1\n1\n'
fails_with 3 'nothing at all is refused' sh -c 'tare analyze - </dev/null'
said 'with a sentence' 'holds no row of numbers'
fails_with 3 'words alone are refused' sh -c 'printf "a\nb\nc\n" | tare analyze -'
said 'with a sentence' 'holds no number'

{
    echo time,value
    for day in 20 19 18 17 16 15 14 13 12 11; do echo "2026-01-$day,20$day"; done
    for day in 10 09 08 07 06 05 04 03 02 01; do echo "2026-01-$day,10$day"; done
} >newest-first.csv
try tare analyze newest-first.csv
printed 'times out of order are said to be' 'Times were out of order: sorted'
try tare analyze newest-first.csv --format json
json_is 'and in JSON' 'd["sorted"]' true
json_is 'the step is where time has it' 'd["change_points"][0]["index"]' 10
json_is 'on its day' 'd["change_points"][0]["time"][:10]' 2026-01-11
json_is 'upwards, as time goes' 'd["change_points"][0]["after"] > d["change_points"][0]["before"]' true

printf 'time,value\n2026-01-02,1\n,2\n2026-01-01,3\n' >untimed.csv
try tare analyze untimed.csv
printed 'a missing time is said to be' '1 of them has no time: taken in the order of the file'
try tare analyze untimed.csv --format json
json_is 'and nothing is sorted' 'd["sorted"]' false
the_end
