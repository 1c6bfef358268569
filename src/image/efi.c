/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/image.h"

#include "base/error.h"
#include "image/gpt.h"
#include "image/target.h"
#include "os/command.h"
#include "os/files.h"
#include "os/replace.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * UEFI specification 2.10, 5.3: the header of a GPT is in the second sector; at 72 of it is where
 * the entries begin, at 80 how many there are and at 84 how long each is. An entry begins with its
 * type, and has its first sector at 32.
 */
enum {
    SECTOR = 512,
    ENTRIES_MAX = 1024,
    ENTRY_SIZE_MAX = 4096,
    FILE_MAX = 256 * 1024 * 1024,
};

static guint64 little(const guint8 *at, guint bytes)
{
    guint64 value = 0;
    for (guint i = bytes; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

/* The byte where the first EFI system partition of a GPT begins; 0: there is none. */
static guint64 find_in_gpt(int fd, const guint8 *header)
{
    guint8 entry[56];
    guint64 first = little(header + 72, 8), count = little(header + 80, 4);
    guint64 size = little(header + 84, 4);

    if (count > ENTRIES_MAX || size < sizeof entry || size > ENTRY_SIZE_MAX || first > 1 << 20)
        return 0;
    for (guint64 i = 0; i < count; i++) {
        if (pread(fd, entry, sizeof entry, (off_t)(first * SECTOR + i * size)) != sizeof entry)
            return 0;
        if (memcmp(entry, GPT_ESP_TYPE, sizeof GPT_ESP_TYPE) == 0)
            return little(entry + 32, 8) < G_MAXINT64 / SECTOR ? little(entry + 32, 8) * SECTOR : 0;
    }
    return 0;
}

/* Where the FAT file system begins. */
static bool find_start(const char *image, guint64 *ret_start, GError **error)
{
    guint8 head[2 * SECTOR];
    int fd = open(image, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, ERROR_INPUT, "The image '%s' cannot be opened: %s.", image,
                    g_strerror(errno));
    bool whole = pread(fd, head, sizeof head, 0) == sizeof head;
    bool gpt = whole && memcmp(head + SECTOR, "EFI PART", 8) == 0;
    *ret_start = gpt ? find_in_gpt(fd, head + SECTOR) : 0;
    guint8 boot[SECTOR];
    bool fat = pread(fd, boot, sizeof boot, (off_t)*ret_start) == sizeof boot &&
               boot[510] == 0x55 && boot[511] == 0xaa && (!gpt || *ret_start > 0) &&
               (memcmp(boot + 82, "FAT32", 5) == 0 || memcmp(boot + 54, "FAT", 3) == 0);
    close(fd);
    if (!fat)
        return fail(error, ERROR_INPUT,
                    "'%s' is no image with an EFI system partition: there is no FAT file system in "
                    "it.",
                    image);
    return true;
}

/* What mtools calls the image: with an offset behind "@@", which therefore cannot be in a path. */
static char *image_spec(const char *image, guint64 start, GError **error)
{
    g_autofree char *full = g_canonicalize_filename(image, NULL);
    if (strstr(full, "@@") != NULL)
        return fail_null(error, ERROR_INPUT,
                         "The path '%s' has \"@@\" in it, which mtools reads as the beginning of a "
                         "partition. Rename it.",
                         full);
    return g_strdup_printf("%s@@%" G_GUINT64_FORMAT, full, start);
}

/* PATH without slashes at its ends, checked; "" is the top. The caller owns it. */
static char *clean_path(const char *path, GError **error)
{
    while (*path == '/')
        path++;
    char *clean = g_strdup(path);
    while (g_str_has_suffix(clean, "/"))
        clean[strlen(clean) - 1] = '\0';
    /* mtools takes these as patterns. */
    if (*clean == '\0' || (strpbrk(clean, "[]") == NULL && target_check(clean, error)))
        return clean;
    if (error != NULL && *error == NULL)
        fail(error, ERROR_INPUT, "'%s' is no path in an image: '[' and ']' may not be in it.",
             clean);
    g_free(clean);
    return NULL;
}

static OsOutput *run(const char *const *argv, bool any_status, GError **error)
{
    static const char *const ENVIRONMENT[] = {"TZ=UTC",
                                              "MTOOLSRC=/dev/null",
                                              "MTOOLS_NO_VFAT=0",
                                              "MTOOLS_LOWER_CASE=0",
                                              "MTOOLS_SKIP_CHECK=0",
                                              NULL};
    const OsRunOptions options = {
        .package = "mtools", .env = ENVIRONMENT, .output_max = FILE_MAX, .any_status = any_status};
    return os_run(argv, &options, error);
}

static void *fail_absent(const char *image, const char *path, GError **error)
{
    return fail_null(error, ERROR_REFUSED, "There is no '%s' in '%s'. `rootstock efi ls` lists it.",
                     path, image);
}

static GStrv list(const char *image, const char *spec, const char *path, bool deep, GError **error)
{
    g_autofree char *target = g_strconcat("::/", path, NULL);
    const char *shallow_argv[] = {"mdir", "-i", spec, "-b", "-a", target, NULL};
    const char *deep_argv[] = {"mdir", "-i", spec, "-b", "-a", "-/", target, NULL};
    g_autoptr(OsOutput) output = run(deep ? deep_argv : shallow_argv, true, error);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    if (output == NULL)
        return NULL;
    if (output->status != 0 && strstr(output->err, "not found") != NULL)
        return fail_absent(image, path, error);
    if (output->status != 0)
        return fail_null(error, ERROR_FAILED, "mdir cannot read '%s': %s", image,
                         g_strchomp(output->err));
    g_auto(GStrv) lines = g_strsplit(output->out, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (g_str_has_prefix(*line, "::/") && (*line)[3] != '\0')
            g_strv_builder_add(names, *line + 3);
    return g_strv_builder_end(names);
}

GStrv image_efi_list(const char *image, const char *path, bool deep, GError **error)
{
    guint64 start;
    g_autofree char *clean = clean_path(path, error);
    if (clean == NULL || !find_start(image, &start, error))
        return NULL;
    g_autofree char *spec = image_spec(image, start, error);
    return spec != NULL ? list(image, spec, clean, deep, error) : NULL;
}

/* Copies the file to the standard file FILE of this host. */
static bool copy_out(const char *image, const char *path, const char *file, GError **error)
{
    guint64 start;
    g_autofree char *clean = clean_path(path, error);
    if (clean == NULL || !find_start(image, &start, error))
        return false;
    g_autofree char *spec = image_spec(image, start, error);
    g_autofree char *target = g_strconcat("::/", clean, NULL);
    if (spec == NULL)
        return false;
    const char *const argv[] = {"mcopy", "-n", "-i", spec, target, file, NULL};
    g_autoptr(OsOutput) output = run(argv, true, error);
    if (output == NULL)
        return false;
    if (output->status == 0 && g_file_test(file, G_FILE_TEST_IS_REGULAR))
        return true;
    fail_absent(image, clean, error);
    return false;
}

char *image_efi_read(const char *image, const char *path, gsize *ret_length, GError **error)
{
    g_autofree char *folder = os_make_temporary_folder(g_get_tmp_dir(), "rootstock-efi", error);
    if (folder == NULL)
        return NULL;
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    char *bytes =
        copy_out(image, path, file, error) ? os_read_file(file, FILE_MAX, ret_length, error) : NULL;
    os_remove(folder, NULL);
    return bytes;
}

/* --- changing */

/* Copies all of FROM into the empty file TO, holes as holes. */
static bool copy_sparse(int from, int to, const char *path, GError **error)
{
    struct stat status;
    off_t at = 0;
    if (ioctl(to, FICLONE, from) == 0)
        return true;
    if (fstat(from, &status) != 0 || ftruncate(to, status.st_size) != 0)
        return os_fail_write(path, errno, error);
    while ((at = lseek(from, at, SEEK_DATA)) >= 0) {
        off_t end = lseek(from, at, SEEK_HOLE), out = at;
        while (at < end) {
            ssize_t copied = copy_file_range(from, &at, to, &out, (size_t)(end - at), 0);
            if (copied <= 0)
                return os_fail_write(path, copied == 0 ? EIO : errno, error);
        }
    }
    return errno == ENXIO || os_fail_write(path, errno, error); /* ENXIO: no more data */
}

/* Makes the folders above PATH that are not there. */
static bool make_folders(const char *spec, const char *path, GError **error)
{
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        g_autofree char *folder = g_strndup(path, (gsize)(slash - path));
        g_autofree char *target = g_strconcat("::/", folder, NULL);
        const char *const argv[] = {"mmd", "-D", "s", "-i", spec, target, NULL};
        g_autoptr(OsOutput) output = run(argv, true, error);
        if (output == NULL)
            return false;
    }
    return true;
}

static bool write_file(const char *spec, const char *path, const void *bytes, gsize length,
                       GError **error)
{
    g_autofree char *folder = os_make_temporary_folder(g_get_tmp_dir(), "rootstock-efi", error);
    if (folder == NULL)
        return false;
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    g_autofree char *target = g_strconcat("::/", path, NULL);
    const char *const argv[] = {"mcopy", "-o", "-D", "o", "-i", spec, file, target, NULL};
    bool good =
        os_replace_bytes(file, bytes, length, 0600, error) && make_folders(spec, path, error);
    if (good) {
        g_autoptr(OsOutput) output = run(argv, false, error);
        good = output != NULL;
    }
    os_remove(folder, NULL);
    return good;
}

static bool remove_path(const char *image, const char *spec, const char *path, GError **error)
{
    g_auto(GStrv) there = list(image, spec, path, false, error);
    if (there == NULL)
        return false;
    g_autofree char *target = g_strconcat("::/", path, NULL);
    const char *const argv[] = {"mdeltree", "-i", spec, target, NULL};
    g_autoptr(OsOutput) output = run(argv, false, error);
    return output != NULL;
}

/* One change, in a copy that then takes the image's place. BYTES NULL: PATH is removed. */
static bool change_copy(const char *image, const char *path, const void *bytes, gsize length,
                        guint64 start, GError **error)
{
    struct stat status;
    if (stat(image, &status) != 0)
        return fail(error, ERROR_INPUT, "'%s' cannot be read: %s.", image, g_strerror(errno));
    g_autoptr(OsReplace) copy = os_replace_begin(image, status.st_mode & 0777, error);
    int from = copy != NULL ? open(image, O_RDONLY | O_CLOEXEC) : -1;
    if (copy == NULL)
        return false;
    bool good = from >= 0 && copy_sparse(from, os_replace_fd(copy), image, error);
    if (from >= 0)
        close(from);
    g_autofree char *spec = good ? image_spec(os_replace_path(copy), start, error) : NULL;
    if (spec == NULL)
        return false;
    return (bytes != NULL ? write_file(spec, path, bytes, length, error)
                          : remove_path(image, spec, path, error)) &&
           os_replace_commit(copy, error);
}

static bool change(const char *image, const char *path, const void *bytes, gsize length,
                   GError **error)
{
    guint64 start;
    int lock = -1;
    g_autofree char *clean = clean_path(path, error);
    if (clean == NULL)
        return false;
    if (*clean == '\0')
        return fail(error, ERROR_INPUT, "It is not said which file of '%s' is meant.", image);
    if (!find_start(image, &start, error) ||
        !image_lock(image, "The image was not changed", &lock, error))
        return false;
    bool good = change_copy(image, clean, bytes, length, start, error);
    if (lock >= 0)
        close(lock);
    return good;
}

bool image_efi_write(const char *image, const char *path, const void *bytes, gsize length,
                     GError **error)
{
    return change(image, path, bytes != NULL ? bytes : "", length, error);
}

bool image_efi_remove(const char *image, const char *path, GError **error)
{
    return change(image, path, NULL, 0, error);
}
