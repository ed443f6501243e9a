#!/bin/sh
# No repository, one without a commit, changes, a detached HEAD, a second work tree, no git at all.
. "${0%/*}/lib.sh"
export TARE_STORE="$SCRATCH/tare.db" TARE_APP=shop
seen() {
    try tare sessions --limit 1 --format json
    json "d[0]['$1']"
}
succeeds 'outside of any repository' tare record m 1
is 'no commit is known' "$(seen commit)" null
git init -q -b main .
git config user.name tester
git config user.email tester@example.org
succeeds 'in a repository without a commit' tare record m 1
is 'none is known either' "$(seen commit)" null
echo one >file
git add file
git commit -q -m first
first=$(git rev-parse HEAD)
succeeds 'with a commit' tare record m 1
is 'it is known' "$(seen commit)" "$first"
is 'and the branch' "$(seen branch)" main
is 'and that nothing was changed' "$(seen dirty)" false
echo two >file
tare record m 1
is 'or that something was' "$(seen dirty)" true
git checkout -q -- file
touch untracked
tare record m 1
is 'a file that git does not know is no change' "$(seen dirty)" false
mkdir below && cd below || exit 99
tare record m 1
is 'from a folder below' "$(seen commit)" "$first"
cd .. || exit 99
git commit -q --allow-empty -m second
git checkout -q "$first"
tare record m 1
is 'with a detached HEAD' "$(seen commit)" "$first"
is 'there is no branch' "$(seen branch)" null
git worktree add -q ../tree -b side main
cd ../tree || exit 99
tare record m 1
is 'in a second work tree' "$(seen commit)" "$(git rev-parse HEAD)"
is 'its branch' "$(seen branch)" side
git pack-refs --all
tare record m 1
is 'with packed references' "$(seen commit)" "$(git rev-parse HEAD)"
TARE_COMMIT=abcdef0 TARE_BRANCH=release tare record m 1
is 'the environment says otherwise' "$(seen commit) $(seen branch)" 'abcdef0 release'
tare record m 1 --commit 1234567 --branch feature
is 'so do options' "$(seen commit) $(seen branch)" '1234567 feature'
the_end
