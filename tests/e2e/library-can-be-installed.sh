#!/bin/sh
# `meson install` puts everything where it belongs, and a C and a C++ program find libtare by pkg-config.
. "${0%/*}/lib.sh"
: "${BUILD:?names the build folder}"
[ -z "$INSTRUMENTED" ] || skip_all 'an instrumented library wants instrumented programs'
command -v meson >/dev/null && command -v pkg-config >/dev/null || skip_all 'needs meson and pkg-config'
succeeds 'install' meson install -C "$BUILD" --no-rebuild --quiet --destdir "$SCRATCH/root"
prefix=$(find "$SCRATCH/root" -type d -name bin | head -n 1)
prefix=${prefix%/bin}
libdir=$(find "$prefix" -name libtare.a)
libdir=${libdir%/libtare.a}
ok 'the binary' test -x "$prefix/bin/tare"
ok 'the header' test -f "$prefix/include/tare/tare.h"
ok 'the library' test -f "$libdir/libtare.so"
ok 'the archive' test -f "$libdir/libtare.a"
ok 'the manual' test -n "$(find "$prefix" -name 'tare-run.1*')"
ok 'the units' test -f "$prefix/lib/systemd/user/tare-ingest@.timer"
ok 'what bash completes' test -f "$prefix/share/bash-completion/completions/tare"
ok 'what zsh completes' test -f "$prefix/share/zsh/site-functions/_tare"
ok 'what fish completes' test -f "$prefix/share/fish/vendor_completions.d/tare.fish"
ok 'the schemas' test -n "$(find "$prefix" -name status.schema.json)"
rm "$SCRATCH/bin/tare"
export PATH="$prefix/bin:$PATH"
succeeds 'it runs from there' tare version

export PKG_CONFIG_LIBDIR="$libdir/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$SCRATCH/root"
succeeds 'pkg-config knows it' pkg-config --modversion tare
cflags=$(pkg-config --cflags tare)
cat >program.c <<'END'
#include <tare/tare.h>

static tare_metric loop = TARE_METRIC("loop", .unit = "us");

int main(void)
{
    tare_tracker *t = tare_tracker_default();
    tare_startup_complete(t);
    for (int i = 0; i < 10; i++) {
        TARE_SCOPE(t, &loop);
    }
    tare_span s = tare_span_begin(t, &loop);
    tare_span_fail(s);
    tare_operation_start(t, "work");
    tare_operation_stop(t, "work");
    tare_metric_record(t, "answer", 42);
    tare_count_add(t, "things", 2);
    tare_count_add(t, "things", 3);
    return 0;
}
END
cp program.c program.cc
export LD_LIBRARY_PATH="$libdir" TARE_STORE="$PWD/tare.db" TARE_INGEST=never
check() {
    succeeds "$1 runs" ./program
    try tare sessions --format json
    json_is "$1 hands over a session" 'd[0]["outcome"]' ok
    try tare status --all --format json
    json_is "$1: its spans" '[m["n"] for m in d["metrics"] if m["id"] == "loop"]' '[10]'
    json_is "$1: its value" '[m["value"] for m in d["metrics"] if m["id"] == "answer"]' '[42]'
    json_is "$1: its count" '[m["value"] for m in d["metrics"] if m["id"] == "things"]' '[5]'
    json_is "$1: its start-up time" 'len([m for m in d["metrics"] if m["id"] == "APP-001"])' 1
}
# shellcheck disable=SC2086,SC2046 # flags
{
    succeeds 'a C program compiles, shared' cc -Wall -Wextra -Werror $cflags program.c -o program $(pkg-config --libs tare)
    check 'a C program, shared'
    others=$(pkg-config --static --libs-only-l tare | sed 's/-ltare//')
    succeeds 'a C program compiles, static' cc -Wall -Wextra -Werror $cflags program.c -o program "$libdir/libtare.a" $others -pthread
    unlike 'it needs nothing but libc' "$(ldd program)" '(tare|sqlite|jansson|git2|curl)'
    case $others in
    *-lm*) skip 'nor libm' 'not optimised: the square root is a call' ;;
    *) unlike 'nor libm' "$(ldd program)" 'libm\.' ;;
    esac
    check 'a C program, static'
    for how in -static -static-pie; do
        if cc $how program.c -o program $cflags "$libdir/libtare.a" $others -pthread 2>/dev/null; then
            check "a C program, $how"
        else
            skip "a C program, $how" 'no static C library'
        fi
    done
    if command -v c++ >/dev/null; then
        succeeds 'a C++ program compiles' c++ -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Werror $cflags program.cc -o program $(pkg-config --libs tare)
        check 'a C++ program'
    else
        skip 'a C++ program' 'no C++ compiler'
    fi
}
the_end
