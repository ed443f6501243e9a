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
the_end
