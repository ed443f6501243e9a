/* A webhook: the notice as the body of a POST, signed when there is a secret.
 *
 * Whoever answers 2xx has taken it, whatever becomes of the rest of the answer. A redirect is not
 * followed: the body is for the host that tare.yml names and for no other. */
#include "base/clock.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "notify/secret.h"
#include "notify/signature.h"
#include "notify/webhook_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ANSWER_KEPT_BYTES 100           /* shown when it says why not */
#define ANSWER_MOST_BYTES (64L * 1024L) /* then whoever sends more is cut off */

struct request {
    CURL *easy;
    struct curl_slist *headers;
    struct secret url;
    char problem[CURL_ERROR_SIZE];
    char answer[ANSWER_KEPT_BYTES + 1];
    size_t answer_used;
    size_t received_bytes;
};

/* A URL taken apart: only scheme and host may be told. */
struct url_parts {
    int scheme;       /* bytes of "https://" */
    const char *user; /* "name:password@" or "", up to the host */
    const char *host;
    int host_size; /* with the port */
    const char *rest;
};

static struct url_parts url_split(const char *url)
{
    const char *mark = strstr(url, "://");
    const char *from = mark != NULL ? mark + 3 : url;
    size_t length = strcspn(from, "/?#"), user = length;
    while (user > 0 && from[user - 1] != '@')
        user--;
    return (struct url_parts){(int)(from - url), from, from + user, (int)(length - user),
                              from + length};
}

static void origin_of(const char *url, char *text, size_t size)
{
    struct url_parts parts = url_split(url);
    snprintf(text, size, "%.*s%.*s", parts.scheme, url, parts.host_size, parts.host);
}

static void place(const struct sink *sink, char text[SINK_PLACE_SIZE])
{
    struct secret url;
    if (sink->url != NULL)
        origin_of(sink->url, text, SINK_PLACE_SIZE);
    else if (secret_read(sink->url_env, sink->url_file, &url, NULL) == TARE_OK) {
        origin_of(url.text, text, SINK_PLACE_SIZE);
        secret_forget(&url);
    } else if (sink->url_env != NULL)
        snprintf(text, SINK_PLACE_SIZE, "$%s, which is not set", sink->url_env);
    else
        snprintf(text, SINK_PLACE_SIZE, "%s, which cannot be read", sink->url_file);
}

static void request_free(struct webhook_pool *pool, struct request *request)
{
    if (request->easy != NULL) {
        pool->curl->multi_remove_handle(pool->multi, request->easy);
        pool->curl->easy_cleanup(request->easy);
    }
    pool->curl->slist_free_all(request->headers);
    secret_forget(&request->url);
    free(request);
}

/* Keeps the beginning of an answer; an answer without end is cut off. */
static size_t answer_take(char *bytes, size_t size, size_t count, void *context)
{
    struct request *request = context;
    size_t total = size * count, room = ANSWER_KEPT_BYTES - request->answer_used;
    size_t kept = total < room ? total : room;
    memcpy(request->answer + request->answer_used, bytes, kept);
    request->answer_used += kept;
    request->received_bytes += total;
    return request->received_bytes > ANSWER_MOST_BYTES ? 0 : total;
}

static size_t header_take(char *bytes, size_t size, size_t count, void *context)
{
    struct request *request = context;
    (void)bytes;
    request->received_bytes += size * count;
    return request->received_bytes > ANSWER_MOST_BYTES ? 0 : size * count;
}

static bool header_add(struct webhook_pool *pool, struct request *request, const char *name,
                       const char *value)
{
    char line[256];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = pool->curl->slist_append(request->headers, line);
    if (longer != NULL)
        request->headers = longer;
    return longer != NULL;
}

static enum tare_status signature_add(struct webhook_pool *pool, struct request *request,
                                      const struct parcel *parcel, const char *time,
                                      int64_t time_s, struct tare_error *error)
{
    const struct sink *sink = parcel->sink;
    char signature[SIGNATURE_TEXT_SIZE];
    struct secret key;
    if (sink->secret_env == NULL && sink->secret_file == NULL)
        return TARE_OK;
    enum tare_status status = secret_read(sink->secret_env, sink->secret_file, &key, error);
    if (status != TARE_OK)
        return status;
    signature_make(key.text, key.size, time_s, parcel->body, parcel->size, signature);
    secret_forget(&key);
    bool added = header_add(pool, request, "Tare-Timestamp", time) &&
                 header_add(pool, request, "Tare-Signature", signature);
    return added ? TARE_OK : error_memory(error);
}

