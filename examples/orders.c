/* A program that records itself: it opens a shop's database and looks up orders, and tare tells
 * how long the start and each query took.
 *
 *   cc orders.c $(pkg-config --cflags --libs tare) -lsqlite3 -o orders && ./orders shop.db */
#include <tare/tare.h>

#include <sqlite3.h>
#include <stdio.h>

static tare_metric query_time = TARE_METRIC("orders.query", .unit = "ms", .better = TARE_LOWER);
static tare_metric rows_found = TARE_METRIC("orders.rows", .unit = "count", .better = TARE_EXACT);

static int orders_count(sqlite3 *db, int customer)
{
    sqlite3_stmt *statement = NULL;
    int rows = 0;
    tare_span span = tare_span_begin(tare_tracker_default(), &query_time);
    sqlite3_prepare_v2(db, "SELECT amount FROM orders WHERE customer = ?", -1, &statement, NULL);
    sqlite3_bind_int(statement, 1, customer);
    while (sqlite3_step(statement) == SQLITE_ROW)
        rows++;
    if (sqlite3_finalize(statement) == SQLITE_OK)
        tare_span_end(span);
    else
        tare_span_fail(span);
    return rows;
}

int main(int argc, char **argv)
{
    tare_tracker *tracker = tare_tracker_default();
    sqlite3 *db = NULL;
    int rows = 0;
    if (argc != 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        fprintf(stderr, "usage: orders DATABASE\n");
        return 2;
    }
    tare_startup_complete(tracker);
    for (int customer = 100; customer < 105; customer++)
        rows += orders_count(db, customer);
    tare_sample_record(tracker, &rows_found, rows);
    sqlite3_close(db);
    printf("%d orders\n", rows);
    return 0; /* the session is handed over at exit */
}
