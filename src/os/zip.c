/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/zip.h"

#include "base/error.h"
#include "base/library.h"
#include "os/cancel.h"
#include "os/files.h"
#include "os/write.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every function that is called below, without its "archive_". */
#define ARCHIVE_FUNCTIONS(X)                                                                       \
    X(read_new)                                                                                    \
    X(read_free)                                                                                   \
    X(read_support_format_zip_seekable)                                                            \
    X(read_open_fd) X(read_next_header) X(read_data) X(error_string) X(entry_pathname_utf8)        \
        X(entry_filetype) X(entry_is_encrypted) X(entry_hardlink) X(entry_symlink) X(entry_perm)
#define ARCHIVE_POINTER(name) __typeof__(archive_##name) *name;
static struct {
    ARCHIVE_FUNCTIONS(ARCHIVE_POINTER)
} lib;

enum {
    FILES_MAX = 20000,
    PATH_LONGEST = 1024,
    NAME_LONGEST = 255, /* in bytes: what Linux file systems take; FAT takes as many characters */
    BLOCK = 64 * 1024,
};
#define FILE_MAX (G_GUINT64_CONSTANT(256) << 20)
#define TOTAL_MAX (G_GUINT64_CONSTANT(1) << 30)

typedef struct archive Archive;

typedef struct {
    const char *path; /* of the archive */
    const OsZipOptions *options;
    Archive *archive;
    GHashTable *seen; /* paths of files and folders, in lower case */
    GPtrArray *names; /* of char *: files that were taken */
    char *folder;     /* where to; NULL: only look */
    guint files;
    guint64 total;
} Unpack;

static void close_archive(Archive *archive)
{
    lib.read_free(archive);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, close_archive)

static const char *reason(Archive *archive)
{
    const char *text = lib.error_string(archive);
    return text != NULL ? text : "it is damaged";
}

static bool refuse(const Unpack *u, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(const Unpack *u, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fail(error, ERROR_INPUT,
                "The archive '%s' was refused and nothing of it was kept: %s. Get it again from "
                "where it is published.",
                u->path, why);
}

/* Relative, of plain components: no "..", no "." , no empty one, no backslash, no control
 * characters, none that is too long for a file system. One slash at the end is a folder's. */
static bool is_plain_path(const char *path)
{
    if (*path == '\0' || *path == '/' || strlen(path) > PATH_LONGEST ||
        !g_utf8_validate(path, -1, NULL))
        return false;
    for (const char *c = path; *c != '\0'; c++) {
        if (g_ascii_iscntrl(*c) || *c == '\\' || *c == ':')
            return false;
    }
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        bool last = parts[i + 1] == NULL;
        if ((*parts[i] == '\0' && !last) || strcmp(parts[i], ".") == 0 ||
            strcmp(parts[i], "..") == 0 || strlen(parts[i]) > NAME_LONGEST)
            return false;
    }
    return true;
}

