/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/record.h"

#include "base/error.h"
#include "os/change.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Copies are root's alone: they may be of files that nobody else may read. */
#define COPY_MODE 0600

static void file_free(gpointer data)
{
    FileRecord *file = data;
    g_free(file->path);
    os_attributes_free(file->attributes);
    g_free(file->sha256);
    g_free(file->copy);
    g_free(file);
}

Record *record_new(void)
{
    Record *record = g_new0(Record, 1);
    record->files = g_ptr_array_new_with_free_func(file_free);
    return record;
}

void record_free(Record *record)
{
    if (record == NULL)
        return;
    g_ptr_array_unref(record->files);
    g_strfreev(record->folders);
    g_free(record->state);
    g_free(record);
}

/* -1 with an error when it is there and cannot be read; RET_THERE tells. */
static int open_file(const OsRoot *root, const char *path, bool *ret_there, GError **error)
{
    *ret_there = os_exists(root, path);
    int fd = *ret_there ? os_open(root, path) : -1;
    if (*ret_there && fd < 0)
        fail(error, ERROR_FAILED, "'%s' cannot be read: %s.", path, g_strerror(errno));
    return fd;
}

static bool copy_bytes(const OsRoot *root, int fd, const char *copy, GError **error)
{
    g_autoptr(OsAttributes) attributes = os_attributes_new(COPY_MODE, geteuid(), getegid());
    return os_put_copy(root, copy, fd, attributes, error);
}

bool record_add(Record *record, const OsRoot *root, const char *path, bool output, const char *copy,
                GError **error)
{
    FileRecord *file = g_new0(FileRecord, 1);
    g_ptr_array_add(record->files, file);
    file->path = g_strdup(path);
    file->output = output;
    int fd = open_file(root, path, &file->there, error);
    if (!file->there)
        return true;
    if (fd < 0)
        return false;
    file->sha256 = os_digest(fd, path, error);
    file->attributes = file->sha256 != NULL ? os_attributes_read(fd, path, error) : NULL;
    bool added = file->attributes != NULL;
    if (added && copy != NULL) {
        added = copy_bytes(root, fd, copy, error);
        file->copy = g_path_get_basename(copy);
    }
    close(fd);
    return added;
}

const FileRecord *record_file(const Record *record, const char *path)
{
    for (guint i = 0; i < record->files->len; i++) {
        const FileRecord *file = record->files->pdata[i];
        if (strcmp(file->path, path) == 0)
            return file;
    }
    return NULL;
}

bool record_matches(const FileRecord *file, const OsRoot *root, bool *ret_matches, GError **error)
{
    bool there = false;
    int fd = open_file(root, file->path, &there, error);
    *ret_matches = there == file->there;
    if (fd < 0)
        return !there;
    g_autofree char *digest = os_digest(fd, file->path, error);
    close(fd);
    *ret_matches = file->there && g_strcmp0(digest, file->sha256) == 0;
    return digest != NULL;
}

/* Whether bytes and attributes are as recorded, so that nothing need be written. */
static bool is_so(const FileRecord *file, const OsRoot *root)
{
    bool matches = false;
    if (!record_matches(file, root, &matches, NULL) || !matches || !file->there)
        return matches;
    int fd = os_open(root, file->path);
    g_autoptr(OsAttributes) now = fd >= 0 ? os_attributes_read(fd, file->path, NULL) : NULL;
    if (fd >= 0)
        close(fd);
    return now != NULL && os_attributes_equal(now, file->attributes) &&
           now->mtime_ns == file->attributes->mtime_ns;
}

bool record_restore(const FileRecord *file, const OsRoot *root, const char *folder, GError **error)
{
    os_clear_leftovers(root, file->path);
    if (is_so(file, root))
        return true;
    if (!file->there)
        return os_unlink(root, file->path, error);
    if (file->copy == NULL)
        return fail(error, ERROR_FAILED, "The journal has no copy of '%s'.", file->path);
    g_autofree char *copy = g_build_filename(folder, file->copy, NULL);
    int fd = os_open(root, copy);
    if (fd < 0)
        return fail(error, ERROR_FAILED, "The journal's copy '%s' of '%s' cannot be read: %s.",
                    copy, file->path, g_strerror(errno));
    g_autofree char *digest = os_digest(fd, copy, error);
    bool restored = digest != NULL;
    if (restored && g_strcmp0(digest, file->sha256) != 0)
        restored = fail(error, ERROR_FAILED,
                        "The journal's copy '%s' of '%s' is damaged, so it was not put back.", copy,
                        file->path);
    restored = restored && os_put_copy(root, file->path, fd, file->attributes, error);
    close(fd);
    return restored;
}
