/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/parts.h"

#include "base/error.h"
#include "os/download.h"
#include "os/files.h"
#include "os/zip.h"
#include "store/parts-lock.h"
#include "store/parts-take.h"
#include "store/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The largest archive is OcBinaryData's, with about 100 MiB. */
#define ARCHIVE_MAX (G_GUINT64_CONSTANT(512) << 20)
#define LOCK_WAIT_MS 30000

typedef struct {
    Store *store;
    const Parts *parts;
    const Part *part;
    const StoreFetchOptions *options;
    GPtrArray *rows; /* of the lock */
} Fetch;

void part_state_free(PartState *state)
{
    g_free(state->version);
    g_free(state->sha256);
    g_free(state->seen);
    g_free(state->from);
    g_free(state);
}

/* The row of what is here of PART: the table's version, else the newest that was taken. */
static const LockRow *row_here(const Store *store, const GPtrArray *rows, const Part *part)
{
    const LockRow *row = lock_find(rows, part->name, part->version, NULL);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *folder = row != NULL ? parts_folder(store, row->name, row->version) : NULL;
        if (folder != NULL && g_file_test(folder, G_FILE_TEST_IS_DIR))
            return row;
        row = lock_find(rows, part->name, NULL, NULL);
    }
    return NULL;
}

GPtrArray *store_parts(const Store *store, const Parts *parts, GError **error)
{
    g_autoptr(GPtrArray) rows = lock_read(store, error);
    if (rows == NULL)
        return NULL;
    GPtrArray *states = g_ptr_array_new_with_free_func((GDestroyNotify)part_state_free);
    for (guint i = 0; i < parts->parts->len; i++) {
        const Part *part = g_ptr_array_index(parts->parts, i);
        const LockRow *here = row_here(store, rows, part);
        const LockRow *row = here != NULL ? here : lock_find(rows, part->name, part->version, NULL);
        PartState *state = g_new0(PartState, 1);
        *state = (PartState){.part = part,
                             .here = here != NULL,
                             .own = here != NULL && strcmp(here->form, "tree") == 0,
                             .version = here != NULL ? g_strdup(here->version) : NULL,
                             .sha256 = row != NULL ? g_strdup(row->sha256) : NULL,
                             .seen = row != NULL ? g_strdup(row->seen) : NULL,
                             .from = row != NULL ? g_strdup(row->from) : NULL};
        g_ptr_array_add(states, state);
    }
    return states;
}

char *store_part_folder(const Store *store, const Part *part, char **ret_version, char **ret_digest,
                        GError **error)
{
    g_autoptr(GPtrArray) rows = lock_read(store, error);
    const LockRow *row = rows != NULL ? row_here(store, rows, part) : NULL;
    if (rows == NULL)
        return NULL;
    if (row == NULL)
        return fail_null(
            error, ERROR_MISSING,
            "%s %s (%s) was not fetched yet. Fetch it with `rootstock opencore fetch`.", part->name,
            part->version, part->purpose);
    g_autofree char *folder = parts_folder(store, row->name, row->version);
    g_autofree char *tree = tree_digest(folder, error);
    if (tree == NULL)
        return NULL;
    if (strcmp(tree, row->tree) != 0)
        return fail_null(error, ERROR_FAILED,
                         "What lies in '%s' is not what was taken on %s: somebody has changed it. "
                         "Remove that folder and fetch it again (`rootstock opencore fetch`).",
                         folder, row->seen);
    if (ret_version != NULL)
        *ret_version = g_strdup(row->version);
    if (ret_digest != NULL)
        *ret_digest = g_steal_pointer(&tree);
    return g_steal_pointer(&folder);
}

const Part *store_recognize(const Parts *parts, const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *digest = NULL;

    for (guint i = 0; i < parts->parts->len; i++) {
        const Part *part = g_ptr_array_index(parts->parts, i);
        if (strcmp(part_archive(part), name) == 0)
            return part;
    }
    digest = os_sha256_file(path, error);
    for (guint i = 0; digest != NULL && i < parts->parts->len; i++) {
        const Part *part = g_ptr_array_index(parts->parts, i);
        if (g_strcmp0(part->sha256, digest) == 0)
            return part;
    }
    if (digest != NULL)
        fail(error, ERROR_INPUT,
             "'%s' is none of the archives that Rootstock knows, by its name or its digest. "
             "`rootstock opencore list` has their names.",
             path);
    return NULL;
}