static enum tare_status headers_make(struct webhook_pool *pool, struct request *request,
                                     const struct parcel *parcel, struct tare_error *error)
{
    char time[32];
    int64_t time_s = clock_now_ns() / CLOCK_NS_PER_SECOND;
    snprintf(time, sizeof time, "%lld", (long long)time_s);
    bool added = header_add(pool, request, "Content-Type", "application/json") &&
                 header_add(pool, request, "Idempotency-Key", parcel->key) &&
                 header_add(pool, request, "Tare-Event", parcel->event);
    struct curl_slist *longer = pool->curl->slist_append(request->headers, "Expect:");
    if (!added || longer == NULL)
        return error_memory(error);
    request->headers = longer;
    return signature_add(pool, request, parcel, time, time_s, error);
}

static enum tare_status url_find(struct request *request, const struct sink *sink,
                                 struct tare_error *error)
{
    if (sink->url != NULL) {
        request->url = (struct secret){strdup(sink->url), strlen(sink->url)};
        return request->url.text != NULL ? TARE_OK : error_memory(error);
    }
    enum tare_status status = secret_read(sink->url_env, sink->url_file, &request->url, error);
    if (status != TARE_OK)
        return status;
    if (strncasecmp(request->url.text, "https://", 8) == 0 ||
        strncasecmp(request->url.text, "http://", 7) == 0)
        return TARE_OK;
    return error_set(error, TARE_E_USAGE, "%s %.100s holds no http:// or https:// URL",
                     sink->url_env != NULL ? "the environment variable" : "the file",
                     sink->url_env != NULL ? sink->url_env : sink->url_file);
}

