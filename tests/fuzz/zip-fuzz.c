/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/zip.h"

#include "base/error.h"
#include "fuzz.h"
#include "os/files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const OsZipOptions LIMITS = {
    .files_max = 64, .file_max = 256 * 1024, .total_max = 1024 * 1024};

/* What was found in a folder that an archive was unpacked into. */
typedef struct {
    guint files;
    guint64 bytes;
} Found;

/* Nothing but files and folders, with the modes that were promised. */
static void look(const char *folder, Found *found)
{
    const char *name;
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        GStatBuf status;
        g_assert_cmpint(g_lstat(path, &status), ==, 0);
        if (S_ISDIR(status.st_mode)) {
            g_assert_cmpuint(status.st_mode & 07777, ==, 0755);
            look(path, found);
            continue;
        }
        g_assert_true(S_ISREG(status.st_mode));
        g_assert_cmpuint(status.st_mode & 07777 & ~0111u, ==, 0644);
        g_assert_cmpuint(status.st_size, <=, LIMITS.file_max);
        found->files++;
        found->bytes += (guint64)status.st_size;
    }
}

/* Every name stays in the folder, and no two are the same. */
static void assert_names(const GStrv names)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *full = g_build_filename("/place", names[i], NULL);
        g_autofree char *resolved = g_canonicalize_filename(names[i], "/place");
        g_assert_cmpstr(full, ==, resolved);
        g_assert_true(g_hash_table_add(seen, names[i]));
    }
}

/* A folder in memory where there is one: what is unpacked is synced. */
static char *make_place(void)
{
    g_autoptr(GError) error = NULL;
    const char *parent = g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir();
    char *place = os_make_temporary_folder(parent, "zip-fuzz-", &error);
    g_assert_no_error(error);
    return place;
}

static void assert_refused(const GError *error)
{
    g_assert_true(g_error_matches(error, ROOTSTOCK_ERROR, ERROR_INPUT));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* Unpacks what could be listed. It is there as a whole, or refused and nothing of it is there. */
static void unpack(const char *archive, const GStrv names)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *place = make_place();
    g_autofree char *folder = g_build_filename(place, "out", NULL);
    Found found = {0};

    if (os_unpack_zip(archive, folder, &LIMITS, &error)) {
        g_assert_no_error(error);
        look(folder, &found);
        g_assert_nonnull(names);
        g_assert_cmpuint(found.files, ==, g_strv_length(names));
        g_assert_cmpuint(found.bytes, <=, LIMITS.total_max);
    } else {
        assert_refused(error);
        look(place, &found);
        g_assert_cmpuint(found.files, ==, 0);
    }
    g_assert_true(os_remove(place, NULL));
}

/* Any bytes are either refused as wrong input, or an archive whose files all stay where they were
 * wanted. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    int fd = memfd_create("archive", MFD_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(size == 0 || write(fd, data, size) == (ssize_t)size);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);

    g_auto(GStrv) names = os_list_zip(path, &LIMITS, &error);
    if (names != NULL) {
        g_assert_no_error(error);
        assert_names(names);
    } else {
        assert_refused(error);
    }
    unpack(path, names);
    close(fd);
    return 0;
}