static void report(guint64 done, guint64 total, void *data)
{
    const Fetch *fetch = data;
    fetch->options->progress(fetch->part, done, total, fetch->options->data);
}

/* Where the archive is to come from; NULL where FROM is no place that has it. */
static char *archive_url(const Fetch *fetch)
{
    const char *from = fetch->options->from;
    if (from != NULL) {
        g_autofree char *full = g_canonicalize_filename(from, NULL);
        g_autofree char *inside = g_build_filename(full, part_archive(fetch->part), NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_REGULAR))
            return g_filename_to_uri(inside, NULL, NULL);
        return g_file_test(full, G_FILE_TEST_IS_REGULAR) ? g_filename_to_uri(full, NULL, NULL)
                                                         : NULL;
    }
    if (fetch->options->mirror != NULL)
        return g_strdup_printf("%s%s%s", fetch->options->mirror,
                               g_str_has_suffix(fetch->options->mirror, "/") ? "" : "/",
                               part_archive(fetch->part));
    return g_strdup(fetch->part->url);
}

/* Moves the folder that is ready to its name. What was there under it is not in use: the lock has
 * no row of it, or its digest was wrong. */
static bool put_in_place(const Fetch *fetch, const char *ready, const char *version, GError **error)
{
    g_autofree char *final = parts_folder(fetch->store, fetch->part->name, version);
    g_autofree char *parent = g_path_get_dirname(final);

    if (!os_make_folders(parent, STORE_FOLDER_MODE, error) || !os_remove(final, error))
        return false;
    if (rename(ready, final) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot be moved to '%s': %s.", ready, final,
                    g_strerror(errno));
    return true;
}

/* Takes what is used from the folder FROM, and locks it. SHA256 is the archive's; NULL: FROM is
 * somebody's own folder, whose digest stands for it. */
static bool take(const Fetch *fetch, const char *from, const char *ready, const char *sha256,
                 const char *origin, FetchResult *ret_result, GError **error)
{
    guint count;
    g_autofree char *own = NULL;
    if (!parts_take(fetch->parts, fetch->part, from, ready, sha256 != NULL, &count, &own, error))
        return false;
    if (count == 0) {
        *ret_result = FETCH_ABSENT;
        return true;
    }
    g_autofree char *tree = tree_digest(ready, error);
    if (tree == NULL)
        return false;
    /* A folder says nothing of the version of what has no kext. */
    g_autofree char *version = sha256 != NULL ? g_strdup(fetch->part->version)
                               : own != NULL  ? g_strdup(own)
                                              : g_strdup_printf("own-%.8s", tree);
    const char *form = sha256 != NULL ? "zip" : "tree";
    const char *digest = sha256 != NULL ? sha256 : tree;
    const LockRow *row = lock_find(fetch->rows, fetch->part->name, version, form);
    bool known = row != NULL && strcmp(row->sha256, digest) == 0 && strcmp(row->tree, tree) == 0;

    if (!put_in_place(fetch, ready, version, error))
        return false;
    if (known && row == lock_find(fetch->rows, fetch->part->name, version, NULL)) {
        *ret_result = sha256 != NULL ? FETCH_TAKEN : FETCH_KEPT;
        return true;
    }
    lock_add(fetch->rows, fetch->part->name, version, form, digest, tree, origin);
    return lock_write(fetch->store, fetch->rows, error);
}

/* The digest that the archive has to have: the table's, or the one that was seen first. */
static const char *expected(const Fetch *fetch)
{
    const LockRow *row = lock_find(fetch->rows, fetch->part->name, fetch->part->version, "zip");
    if (fetch->part->sha256 != NULL)
        return fetch->part->sha256;
    return row != NULL ? row->sha256 : NULL;
}