/* What the entry is called below WITHIN; NULL: it is not below it. */
static const char *name_within(const Unpack *u, const char *path)
{
    const char *within = u->options->within;
    if (within == NULL)
        return path;
    gsize length = strlen(within);
    return strncmp(path, within, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

/* Notes what the archive says is at PATH. A folder may be said more than once, also by the paths of
 * what is in it. */
static bool note_path(const Unpack *u, const char *path, gsize length, bool folder, GError **error)
{
    g_autofree char *key = g_utf8_casefold(path, (gssize)length);
    gpointer before = g_hash_table_lookup(u->seen, key);
    if (before != NULL && !(folder && GPOINTER_TO_INT(before) == 1))
        return refuse(u, error, "it has '%.*s' twice", (int)length, path);
    g_hash_table_insert(u->seen, g_steal_pointer(&key), GINT_TO_POINTER(folder ? 1 : 2));
    return true;
}

static bool is_new(const Unpack *u, const char *path, bool folder, GError **error)
{
    const char *end = path + strlen(path);
    if (end[-1] == '/')
        end--;
    for (const char *slash = strchr(path, '/'); slash != NULL && slash < end;
         slash = strchr(slash + 1, '/')) {
        if (!note_path(u, path, (gsize)(slash - path), true, error))
            return false;
    }
    return note_path(u, path, (gsize)(end - path), folder, error);
}

static bool check_entry(Unpack *u, struct archive_entry *entry, GError **error)
{
    const char *path = lib.entry_pathname_utf8(entry);
    mode_t type = lib.entry_filetype(entry);
    guint files_max = u->options->files_max > 0 ? u->options->files_max : FILES_MAX;

    if (path == NULL || !is_plain_path(path)) {
        g_autofree char *shown = path != NULL ? g_strescape(path, NULL) : NULL;
        return refuse(u, error, "it has a file by the name '%.80s', which is no plain path",
                      shown != NULL ? shown : "?");
    }
    if (++u->files > files_max)
        return refuse(u, error, "it has more than %u files", files_max);
    if (lib.entry_is_encrypted(entry))
        return refuse(u, error, "'%s' in it needs a password", path);
    if (lib.entry_hardlink(entry) != NULL || lib.entry_symlink(entry) != NULL ||
        (type != AE_IFREG && type != AE_IFDIR))
        return refuse(u, error, "'%s' in it is neither a file nor a folder", path);
    return is_new(u, path, type == AE_IFDIR, error);
}

/* --- one file ----------------------------------------------------------------------------------
 */

static bool copy_data(Unpack *u, int fd, const char *name, const char *target, GError **error)
{
    guint64 file_max = u->options->file_max > 0 ? u->options->file_max : FILE_MAX;
    guint64 total_max = u->options->total_max > 0 ? u->options->total_max : TOTAL_MAX;
    g_autofree char *block = g_malloc(BLOCK);
    guint64 size = 0;

    for (;;) {
        la_ssize_t got = lib.read_data(u->archive, block, BLOCK);
        if (got < 0)
            return refuse(u, error, "'%s' in it cannot be read: %s", name, reason(u->archive));
        if (got == 0)
            return true;
        size += (guint64)got;
        u->total += (guint64)got;
        if (size > file_max || u->total > total_max)
            return refuse(u, error,
                          "unpacked it has more than the %" G_GUINT64_FORMAT " bytes "
                          "that it can have",
                          size > file_max ? file_max : total_max);
        if (fd >= 0 && !os_write(fd, block, (gsize)got, target, error))
            return false;
        if (!os_check_cancel(u->path, error))
            return false;
    }
}

static bool write_file(Unpack *u, struct archive_entry *entry, const char *name, GError **error)
{
    g_autofree char *target = g_build_filename(u->folder, name, NULL);
    g_autofree char *folder = g_path_get_dirname(target);
    mode_t mode = (lib.entry_perm(entry) & 0111) != 0 ? 0755 : 0644;

    if (!os_make_folders(folder, 0755, error))
        return false;
    int fd = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return os_fail_write(target, errno, error);
    bool done = copy_data(u, fd, name, target, error);
    if (done && fsync(fd) != 0)
        done = os_fail_write(target, errno, error);
    close(fd);
    return done;
}

static bool take_entry(Unpack *u, struct archive_entry *entry, GError **error)
{
    if (!check_entry(u, entry, error))
        return false;
    const char *name = name_within(u, lib.entry_pathname_utf8(entry));
    if (name == NULL || *name == '\0' || lib.entry_filetype(entry) == AE_IFDIR)
        return true;
    g_ptr_array_add(u->names, g_strdup(name));
    return u->folder != NULL ? write_file(u, entry, name, error)
                             : copy_data(u, -1, name, NULL, error);
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static bool take_all(Unpack *u, GError **error)
{
    for (;;) {
        struct archive_entry *entry = NULL;
        int result = lib.read_next_header(u->archive, &entry);
        if (result == ARCHIVE_EOF)
            break;
        if (result != ARCHIVE_OK)
            return refuse(u, error, "%s", reason(u->archive));
        if (!take_entry(u, entry, error))
            return false;
    }
    if (u->names->len == 0)
        return refuse(u, error, "it has no files%s%s", u->options->within != NULL ? " below " : "",
                      u->options->within != NULL ? u->options->within : "");
    return true;
}

static bool load(GError **error)
{
#define ARCHIVE_FUNCTION(name) {"archive_" #name, (void **)&lib.name},
    static const LibraryFunction FUNCTIONS[] = {ARCHIVE_FUNCTIONS(ARCHIVE_FUNCTION){NULL, NULL}};
    return lib.read_new != NULL ||
           library_load("libarchive.so.13", FUNCTIONS,
                        "Install libarchive (Debian and Ubuntu: libarchive13; Fedora and Arch: "
                        "libarchive).",
                        error);
}

static GPtrArray *read_zip(const char *path, char *folder, const OsZipOptions *options,
                           GError **error)
{
    static const OsZipOptions DEFAULTS = {0};
    if (!load(error))
        return NULL;
    g_autoptr(Archive) archive = lib.read_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    Unpack u = {path, options != NULL ? options : &DEFAULTS, archive, seen, names, folder, 0, 0};

    /* the directory at the archive's end counts, not what stands before each file: where it is
     * missing the archive was cut off */
    lib.read_support_format_zip_seekable(archive);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail(error, ERROR_INPUT, "The archive '%s' cannot be read: %s.", path, g_strerror(errno));
        return NULL;
    }
    bool done = lib.read_open_fd(archive, fd, BLOCK) == ARCHIVE_OK
                    ? take_all(&u, error)
                    : refuse(&u, error, "it is no zip archive, or its end is missing (%s)",
                             reason(archive));
    close(fd);
    return done ? g_steal_pointer(&names) : NULL;
}

bool os_unpack_zip(const char *path, const char *folder, const OsZipOptions *options,
                   GError **error)
{
    g_autofree char *parent = g_path_get_dirname(folder);
    g_autofree char *temporary = os_make_temporary_folder(parent, ".unpack-", error);
    if (temporary == NULL)
        return false;
    g_autoptr(GPtrArray) names = read_zip(path, temporary, options, error);
    bool done = names != NULL;
    if (done && (chmod(temporary, 0755) != 0 ||
                 renameat2(AT_FDCWD, temporary, AT_FDCWD, folder, RENAME_NOREPLACE) != 0))
        done = os_fail_write(folder, errno, error);
    if (!done)
        os_remove(temporary, NULL);
    return done;
}

GStrv os_list_zip(const char *path, const OsZipOptions *options, GError **error)
{
    g_autoptr(GPtrArray) names = read_zip(path, NULL, options, error);
    if (names == NULL)
        return NULL;
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}
