/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/download.h"

#include "base/error.h"
#include "base/library.h"
#include "os/cancel.h"
#include "os/files.h"
#include "os/replace.h"
#include "os/sha256.h"
#include "os/write.h"

#define CURL_DISABLE_TYPECHECK /* it wants the functions under their own names */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_MAX_DEFAULT (G_GUINT64_CONSTANT(1) << 30)
#define CONNECT_SECONDS 30
#define STALL_SECONDS 30
#define REDIRECTIONS_MAX 8
#define VALIDATOR_MAX 512
#define READ_CHUNK (256 * 1024)

/* Every function that is called below, without its "curl_". */
#define CURL_FUNCTIONS(X)                                                                          \
    X(global_init)                                                                                 \
    X(easy_init)                                                                                   \
    X(easy_setopt)                                                                                 \
    X(easy_perform)                                                                                \
    X(easy_getinfo)                                                                                \
    X(easy_cleanup)                                                                                \
    X(easy_strerror)                                                                               \
    X(slist_append)                                                                                \
    X(slist_free_all)
#define CURL_POINTER(name) __typeof__(curl_##name) *name;
static struct {
    CURL_FUNCTIONS(CURL_POINTER)
} lib;

enum { HTTP_PARTIAL = 206, HTTP_RANGE = 416 };

typedef struct {
    const char *url, *path;
    const OsDownloadOptions *options;
    char *part, *from;
    char *validator; /* of what PART holds: an entity tag or a date; NULL: none */
    int fd;
    OsSha256 *sum;
    guint64 size_max;
    guint64 begun; /* bytes that were there before */
    guint64 done;  /* bytes in PART */
    CURL *curl;
    bool body_begun;
    char *next_validator;
    GError *error; /* why writing ended it */
} Download;

/* --- what is there of an earlier attempt -------------------------------------------------------
 */

/* "URL\nVALIDATOR\n" of this address, or NULL. */
static char *read_validator(const Download *d)
{
    g_autofree char *text = os_read_file(d->from, strlen(d->url) + VALIDATOR_MAX + 8, NULL, NULL);
    g_auto(GStrv) lines = text != NULL ? g_strsplit(text, "\n", 3) : NULL;
    if (lines == NULL || lines[0] == NULL || lines[1] == NULL || strcmp(lines[0], d->url) != 0 ||
        *lines[1] == '\0')
        return NULL;
    return g_strdup(lines[1]);
}