static bool download(const Fetch *fetch, const char *url, const char *archive, char **ret_sha256,
                     GError **error)
{
    const LockRow *row = lock_find(fetch->rows, fetch->part->name, fetch->part->version, "zip");
    OsDownloadOptions options = {.size_max = ARCHIVE_MAX,
                                 .progress = fetch->options->progress != NULL ? report : NULL,
                                 .data = (void *)fetch};
    g_autoptr(GError) cause = NULL;

    /* A pin is asked of the download. The lock is compared here, for a message that names it. */
    options.sha256 = fetch->part->sha256;
    if (!os_download(url, archive, &options, ret_sha256, &cause))
        return fail(error, error_code(cause), "%s %s was not fetched: %s", fetch->part->name,
                    fetch->part->version, cause->message);
    if (fetch->part->sha256 == NULL && row != NULL && strcmp(row->sha256, *ret_sha256) != 0) {
        os_remove(archive, NULL);
        return fail(error, ERROR_FAILED,
                    "%s %s from %s is not the archive that was seen first, on %s: its SHA-256 is "
                    "%s, and was %s. Somebody has put another one there. If its publisher says "
                    "that this is right, remove its line from the file parts/lock of the store.",
                    fetch->part->name, fetch->part->version, url, row->seen, *ret_sha256,
                    row->sha256);
    }
    return true;
}

static bool fetch_archive(const Fetch *fetch, const char *url, const char *work,
                          FetchResult *ret_result, GError **error)
{
    g_autofree char *folder =
        g_build_filename(store_path(fetch->store), "parts", ".download", NULL);
    g_autofree char *archive = g_build_filename(folder, part_archive(fetch->part), NULL);
    g_autofree char *unpacked = g_build_filename(work, "unpacked", NULL);
    g_autofree char *ready = g_build_filename(work, "ready", NULL);
    g_autofree char *sha256 = NULL;

    if (!store_make_folder(folder, error) || !store_make_folder(ready, error) ||
        !download(fetch, url, archive, &sha256, error))
        return false;
    *ret_result = expected(fetch) != NULL ? FETCH_TAKEN : FETCH_LOCKED;
    bool good = os_unpack_zip(archive, unpacked, NULL, error) &&
                take(fetch, unpacked, ready, sha256, url, ret_result, error);
    os_remove(archive, NULL);
    return good;
}

static bool fetch_tree(const Fetch *fetch, const char *work, FetchResult *ret_result,
                       GError **error)
{
    g_autofree char *from = g_canonicalize_filename(fetch->options->from, NULL);
    g_autofree char *ready = g_build_filename(work, "ready", NULL);

    *ret_result = FETCH_LOCKED;
    return store_make_folder(ready, error) &&
           take(fetch, from, ready, NULL, from, ret_result, error);
}

/* Whether the version of the table is here, and whole. */
static bool is_here(const Fetch *fetch)
{
    const LockRow *row = lock_find(fetch->rows, fetch->part->name, fetch->part->version, "zip");
    g_autofree char *folder = parts_folder(fetch->store, fetch->part->name, fetch->part->version);
    if (row == NULL || strcmp(row->sha256, expected(fetch)) != 0 ||
        !g_file_test(folder, G_FILE_TEST_IS_DIR))
        return false;
    g_autofree char *tree = tree_digest(folder, NULL);
    return g_strcmp0(tree, row->tree) == 0;
}

bool store_fetch(Store *store, const Parts *parts, const Part *part,
                 const StoreFetchOptions *options, FetchResult *ret_result, GError **error)
{
    g_autofree char *root = parts_root(store);
    g_autofree char *lock_file = g_build_filename(root, ".lock", NULL);
    if (!store_make_folder(store_path(store), error) || !store_make_folder(root, error))
        return false;
    g_autoptr(OsLock) lock = os_lock(lock_file, LOCK_WAIT_MS, "the boot loader's parts", error);
    g_autoptr(GPtrArray) rows = lock != NULL ? lock_read(store, error) : NULL;
    if (rows == NULL)
        return false;
    const Fetch fetch = {store, parts, part, options, rows};
    if (is_here(&fetch)) {
        *ret_result = FETCH_KEPT;
        return true;
    }
    g_autofree char *url = archive_url(&fetch);
    g_autofree char *work = os_make_temporary_folder(root, ".new", error);
    if (work == NULL)
        return false;
    bool good = url != NULL ? fetch_archive(&fetch, url, work, ret_result, error)
                            : fetch_tree(&fetch, work, ret_result, error);
    os_remove(work, NULL);
    return good;
}
