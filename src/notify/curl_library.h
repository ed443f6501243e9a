/* libcurl, loaded when the first webhook is to be sent. Linked in, it and the twenty-odd libraries
 * that it needs would nearly double the start of every command. */
#ifndef NOTIFY_CURL_LIBRARY_H
#define NOTIFY_CURL_LIBRARY_H

#include "base/error.h"

#include <curl/curl.h>

/* To use one more function, name it here. */
#define CURL_LIBRARY_FUNCTIONS(each)                                                              \
    each(global_init) each(easy_init) each(easy_setopt) each(easy_getinfo) each(easy_cleanup)     \
        each(easy_strerror) each(slist_append) each(slist_free_all) each(multi_init)              \
            each(multi_setopt) each(multi_add_handle) each(multi_remove_handle)                   \
                each(multi_perform) each(multi_poll) each(multi_info_read) each(multi_cleanup)

#define CURL_LIBRARY_POINTER(name) __typeof__(curl_##name) *name;
struct curl_library {
    CURL_LIBRARY_FUNCTIONS(CURL_LIBRARY_POINTER)
};
#undef CURL_LIBRARY_POINTER

/* The library, ready for use; it stays. NULL with a sentence when this machine has none. */
const struct curl_library *curl_library_load(struct tare_error *error);

#endif
