#!/bin/sh
# The same as for tare itself: what libtare reads of a repository, which has no git library.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
export TARE_STORE="$SCRATCH/tare.db" TARE_APP=shop TARE_INGEST=never
seen() {
    "$PROGRAMS/recording" 3 || fail 'recording'
    try tare ingest
    try tare sessions --limit 1 --format json
    json "(d[0]['commit'] or 'none') + ' ' + (d[0]['branch'] or 'none')"
}
is 'outside of any repository' "$(seen)" 'none none'
git init -q -b main .
git config user.name tester
git config user.email tester@example.org
is 'in a repository without a commit' "$(seen)" 'none main'
git commit -q --allow-empty -m first
first=$(git rev-parse HEAD)
is 'with a commit' "$(seen)" "$first main"
mkdir -p below/that && cd below/that || exit 99
is 'from a folder below' "$(seen)" "$first main"
cd ../.. || exit 99
git checkout -q -b feature/one
is 'on a branch with a slash' "$(seen)" "$first feature/one"
git commit -q --allow-empty -m second
second=$(git rev-parse HEAD)
git pack-refs --all
is 'with packed references' "$(seen)" "$second feature/one"
git commit -q --allow-empty -m third
third=$(git rev-parse HEAD)
is 'of which one has moved on' "$(seen)" "$third feature/one"
git checkout -q "$first"
is 'with a detached HEAD' "$(seen)" "$first none"
git worktree add -q ../tree -b side "$second"
cd ../tree || exit 99
is 'in a second work tree' "$(seen)" "$second side"
git pack-refs --all
is 'there, packed' "$(seen)" "$second side"
cd "$SCRATCH/desk" || exit 99
git -c protocol.file.allow=always clone -q "$SCRATCH/desk" "$SCRATCH/outer" 2>/dev/null
cd "$SCRATCH/outer" || exit 99
git config user.name tester
git config user.email tester@example.org
git -c protocol.file.allow=always submodule add -q "$SCRATCH/desk" inner 2>/dev/null
git commit -q -m 'a submodule'
cd inner || exit 99
is 'in a submodule' "$(seen | cut -c 1-40)" "$(git rev-parse HEAD)"
cd "$SCRATCH/desk" || exit 99
printf 'ref: refs/heads/.invalid\n' >.git/HEAD # as a repository of the format reftable has it
is 'of a repository that keeps them otherwise nothing is said' "$(seen)" 'none none'
printf 'gibberish\n' >.git/HEAD
is 'nor of a broken one' "$(seen)" 'none none'
printf 'gitdir: /nonexistent/git\n' >"$SCRATCH/outer/inner/.git"
cd "$SCRATCH/outer/inner" || exit 99
is 'nor by a link to nowhere' "$(seen)" 'none none'
the_end