static bool add_to_sum(int fd, OsSha256 *sum, guint64 *ret_length)
{
    g_autofree guchar *buffer = g_malloc(READ_CHUNK);
    *ret_length = 0;
    for (;;) {
        ssize_t got = read(fd, buffer, READ_CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        os_sha256_add(sum, buffer, (gsize)got);
        *ret_length += (guint64)got;
    }
}

static bool begin_anew(Download *d, GError **error)
{
    if (ftruncate(d->fd, 0) != 0 || lseek(d->fd, 0, SEEK_SET) != 0)
        return os_fail_write(d->part, errno, error);
    os_sha256_reset(d->sum);
    d->begun = d->done = 0;
    g_clear_pointer(&d->validator, g_free);
    return true;
}

static bool open_part(Download *d, GError **error)
{
    struct stat status;
    d->fd = open(d->part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (d->fd < 0 || fstat(d->fd, &status) != 0)
        return os_fail_write(d->part, errno, error);
    if (!S_ISREG(status.st_mode))
        return fail(error, ERROR_INPUT,
                    "'%s' is in the way of the download: it is no ordinary file. Remove it.",
                    d->part);
    if (flock(d->fd, LOCK_EX | LOCK_NB) != 0)
        return fail(error, ERROR_FAILED,
                    "'%s' is being downloaded already, by another process. Wait for it, or end it.",
                    d->path);
    d->validator = read_validator(d);
    if (d->validator == NULL)
        return begin_anew(d, error);
    if (!add_to_sum(d->fd, d->sum, &d->done))
        return os_fail_write(d->part, errno, error);
    d->begun = d->done;
    return true;
}

/* --- the transfer ------------------------------------------------------------------------------
 */

static bool take_validator(Download *d, const char *line, gsize length, const char *name)
{
    gsize name_length = strlen(name);
    if (length <= name_length || g_ascii_strncasecmp(line, name, name_length) != 0)
        return false;
    g_autofree char *value = g_strndup(line + name_length, length - name_length);
    g_strstrip(value);
    /* a weak tag does not vouch for the same bytes (RFC 9110, 8.8.1) */
    if (*value == '\0' || strlen(value) >= VALIDATOR_MAX || g_str_has_prefix(value, "W/"))
        return false;
    g_free(d->next_validator);
    d->next_validator = g_steal_pointer(&value);
    return true;
}

static size_t on_header(char *line, size_t one, size_t length, void *data)
{
    Download *d = data;
    if (length > 5 && g_ascii_strncasecmp(line, "HTTP/", 5) == 0)
        g_clear_pointer(&d->next_validator, g_free); /* of a redirection before */
    else if (d->next_validator == NULL || d->next_validator[0] != '"') {
        if (!take_validator(d, line, length, "ETag:"))
            take_validator(d, line, length, "Last-Modified:");
    }
    return one * length;
}

static bool save_validator(Download *d, GError **error)
{
    if (d->next_validator == NULL)
        return true;
    g_autofree char *text = g_strdup_printf("%s\n%s\n", d->url, d->next_validator);
    return os_replace_bytes(d->from, text, strlen(text), 0644, error);
}

/* Before the first byte: whether the server goes on or starts again. */
static bool begin_body(Download *d, GError **error)
{
    long status = 0;
    lib.easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    if (d->begun > 0 && status != HTTP_PARTIAL && status != 0 && !begin_anew(d, error))
        return false;
    return save_validator(d, error);
}

static size_t on_body(char *bytes, size_t one, size_t length, void *data)
{
    Download *d = data;
    if (!d->body_begun && !begin_body(d, &d->error))
        return 0;
    d->body_begun = true;
    if (length > d->size_max || d->done > d->size_max - length) {
        fail(&d->error, ERROR_FAILED,
             "'%s' is larger than the %" G_GUINT64_FORMAT " bytes that it can have, so it is not "
             "what was asked for. It was not kept.",
             d->url, d->size_max);
        return 0;
    }
    if (!os_write(d->fd, bytes, length, d->part, &d->error))
        return 0;
    os_sha256_add(d->sum, bytes, length);
    d->done += length;
    return one * length;
}

static int on_progress(void *data, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    Download *d = data;
    guint64 whole = total > 0 ? (guint64)total + d->begun : 0;
    if (d->options->progress != NULL && now > 0)
        d->options->progress(d->done, whole, d->options->data);
    return os_cancelled() ? 1 : 0;
}

static struct curl_slist *headers_of(const Download *d)
{
    if (d->begun == 0)
        return NULL;
    g_autofree char *line = g_strdup_printf("If-Range: %s", d->validator);
    return lib.slist_append(NULL, line);
}

static void set_options(Download *d, struct curl_slist *headers, const char *range, char *message)
{
    const OsDownloadOptions *options = d->options;
    const char *schemes = options->plain_http ? "http,https,file" : "https,file";
    long stall = options->stall_seconds > 0 ? (long)options->stall_seconds : STALL_SECONDS;
    CURL *curl = d->curl;

    lib.easy_setopt(curl, CURLOPT_URL, d->url);
    lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, schemes);
    lib.easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR,
                    options->plain_http ? "http,https" : "https");
    lib.easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    lib.easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTIONS_MAX);
    lib.easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    lib.easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    lib.easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, stall);
    lib.easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
    lib.easy_setopt(curl, CURLOPT_USERAGENT, options->agent != NULL ? options->agent : "rootstock");
    lib.easy_setopt(curl, CURLOPT_COOKIE, options->cookie);
    lib.easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    /* not CURLOPT_RESUME_FROM: libcurl then takes it for an error when all is sent again */
    lib.easy_setopt(curl, CURLOPT_RANGE, range);
    lib.easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    lib.easy_setopt(curl, CURLOPT_HEADERDATA, d);
    lib.easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    lib.easy_setopt(curl, CURLOPT_WRITEDATA, d);
    lib.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    lib.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    lib.easy_setopt(curl, CURLOPT_XFERINFODATA, d);
}

static bool explain(Download *d, CURLcode code, const char *message, GError **error)
{
    if (d->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&d->error));
        return false;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return os_check_cancel(d->url, error);
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
        return fail(error, ERROR_INPUT,
                    "'%s' is no address that is downloaded from: %s. Addresses begin with https:// "
                    "or file://.",
                    d->url, *message != '\0' ? message : lib.easy_strerror(code));
    return fail(error, ERROR_FAILED, "'%s' could not be downloaded: %s. %s", d->url,
                *message != '\0' ? message : lib.easy_strerror(code),
                d->done > 0 ? "What has arrived is kept, and the next attempt goes on from there."
                            : "Look whether this host reaches that server, and try again.");
}

