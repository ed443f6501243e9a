#include "notify/curl_library.h"

#include "base/error.h"

#include <dlfcn.h>
#include <stdbool.h>

#define LIBRARY_NAME "libcurl.so.4"

static struct curl_library library;

static bool functions_find(void *handle)
{
    bool complete = true;
#define FIND(name)                                                                                \
    *(void **)(void *)&library.name = dlsym(handle, "curl_" #name);                               \
    complete = complete && library.name != NULL;
    CURL_LIBRARY_FUNCTIONS(FIND)
#undef FIND
    return complete;
}

const struct curl_library *curl_library_load(struct tare_error *error)
{
    static bool loaded;
    if (loaded)
        return &library;
    void *handle = dlopen(LIBRARY_NAME, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        error_set(error, TARE_E_NOT_FOUND,
                  "webhooks need %s, which is not installed (Debian's package libcurl4)",
                  LIBRARY_NAME);
        return NULL;
    }
    if (!functions_find(handle) || library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        error_set(error, TARE_E_NOT_FOUND, "%s of this machine is too old for webhooks",
                  LIBRARY_NAME);
        dlclose(handle);
        return NULL;
    }
    loaded = true;
    return &library;
}
