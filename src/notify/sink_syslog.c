/* The system log, by its socket: syslog(3) does not say whether a message arrived, and waits. */
#include "notify/sink_kind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static const char *socket_path(const struct sink *sink)
{
    return sink->path != NULL ? sink->path : "/dev/log";
}

static void place(const struct sink *sink, char text[SINK_PLACE_SIZE])
{
    snprintf(text, SINK_PLACE_SIZE, "%s", socket_path(sink));
}

static int priority_of(const struct parcel *parcel)
{
    static const int levels[] = {[SEVERITY_OK] = LOG_NOTICE,
                                 [SEVERITY_INFO] = LOG_INFO,
                                 [SEVERITY_WARNING] = LOG_WARNING,
                                 [SEVERITY_ERROR] = LOG_ERR,
                                 [SEVERITY_CRITICAL] = LOG_CRIT};
    bool over = strcmp(parcel->event, "resolved") == 0;
    return LOG_USER | (over ? LOG_NOTICE : levels[parcel->severity]);
}

/* As every system log reads it (RFC 3164), the time being local. */
static char *message_make(const struct parcel *parcel, size_t *size)
{
    char stamp[32], *text = NULL;
    time_t now = time(NULL);
    struct tm local;
    size_t length = parcel->size;
    while (length > 0 && parcel->body[length - 1] == '\n')
        length--;
    if (localtime_r(&now, &local) == NULL ||
        strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", &local) == 0)
        return NULL;
    int written = asprintf(&text, "<%d>%s tare[%ld]: %.*s", priority_of(parcel), stamp,
                           (long)getpid(), (int)length, parcel->body);
    if (written < 0)
        return NULL;
    *size = (size_t)written;
    return text;
}

/* 0, or the reason it cannot be sent. A stream tells messages apart by the NUL behind each. */
static int send_by(int type, const char *path, const char *message, size_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    size_t whole = size + (type == SOCK_STREAM);
    int reason = 0;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        reason = errno;
    else {
        ssize_t sent = send(fd, message, whole, MSG_NOSIGNAL);
        reason = sent < 0 ? errno : (size_t)sent < whole ? EAGAIN : 0;
    }
    close(fd);
    return reason;
}

static void launch(struct courier *courier, struct flight *flight)
{
    (void)courier;
    const char *path = socket_path(flight->parcel->sink);
    size_t size = 0;
    char *message = message_make(flight->parcel, &size);
    int reason = ENOMEM;
    if (message != NULL) {
        reason = send_by(SOCK_DGRAM, path, message, size);
        if (reason == EPROTOTYPE)
            reason = send_by(SOCK_STREAM, path, message, size);
    }
    free(message);
    if (reason == 0)
        flight_land(flight, PARCEL_DELIVERED, "%s", "");
    else
        flight_land(flight, PARCEL_FAILED, "cannot write to the system log %.100s: %s", path,
                    strerror(reason));
}

const struct sink_kind sink_syslog = {
    .name = "syslog",
    .queued = true,
    .keys = {"path", NULL},
    .formats = {"logfmt", NULL},
    .place = place,
    .launch = launch,
};
