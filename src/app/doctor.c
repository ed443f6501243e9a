#include "app/doctor.h"

#include "app/doctor_sinks.h"
#include "app/repository.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "model/unit.h"
#include "record/clock_source.h"
#include "record/inbox.h"
#include "record/runtime_folder.h"
#include "record/session_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define TEXT_SIZE        768
#define ROOM_LEAST_BYTES (1 << 20)
#define WAITING_MANY     (RUNTIME_FOLDER_MOST / 2)

static bool note(struct doctor_report *report, enum finding_level level, const char *remedy,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static bool note(struct doctor_report *report, enum finding_level level, const char *remedy,
                 const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return doctor_report_add(report, level, text, remedy);
}

static bool sqlite_note(const struct store_info *info, struct doctor_report *report)
{
    if (!info->may_corrupt_wal || strcmp(info->journal_mode, "wal") != 0)
        return note(report, FINDING_OK, NULL, "SQLite %s", info->backend_version);
    if (!info->own_file)
        return note(
            report, FINDING_NOTE,
            "give tare a file of its own (store: in tare.yml), or take a SQLite behind 3.51.2",
            "SQLite %s can corrupt a write-ahead log when a commit overlaps a checkpoint of "
            "another connection; tare takes both under one lock, of which the application "
            "whose database this is knows nothing",
            info->backend_version);
    return note(report, FINDING_NOTE, NULL,
                "SQLite %s can corrupt a write-ahead log when a commit overlaps a checkpoint of "
                "another connection; tare takes both under one lock, so its own store is safe. "
                "Do not write to it with other programs",
                info->backend_version);
}

static bool contents_note(const struct store_info *info, struct doctor_report *report)
{
    char size[UNIT_TEXT_SIZE];
    unit_format((double)info->size_bytes / 1e6, "MB", size);
    return note(report, FINDING_OK, NULL,
                "schema %d, %s, journal %s, %s; sessions %lld, series %lld, measurements %lld, "
                "samples %lld, open alerts %lld",
                info->schema_version, size, info->journal_mode,
                info->own_file ? "a file of tare's own" : "inside an application's database",
                (long long)info->sessions, (long long)info->series, (long long)info->measurements,
                (long long)info->samples, (long long)info->alerts_live);
}

/* "run 'tare doctor'", says the store to everybody else. Here is what that comes to. */
static bool store_problem(struct tare_error *error, struct doctor_report *report)
{
    static const char rescue[] =
        "restore a backup, or save what can still be read: sqlite3 OLD .dump | "
        "sed 's/^ROLLBACK.*/COMMIT;/' | sqlite3 NEW; then put NEW in the place of OLD";
    bool damaged = error->doctor_at != 0;
    if (damaged)
        error->message[error->doctor_at] = '\0';
    return note(report, FINDING_PROBLEM, damaged ? rescue : NULL, "%s", error->message);
}

/* A disk without room takes no samples, though all that is on it can be read. */
static bool room_note(const char *store_url, struct doctor_report *report)
{
    struct statvfs room;
    char *folder = file_parent(store_url);
    if (folder == NULL)
        return false;
    bool full = statvfs(folder, &room) == 0 &&
                (uint64_t)room.f_bavail * room.f_frsize < ROOM_LEAST_BYTES;
    bool done = !full || note(report, FINDING_PROBLEM,
                              "make room there: what is recorded can hardly be kept",
                              "less than a megabyte is free for the store in %s", folder);
    free(folder);
    return done;
}

/* What somebody who was stopped took in; there is none as long as commands end well. */
static bool unjudged_note(struct store *store, struct doctor_report *report)
{
    int64_t *ids = NULL;
    size_t count = 0;
    if (store_unjudged_list(store, &ids, &count, NULL) != TARE_OK)
        return true; /* the integrity check says more */
    free(ids);
    return count == 0 ||
           note(report, FINDING_NOTE, "'tare ingest' judges it, or says what is wrong",
                "what was taken in last is not judged yet, of %zu series", count);
}

static bool store_note(const char *store_url, struct doctor_report *report)
{
    struct store *store = NULL;
    struct store_info info;
    struct tare_error error;
    const struct store_options options = {.read_only = true};
    enum tare_status status = store_open(store_url, &options, &store, &error);
    if (status == TARE_E_NOT_FOUND)
        return note(report, FINDING_NOTE, "'tare init' makes one; so does recording",
                    "there is no store %s yet", store_url);
    if (status != TARE_OK)
        return store_problem(&error, report);
    bool done = note(report, FINDING_OK, NULL, "the store %s opens", store_url);
    if (done && store_info_get(store, &info, &error) == TARE_OK)
        done = sqlite_note(&info, report) && contents_note(&info, report) &&
               unjudged_note(store, report);
    if (done && store_check(store, &error) != TARE_OK)
        done = store_problem(&error, report);
    else if (done)
        done = note(report, FINDING_OK, NULL, "the integrity check finds nothing");
    store_close(store);
    return done;
}

static bool folder_bytes(const char *folder, const char *name, int64_t *bytes)
{
    char path[INBOX_PATH_SIZE + 32];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    *bytes = stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
    return *bytes > 0;
}

static bool inbox_note(const char *store_url, struct doctor_report *report)
{
    char folder[INBOX_PATH_SIZE];
    int64_t waiting, damaged;
    if (strcmp(store_url, ":memory:") == 0 || !inbox_find(store_url, folder))
        return true;
    struct stat info;
    if (stat(folder, &info) == 0 && access(folder, W_OK | X_OK) != 0)
        return note(report, FINDING_PROBLEM,
                    info.st_uid == geteuid() ? "give its owner write permission"
                                             : "it is another user's: record as that user, or "
                                               "into a store of your own (TARE_STORE)",
                    "programs cannot hand over: the inbox %s may not be written to", folder);
    if (folder_bytes(folder, "frames", &waiting) &&
        !note(report, FINDING_NOTE, "'tare ingest' takes them in",
              "%lld bytes of samples wait in the inbox", (long long)waiting))
        return false;
    if (folder_bytes(folder, "damaged", &damaged))
        return note(report, FINDING_PROBLEM,
                    "look at it, then remove it: what it held could not be read",
                    "%lld damaged bytes were set aside in %s/damaged", (long long)damaged, folder);
    return note(report, FINDING_OK, NULL, "the inbox is in order");
}

static bool losses_note(const struct loss_list *losses, struct doctor_report *report)
{
    for (size_t i = 0; i < losses->count; i++) {
        const struct loss *loss = &losses->losses[i];
        char day[CLOCK_TEXT_SIZE];
        clock_format(loss->last_ns, day);
        day[10] = '\0';
        if (!note(report, FINDING_PROBLEM,
                  "make room for the inbox and for session files; 'tare ingest' then counts them "
                  "as dropped",
                  "%llu samples of %s are lost, the last on %s: there was no room for a session",
                  (unsigned long long)loss->samples, loss->app, day))
            return false;
    }
    return true;
}

/* What was lost and waits to be counted, and what nobody could read. */
static bool leftovers_note(const char *store_url, const char *folder, struct doctor_report *report)
{
    struct leftovers left;
    struct tare_error error;
    bool done = true;
    if (sessions_leftovers(store_url, &left, &error) != TARE_OK)
        done = note(report, FINDING_PROBLEM, NULL, "%s", error.message);
    if (done && left.aside > 0)
        done = note(report, FINDING_PROBLEM,
                    "look at them, then remove them: what they held could not be read",
                    "%zu session file%s %s damaged and set aside in %s, ending in .damaged",
                    left.aside, left.aside == 1 ? "" : "s", left.aside == 1 ? "was" : "were",
                    folder);
    if (done && left.waiting > 0)
        done = note(report, left.waiting < WAITING_MANY ? FINDING_NOTE : FINDING_PROBLEM,
                    "'tare ingest' takes them up, or says why it cannot",
                    "%zu session%s in memory to be taken up; when about %d do, what programs "
                    "record is lost",
                    left.waiting, left.waiting == 1 ? " waits" : "s wait", RUNTIME_FOLDER_MOST);
    done = done && losses_note(&left.losses, report);
    leftovers_release(&left);
    return done;
}

static bool runtime_note(const char *store_url, struct doctor_report *report)
{
    char folder[RUNTIME_FOLDER_SIZE];
    struct statvfs room;
    struct live_sessions live = {0};
    if (!runtime_folder_path(folder))
        return note(report, FINDING_PROBLEM, "unset XDG_RUNTIME_DIR",
                    "the path of the folder for session files is too long");
    char *parent = file_parent(folder);
    bool full = parent != NULL && statvfs(parent, &room) == 0 &&
                (uint64_t)room.f_bavail * room.f_frsize < ROOM_LEAST_BYTES;
    free(parent);
    if (full && !note(report, FINDING_PROBLEM, "make room there: recording stops without it",
                      "less than a megabyte is free for session files in %s", folder))
        return false;
    if (!leftovers_note(store_url, folder, report))
        return false;
    sessions_peek(NULL, &live, NULL);
    size_t running = live.count;
    live_sessions_release(&live);
    return note(report, FINDING_OK, NULL, "session files lie in %s; %zu running", folder, running);
}

static bool machine_note(struct doctor_report *report)
{
    bool tsc = clock_source_detect() == CLOCK_TSC;
    struct repository_head head;
    repository_head_read(&head);
    bool done = note(report, tsc ? FINDING_OK : FINDING_NOTE, NULL,
                     tsc ? "spans are timed by the processor's time stamp counter"
                         : "spans are timed by clock_gettime(2): the time stamp counter cannot be "
                           "relied on here");
    if (head.commit[0] == '\0')
        return done && note(report, FINDING_NOTE,
                            "run inside the repository, or set TARE_COMMIT and TARE_BRANCH",
                            "no git commit is known here: alerts will name none");
    return done && note(report, FINDING_OK, NULL, "git: %.7s on %s%s", head.commit,
                        head.branch[0] != '\0' ? head.branch : "no branch",
                        head.dirty ? ", with changes" : "");
}

enum tare_status doctor_build(const char *store_url, const struct config *config,
                              struct doctor_report *report, struct tare_error *error)
{
    bool done = config->path != NULL ? note(report, FINDING_OK, NULL, "%s holds %zu metrics",
                                            config->path, config->metric_count)
                                     : note(report, FINDING_NOTE, "'tare init' writes one",
                                            "there is no tare.yml here or above");
    done = done && store_note(store_url, report) && room_note(store_url, report) &&
           inbox_note(store_url, report) && sinks_note(store_url, config, report) &&
           runtime_note(store_url, report) && machine_note(report);
    return done ? TARE_OK : error_memory(error);
}
