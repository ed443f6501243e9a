#!/bin/sh
# A set-user-ID program that links libtare does not write where its caller says, nor start what he names.
. "${0%/*}/lib.sh"
: "${PROGRAMS:?names the folder of programs}"
[ -z "$INSTRUMENTED" ] || skip_all 'what instruments a program trusts its caller'
[ "$(id -u)" = 0 ] || skip_all 'only root may make such a program'
command -v setpriv >/dev/null || skip_all 'needs setpriv'
chmod 711 "$SCRATCH" "$SCRATCH/desk"
mkdir theirs root bin
chown 65534:65534 theirs
cp "$PROGRAMS/recording_static" program # the loader finds no library from $ORIGIN for such a program
cat >bin/tare <<END
#!/bin/sh
id -u >>"$PWD/theirs/started"
END
chmod 755 bin/tare
printf 'store: %s/from-file.db\n' "$PWD/root" >theirs/tare.yml
chmod 644 theirs/tare.yml
as_them() {
    (cd theirs && as_nobody env PATH="$PWD/../bin:$PATH" HOME="$PWD" XDG_STATE_HOME="$PWD" \
        TARE_INGEST=exit TARE_STATUS=1 "$@" ../program 10 2>said) && cat theirs/said
}
chmod 755 program
try as_them TARE_STORE="$PWD/theirs/mine.db" TARE_BINARY="$PWD/bin/tare" TARE_RUNTIME_DIR="$PWD/theirs"
is 'without the bit it runs' "$status" 0
ok 'and records where its caller says' test -d theirs/mine.db.inbox
for tries in 1 2 3 4 5 6 7 8 9 10; do [ -s theirs/started ] || sleep 0.2; done
is 'and starts what he names, as him' "$(cat theirs/started)" 65534
rm -r theirs/mine.db.inbox theirs/started
chmod 4755 program
is 'the file system knows the bit' "$(stat -c %a program)" 4755
try as_them TARE_STORE="$PWD/root/evil.db" TARE_BINARY="$PWD/bin/tare" TARE_RUNTIME_DIR="$PWD/theirs"
is 'with it, it runs' "$status" 0
like 'and says why it does not record' "$out" \
    'tare: a program with more rights than its caller takes nothing from the environment'
try as_them
is 'the same with the file of his folder' "$status" 0
sleep 0.3
is 'nothing was written for him' "$(ls root)" ''
ok 'nor started for him' test ! -e theirs/started
the_end
