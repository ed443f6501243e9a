#!/bin/sh
# Names are text in every format of a report: no markup, no cell, no formula, no escape sequence.
. "${0%/*}/lib.sh"
repository
export TARE_STORE="$PWD/tare.db"
evil='=1|2<img src=x onerror=alert(1)>"&amp;[a](http://x)`@octocat'
esc=$(printf 'a\033[31mb')
for value in 100 101 102 300 301; do
    record "$evil" $value --unit '<ms>|' --app "$evil" --branch "$evil" --env "$evil" --label "k=$evil" 2>/dev/null
done
record plain 1 --unit ms --app "$esc" 2>/dev/null
tare targets set "$evil" 50 >/dev/null 2>&1

succeeds 'Markdown' tare report --format markdown
unlike 'has no tag' "$out" '<[a-z/!]'
unlike 'no link' "$out" '[^\\]\]\('
unlike 'and calls nobody' "$out" '(^|[^a-z])@octocat'
rows=$(printf '%s\n' "$out" | grep '^|' | sed 's/\\\\//g; s/\\|//g' | sed -n 's/[^|]//gp' | sort -u | tr '\n' ' ')
is 'no row has more cells than its table' "$rows" '|||||||||| '
succeeds 'CSV' tare report --format csv
if printf '%s\n' "$out" | "$PYTHON" -c 'import csv, sys
rows = list(csv.reader(sys.stdin))
assert len({len(row) for row in rows}) == 1, [len(row) for row in rows]
assert sys.argv[1] in [row[0][1:] for row in rows], rows
assert not [cell for row in rows for cell in row if cell and cell[0] in "=@\t" or cell[:1] in "+-" and cell[1:2].isalpha()], rows' "$evil" 2>why
then pass 'has as many cells in every line, and no formula'; else
    fail 'has as many cells in every line, and no formula'
    note "$(cat why)"
fi
succeeds 'JSON' tare report --format json
json_is 'has the name as it is' 'd["metrics"][0]["id"]' "$evil"
for format in text markdown csv json; do
    succeeds "$format again" tare report --format $format
    unlike 'has no escape sequence' "$out" "$(printf '\033')"
done
the_end