static bool transfer(Download *d, GError **error)
{
    char message[CURL_ERROR_SIZE] = "";
    d->curl = lib.easy_init();
    if (d->curl == NULL)
        return fail(error, ERROR_FAILED, "'%s' could not be downloaded: libcurl did not start.",
                    d->url);
    struct curl_slist *headers = headers_of(d);
    g_autofree char *range =
        d->begun > 0 ? g_strdup_printf("%" G_GUINT64_FORMAT "-", d->begun) : NULL;
    set_options(d, headers, range, message);
    CURLcode code = lib.easy_perform(d->curl);
    long status = 0;
    lib.easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    lib.slist_free_all(headers);
    lib.easy_cleanup(d->curl);
    d->curl = NULL;
    /* nothing is left of it: the file was whole already */
    if (code != CURLE_OK && status == HTTP_RANGE && d->begun > 0)
        return true;
    return code == CURLE_OK || explain(d, code, message, error);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static bool is_wanted(Download *d, GError **error)
{
    const char *wanted = d->options->sha256;
    const char *found = os_sha256_text(d->sum);
    if (wanted == NULL || g_ascii_strcasecmp(wanted, found) == 0)
        return true;
    unlink(d->part);
    unlink(d->from);
    return fail(
        error, ERROR_FAILED,
        "'%s' is not what it should be: its SHA-256 is %s and not %s. It was removed. Try "
        "again; if it happens again the server has another file, which is not to be trusted.",
        d->url, found, wanted);
}

static bool finish(Download *d, GError **error)
{
    if (!is_wanted(d, error))
        return false;
    if (fsync(d->fd) != 0 || rename(d->part, d->path) != 0)
        return os_fail_write(d->path, errno, error);
    unlink(d->from);
    g_autofree char *folder = g_path_get_dirname(d->path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    return synced || os_fail_write(d->path, saved, error);
}

static void clear(Download *d)
{
    if (d->fd >= 0)
        close(d->fd);
    g_clear_pointer(&d->sum, os_sha256_free);
    g_free(d->part);
    g_free(d->from);
    g_free(d->validator);
    g_free(d->next_validator);
    g_clear_error(&d->error);
}

static bool load(GError **error)
{
#define CURL_FUNCTION(name) {"curl_" #name, (void **)&lib.name},
    static const LibraryFunction FUNCTIONS[] = {CURL_FUNCTIONS(CURL_FUNCTION){NULL, NULL}};
    static bool loaded = false;

    if (!loaded && !library_load("libcurl.so.4", FUNCTIONS,
                                 "Install libcurl (Debian and Ubuntu: libcurl4; Fedora: libcurl; "
                                 "Arch: curl).",
                                 error))
        return false;
    if (!loaded && lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(error, ERROR_FAILED, "Nothing can be downloaded: libcurl did not start.");
    loaded = true;
    return true;
}

bool os_download(const char *url, const char *path, const OsDownloadOptions *options,
                 char **ret_sha256, GError **error)
{
    static const OsDownloadOptions DEFAULTS = {0};
    Download d = {.url = url, .path = path, .fd = -1};

    if (!load(error))
        return false;
    d.options = options != NULL ? options : &DEFAULTS;
    d.size_max = d.options->size_max > 0 ? d.options->size_max : SIZE_MAX_DEFAULT;
    d.part = g_strconcat(path, ".part", NULL);
    d.from = g_strconcat(path, ".part.from", NULL);
    d.sum = os_sha256_new();
    bool done = open_part(&d, error) && transfer(&d, error) && finish(&d, error);
    if (done && ret_sha256 != NULL)
        *ret_sha256 = g_strdup(os_sha256_text(d.sum));
    clear(&d);
    return done;
}

char *os_sha256_file(const char *path, GError **error)
{
    g_autoptr(OsSha256) sum = os_sha256_new();
    guint64 length;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool whole = fd >= 0 && add_to_sum(fd, sum, &length);
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (!whole)
        return fail_null(error, ERROR_INPUT, "'%s' cannot be read: %s.", path, g_strerror(saved));
    return g_strdup(os_sha256_text(sum));
}
