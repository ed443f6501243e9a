/* Filling in a struct tare_error. See include/tare/error.h for the convention. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "tare/error.h"

/* Sets status and formatted message when `error` is not NULL. Returns `status`, so that
 * `return error_set(error, TARE_E_IO, "…")` reads as one step. */
enum tare_status error_set(struct tare_error *error, enum tare_status status, const char *format,
                           ...) __attribute__((format(printf, 3, 4)));

/* The status that fits an errno value: ENOSPC is TARE_E_FULL, EROFS TARE_E_READ_ONLY, … */
enum tare_status error_status_from_errno(int errnum);

/* error_set() with the status of `errnum` and ": strerror" appended to the message. */
enum tare_status error_set_errno(struct tare_error *error, int errnum, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* error_set() of TARE_E_CORRUPT with "; run 'tare doctor'" behind the message, and in doctor_at
 * where that begins. */
enum tare_status error_damaged(struct tare_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What was to be made is not looked for: TARE_E_NOT_FOUND becomes TARE_E_IO, others stay. */
enum tare_status error_of_making(enum tare_status status, struct tare_error *error);

/* Sets the message for a failed allocation. Returns TARE_E_MEMORY. */
enum tare_status error_memory(struct tare_error *error);

#endif