/* What decides whom the body reaches must hold; the rest is as the library has it. */
static bool options_set(struct webhook_pool *pool, struct request *request,
                        const struct flight *flight)
{
    __typeof__(pool->curl->easy_setopt) set = pool->curl->easy_setopt;
    const struct parcel *parcel = flight->parcel;
    CURL *easy = request->easy;
    set(easy, CURLOPT_PRIVATE, flight);
    set(easy, CURLOPT_ERRORBUFFER, request->problem);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L); /* a name server that does not answer is not waited for */
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, parcel->sink->timeout_s * 1000L);
    set(easy, CURLOPT_USERAGENT, "tare/" TARE_VERSION);
    set(easy, CURLOPT_HTTPHEADER, request->headers);
    set(easy, CURLOPT_POSTFIELDSIZE, (long)parcel->size);
    set(easy, CURLOPT_POSTFIELDS, parcel->body);
    set(easy, CURLOPT_WRITEFUNCTION, answer_take);
    set(easy, CURLOPT_WRITEDATA, request);
    set(easy, CURLOPT_HEADERFUNCTION, header_take);
    set(easy, CURLOPT_HEADERDATA, request);
    if (parcel->sink->ca_file != NULL &&
        set(easy, CURLOPT_CAINFO, parcel->sink->ca_file) != CURLE_OK)
        return false;
    return set(easy, CURLOPT_URL, request->url.text) == CURLE_OK &&
           set(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           set(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           set(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           set(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
}

static void launch(struct courier *courier, struct flight *flight)
{
    struct tare_error error;
    struct webhook_pool *pool = webhook_pool_of(courier, &error);
    struct request *request = pool != NULL ? calloc(1, sizeof *request) : NULL;
    if (request == NULL) {
        flight_land(flight, PARCEL_FAILED, "%s", pool == NULL ? error.message : "out of memory");
        return;
    }
    enum tare_status status = url_find(request, flight->parcel->sink, &error);
    if (status == TARE_OK)
        status = headers_make(pool, request, flight->parcel, &error);
    if (status == TARE_OK) {
        request->easy = pool->curl->easy_init();
        if (request->easy == NULL || !options_set(pool, request, flight) ||
            pool->curl->multi_add_handle(pool->multi, request->easy) != CURLM_OK)
            status = error_set(&error, TARE_E_IO, "libcurl does not take the request");
    }
    if (status == TARE_OK) {
        flight->cargo = request;
        return;
    }
    request_free(pool, request);
    flight_land(flight, PARCEL_FAILED, "%s", error.message);
}

/* ---- landing ---- */

static bool repeats_part(const char *text, const char *from, const char *end)
{
    while (from < end) {
        char part[256];
        size_t length = strcspn(from, "/?&=#:@");
        size_t within = from + length < end ? length : (size_t)(end - from);
        if (within >= 6 && within < sizeof part) {
            memcpy(part, from, within);
            part[within] = '\0';
            if (strstr(text, part) != NULL)
                return true;
        }
        from += within + 1;
    }
    return false;
}

/* Whether a text repeats what could be a secret of the URL, as pages that say "not found" do. */
static bool repeats_url(const char *text, const char *url)
{
    struct url_parts parts = url_split(url);
    return repeats_part(text, parts.user, parts.host) ||
           repeats_part(text, parts.rest, parts.rest + strlen(parts.rest));
}

static void land_redirected(struct webhook_pool *pool, struct flight *flight, long code)
{
    const struct request *request = flight->cargo;
    char *url = NULL, where[SINK_PLACE_SIZE] = "nowhere";
    pool->curl->easy_getinfo(request->easy, CURLINFO_REDIRECT_URL, &url);
    if (url != NULL)
        origin_of(url, where, sizeof where);
    flight_land(flight, PARCEL_FAILED,
                "answered %ld, a redirect to %.80s, which is not followed: name that URL", code,
                where);
}

static void land_answered(struct webhook_pool *pool, struct flight *flight, long code)
{
    struct request *request = flight->cargo;
    curl_off_t asked_s = 0;
    request->answer[request->answer_used] = '\0';
    bool silent = request->answer_used == 0 || repeats_url(request->answer, request->url.text);
    pool->curl->easy_getinfo(request->easy, CURLINFO_RETRY_AFTER, &asked_s);
    if (asked_s > 0)
        flight->parcel->wait_ns = (asked_s < 86400 ? asked_s : 86400) * CLOCK_NS_PER_SECOND;
    /* It has understood, and will say the same of the same body for ever. */
    bool refused = code == 400 || code == 413 || code == 422;
    flight_land(flight, refused ? PARCEL_REFUSED : PARCEL_FAILED, "answered %ld%s%s", code,
                silent ? "" : ": ", silent ? "" : request->answer);
}

static void land_failed(struct webhook_pool *pool, struct flight *flight, CURLcode code)
{
    const struct request *request = flight->cargo;
    const char *text = request->problem[0] != '\0' ? request->problem
                                                   : pool->curl->easy_strerror(code);
    bool untrusted = code == CURLE_PEER_FAILED_VERIFICATION;
    if (repeats_url(text, request->url.text))
        text = pool->curl->easy_strerror(code);
    flight_land(flight, PARCEL_FAILED, "%.150s%s", text,
                untrusted ? " (ca_file names whom to trust)" : "");
}

void webhook_land(struct webhook_pool *pool, struct flight *flight, CURLcode code)
{
    struct request *request = flight->cargo;
    long answered = 0;
    pool->curl->easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &answered);
    if (answered >= 200 && answered < 300)
        flight_land(flight, PARCEL_DELIVERED, "%s", "");
    else if (answered >= 300 && answered < 400)
        land_redirected(pool, flight, answered);
    else if (answered >= 400)
        land_answered(pool, flight, answered);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        flight_land(flight, PARCEL_FAILED, "no answer within %.3g s", flight_seconds(flight));
    else
        land_failed(pool, flight, code);
    request_free(pool, request);
    flight->cargo = NULL;
}

static void step(struct courier *courier, struct flight *flight)
{
    (void)courier; /* webhook_pool_step() moves all of them on together */
    (void)flight;
}

static void abandon(struct courier *courier, struct flight *flight)
{
    webhook_land(courier->web, flight, CURLE_OPERATION_TIMEDOUT);
}

const struct sink_kind sink_webhook = {
    .name = "webhook",
    .queued = true,
    .keys = {"url", "url_env", "url_file", "secret_env", "secret_file", "ca_file", "format", NULL},
    .formats = {"tare", "slack", NULL},
    .place = place,
    .launch = launch,
    .step = step,
    .abandon = abandon,
};
