#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void message_set(struct tare_error *error, enum tare_status status, const char *format,
                        va_list args) __attribute__((format(printf, 3, 0)));

static void message_set(struct tare_error *error, enum tare_status status, const char *format,
                        va_list args)
{
    error->status = status;
    error->doctor_at = 0;
    vsnprintf(error->message, sizeof error->message, format, args);
}

enum tare_status error_set(struct tare_error *error, enum tare_status status, const char *format,
                           ...)
{
    if (error == NULL)
        return status;
    va_list args;
    va_start(args, format);
    message_set(error, status, format, args);
    va_end(args);
    return status;
}

enum tare_status error_status_from_errno(int errnum)
{
    switch (errnum) {
    case ENOENT:
    case ENOTDIR:
        return TARE_E_NOT_FOUND;
    case ENOMEM:
        return TARE_E_MEMORY;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return TARE_E_FULL;
    case EROFS:
        return TARE_E_READ_ONLY;
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
        return TARE_E_BUSY;
    default:
        return TARE_E_IO;
    }
}

enum tare_status error_set_errno(struct tare_error *error, int errnum, const char *format, ...)
{
    enum tare_status status = error_status_from_errno(errnum);
    if (error == NULL)
        return status;
    va_list args;
    va_start(args, format);
    message_set(error, status, format, args);
    va_end(args);
    size_t used = strlen(error->message);
    snprintf(error->message + used, sizeof error->message - used, ": %s", strerror(errnum));
    return status;
}

enum tare_status error_damaged(struct tare_error *error, const char *format, ...)
{
    static const char advice[] = "; run 'tare doctor'";
    if (error == NULL)
        return TARE_E_CORRUPT;
    va_list args;
    va_start(args, format);
    message_set(error, TARE_E_CORRUPT, format, args);
    va_end(args);
    size_t used = strlen(error->message), most = sizeof error->message - sizeof advice;
    error->doctor_at = (unsigned)(used < most ? used : most);
    memcpy(error->message + error->doctor_at, advice, sizeof advice);
    return TARE_E_CORRUPT;
}

enum tare_status error_of_making(enum tare_status status, struct tare_error *error)
{
    if (status != TARE_E_NOT_FOUND)
        return status;
    if (error != NULL)
        error->status = TARE_E_IO;
    return TARE_E_IO;
}

enum tare_status error_memory(struct tare_error *error)
{
    return error_set(error, TARE_E_MEMORY, "out of memory");
}
