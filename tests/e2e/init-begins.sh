#!/bin/sh
# The first minute: what init writes, what it says, and what it leaves alone.
. "${0%/*}/lib.sh"
succeeds 'outside of a repository' tare init
unlike 'nothing is said of git' "$out" 'gitignore'
try tare metrics --format json
json_is 'the catalogue is there' 'len(d)' 21
cp tare.yml before.yml
fails_with 2 'a second time' tare init --preset empty
said 'it says what is there' 'tare.yml is there already'
ok 'and changes nothing' cmp -s tare.yml before.yml
fails_with 2 'a preset that is none' tare init --preset all
said 'those that are' 'app, ci or empty'

mkdir inside && cd inside || exit 99
git init -q -b trunk .
succeeds 'in a repository' tare init --preset ci
printed 'how to keep the history out of it' "echo '/tare.db\*' >>.gitignore"
ok 'but the file is left to its owner' test ! -e .gitignore
ok 'the base branch is the repository'\''s' grep -qx 'base_branch: trunk' tare.yml
eval "$(printf '%s\n' "$out" | sed -n 's/^Keep the history out of git: //p')"
tare record m 1
is 'after which git sees the configuration alone' \
    "$(git status --porcelain --untracked-files=all | sort | tr '\n' ' ')" '?? .gitignore ?? tare.yml '
mkdir below && cd below || exit 99
printf 'tare.db*\n' >>../.gitignore
succeeds 'where it is ignored already' tare init --preset empty
printed 'whose file counts no more is said' 'no longer /.*/inside/tare\.yml\.$'
unlike 'nothing is said' "$out" 'gitignore'
cd .. && rm -r below

git config user.name tester && git config user.email tester@example.org
commit first
git checkout -q -b feature
git update-ref refs/remotes/origin/release HEAD
git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/release
rm tare.yml
succeeds 'from a branch' tare init --preset ci
ok 'the base branch is what the origin names' grep -qx 'base_branch: release' tare.yml
printf 'store: other.db\n' >tare.yml
succeeds 'a store is there without init, too' tare record m 2

mkdir ../clone && cd ../clone || exit 99
printf 'store: history/shop.db\nmetrics:\n  - id: speed\n    target: 5\n' >tare.yml
fails_with 2 'where the file is, it says what it holds' tare init --app other
succeeds 'its store may still have to be made, as in a fresh clone' tare init
printed 'and is' 'stays as it is; made the store shop\.db'
try tare targets --format json
json_is 'with the metrics of the file' '[m["id"] for m in d]' '["speed"]'
fails_with 2 'once it is there, nothing is to be done' tare init
sqlite3 app.db 'CREATE TABLE orders (id); PRAGMA user_version = 7'
printf 'store: app.db\n' >tare.yml
succeeds 'nor is the existing file of an application refused' tare init
is 'which keeps what it had' "$(sql app.db 'SELECT name FROM sqlite_master WHERE name NOT LIKE "performance_%" AND tbl_name NOT LIKE "performance_%" AND name NOT LIKE "sqlite_%"; PRAGMA user_version')" 'orders
7'
printf 'stor: app.db\n' >tare.yml
fails_with 3 'a file with a mistake' tare init
said 'has its place named' 'tare\.yml:1:'

mkdir ../empty && cd ../empty || exit 99
fails_with 2 'an app without a name' tare init --app ''
said 'is refused as the option that it is' '^tare: --app is empty'
ok 'and nothing is left' test -z "$(ls)"

cd "$SCRATCH/desk" || exit 99
odd=$(printf 'n\303o\377n')
mkdir "$odd" && cd "$odd" || exit 99
succeeds 'in a folder whose name is no text' tare init --preset empty
succeeds 'that can be read again' tare record m 1
long=$(printf 'd%.0s' $(seq 200))
mkdir -p "$long/$long/$long" && cd "$long/$long/$long" || exit 99
fails_with 3 'where the path is too long for a database' tare init --preset empty
said 'it is told how long it may be' 'the path of the store has [0-9]* bytes, and may have 500: name another'
is 'and nothing is left' "$(ls)" ''
the_end
