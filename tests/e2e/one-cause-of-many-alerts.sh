#!/bin/sh
# Everything becomes slower with one commit: the list says that one cause is likelier than many.
. "${0%/*}/lib.sh"
repository
succeeds 'init' tare init --app shop --preset empty

for name in a b c d e f; do
    record_each $name ms 100 101 99 100 102 98 100 101
done
commit 'all of it'
for name in a b c d e f; do
    record_each $name ms 150 151 152
done
succeeds 'the alerts' tare alerts
printed 'are of one cause' "^6 of these begin at $HEAD7: one cause, perhaps the machine, is likelier than 6\\.\$"
succeeds 'one alone' tare alerts --metric a
ok 'is not a crowd' sh -c '! tare alerts --metric a | grep -q likelier'
the_end
