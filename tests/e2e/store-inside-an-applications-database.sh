#!/bin/sh
# The store is the application's own SQLite file: tare adds its tables and changes nothing else.
. "${0%/*}/lib.sh"
repository
for mode in delete wal; do
    db=app-$mode.db
    sqlite3 $db "PRAGMA journal_mode=$mode; PRAGMA user_version=42; PRAGMA application_id=305419896;
        CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace');
        CREATE VIEW names AS SELECT name FROM customers;" >/dev/null
    export TARE_STORE=$db TARE_APP=shop
    for value in 100 101 99 100 102 98 150 151; do
        record build_time $value --unit ms 2>/dev/null || fail "$mode: record $value"
    done
    succeeds "$mode: alerts are found in it" tare alerts
    printed "$mode: this one" 'build_time'
    is "$mode: journal_mode is as it was" "$(sqlite3 $db 'PRAGMA journal_mode')" $mode
    is "$mode: user_version is as it was" "$(sqlite3 $db 'PRAGMA user_version')" 42
    is "$mode: application_id is as it was" "$(sqlite3 $db 'PRAGMA application_id')" 305419896
    is "$mode: the application's rows are as they were" "$(sqlite3 $db 'SELECT group_concat(name) FROM names')" Ada,Grace
    is "$mode: every other table is tare's by name" "$(sqlite3 $db "SELECT count(*) FROM sqlite_master
        WHERE name NOT LIKE 'performance~_%' ESCAPE '~' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
        AND tbl_name NOT LIKE 'performance~_%' ESCAPE '~' AND name NOT IN ('customers', 'names')")" 0
    is "$mode: the file is sound" "$(sqlite3 $db 'PRAGMA integrity_check')" ok
    succeeds "$mode: doctor is content" tare doctor
    printed "$mode: and knows whose file it is" "inside an application's database"
    case $mode,$out in
    wal,*'can corrupt'*) printed "$mode: a SQLite that can corrupt a log says whose it is" 'of which the application' ;;
    *) unlike "$mode: no log, no word of one" "$out" 'write-ahead' ;;
    esac
    sqlite3 $db "INSERT INTO customers VALUES (3, 'Edsger')"
    record build_time 100 2>/dev/null
    is "$mode: the application goes on writing" "$(sqlite3 $db 'SELECT count(*) FROM customers')" 3
done
the_end
