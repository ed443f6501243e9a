#!/bin/sh
# The disk under the store is full: a clear sentence, nothing torn, and once there is room all is well.
. "${0%/*}/lib.sh"
[ "$(id -u)" = 0 ] || skip_all 'needs root to mount a small file system'
if [ "${1:-}" != inside ]; then
    unshare --mount true 2>/dev/null || skip_all 'may not make a mount namespace here'
    mkdir "$SCRATCH/probe"
    unshare --mount mount -t tmpfs -o size=1m none "$SCRATCH/probe" 2>/dev/null ||
        skip_all 'may not mount here'
    clean_up
    trap - EXIT
    exec unshare --mount "$SOURCES/tests/e2e/full-disk.sh" inside
fi
mkdir small
for kilobytes in 8 16 40 100; do # each is met at another step
    mount -t tmpfs -o size=${kilobytes}k none small || skip_all 'may not mount here'
    cd small || exit 99
    fails_with 3 "no store fits into $kilobytes kB" tare init --app shop --preset empty
    said "that is said of $kilobytes kB" 'cannot .* the store .*; make room on the disk'
    mount -o remount,size=1m none .
    succeeds "with room it is made after $kilobytes kB" tare init --app shop --preset empty
    succeeds "and takes a value after $kilobytes kB" tare record build_time 100
    cd ..
    umount small
done
mkdir disk
mount -t tmpfs -o size=640k none disk || skip_all 'may not mount here'
cd disk || exit 99
tare init --app shop --preset empty >/dev/null
record_each build_time ms 100 101
dd if=/dev/zero of=ballast bs=1k 2>/dev/null
fails_with 3 'a value that has no room is refused' tare record build_time 102
said_clearly 'in one sentence'
said 'that says why' '(full|space)'
unlike 'and nobody pretends to have it' "$err" 'nothing is lost'
fails_with 125 'so is a run' tare run --quiet -- true
fails_with 7 'whose own failure is not hidden' tare run --quiet -- sh -c 'exit 7'
succeeds 'what is there can be read' tare status --format json
json_is 'as it was' 'd["metrics"][0]["value"]' 101
fails_with 3 'doctor knows' tare doctor
printed 'where there is no room' '^problem less than a megabyte is free for the store in .*/disk$'
printed 'the file is sound' 'integrity check finds nothing'
rm ballast
succeeds 'with room again it goes on' tare record build_time 103
try tare sessions --format json
json_is 'and what was refused was not kept' 'len(d)' 3
cd / || exit 99
umount "$SCRATCH/desk/disk"
the_end
