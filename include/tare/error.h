/* Status codes and the error text that goes with them.
 *
 * Every function of tare that can fail returns `enum tare_status` and takes a `struct tare_error
 * *` as its last parameter. The caller owns it and may pass NULL. On failure its message is one
 * sentence: what failed, where, and what to do about it. On success it is not touched.
 */
#ifndef TARE_ERROR_H
#define TARE_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

enum tare_status {
    TARE_OK = 0,
    TARE_E_USAGE,     /* the caller's words are wrong: bad option, bad unit, NaN          */
    TARE_E_NOT_FOUND, /* no such metric, session, file, commit                            */
    TARE_E_MEMORY,    /* allocation failed                                                */
    TARE_E_IO,        /* the operating system refused: permission, missing folder, …      */
    TARE_E_FULL,      /* no space left                                                    */
    TARE_E_BUSY,      /* locked by somebody else for longer than we wait                  */
    TARE_E_READ_ONLY, /* may be read, not written                                         */
    TARE_E_CORRUPT,   /* bytes that are not what they should be                           */
    TARE_E_NEWER,     /* written by a newer tare than this one                            */
    TARE_E_SYNTAX,    /* a file that does not parse; the message has file and place       */
    TARE_E_STORE      /* the database failed otherwise                                    */
};

struct tare_error {
    enum tare_status status;
    char message[512];  /* UTF-8, one sentence, no newline */
    unsigned doctor_at; /* where in it "; run 'tare doctor'" begins; 0: it is not for the doctor */
};

#ifdef __cplusplus
}
#endif

#endif
