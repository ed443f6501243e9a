/* A log file: a line of logfmt for each event. It is opened anew each time, so that whoever
 * rotates logs need tell nobody. */
#include "notify/sink_kind.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void place(const struct sink *sink, char text[SINK_PLACE_SIZE])
{
    snprintf(text, SINK_PLACE_SIZE, "%s", sink->path);
}

/* Never waits (a pipe that nobody reads), never follows a link that somebody else laid there. */
static enum tare_status log_open(const char *path, int *into, struct tare_error *error)
{
    struct stat info;
    int fd = open(path,
                  O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                  0600);
    if (fd < 0 && errno == ELOOP)
        return error_set(error, TARE_E_IO,
                         "the log %.120s is a symbolic link: name the file itself", path);
    if (fd < 0)
        return error_set_errno(error, errno, "cannot open the log %.120s", path);
    if (fstat(fd, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISCHR(info.st_mode)) {
        close(fd);
        return error_set(error, TARE_E_IO, "the log %.120s is no file", path);
    }
    *into = fd;
    return TARE_OK;
}

static void launch(struct courier *courier, struct flight *flight)
{
    (void)courier;
    struct tare_error error;
    const struct parcel *parcel = flight->parcel;
    int fd = -1;
    enum tare_status status = log_open(parcel->sink->path, &fd, &error);
    if (status == TARE_OK) {
        status = file_write_all(fd, parcel->body, parcel->size, parcel->sink->path, &error);
        if (close(fd) != 0 && status == TARE_OK)
            status = error_set_errno(&error, errno, "cannot write %.120s", parcel->sink->path);
    }
    if (status == TARE_OK)
        flight_land(flight, PARCEL_DELIVERED, "%s", "");
    else
        flight_land(flight, PARCEL_FAILED, "%s", error.message);
}

const struct sink_kind sink_log = {
    .name = "log",
    .queued = true,
    .keys = {"path", NULL},
    .formats = {"logfmt", NULL},
    .place = place,
    .launch = launch,
};
