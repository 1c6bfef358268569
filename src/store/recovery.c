/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/recovery.h"

#include "base/error.h"
#include "base/size.h"
#include "os/files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/*
 * A chunk list: a header of 36 bytes, an entry of 36 bytes (length, SHA-256) for each chunk, then
 * the signature; all little endian. Source: OpenCorePkg Include/Apple/IndustryStandard/
 * AppleChunklist.h and Utilities/macrecovery; two lists of Apple's have that form.
 */
enum {
    HEADER_SIZE = 36,
    ENTRY_SIZE = 36,
    AT_HEADER_SIZE = 4,
    AT_VERSION = 8,
    AT_CHUNK_METHOD = 9,
    AT_SIGNATURE_METHOD = 10,
    AT_COUNT = 12,
    AT_CHUNKS = 20,
    AT_SIGNATURE = 28,
    SIGNED = 1,      /* RSA, 256 bytes */
    DIGEST_ONLY = 2, /* SHA-256, 32 bytes */
};

/* Far more than any list has: one of 4 GiB with chunks of 10 MiB takes 15 KiB. */
#define LIST_MAX (1024 * 1024)

/* No recovery is that small; a page that a server sent in its place is. */
#define IMAGE_LEAST (1024 * 1024)

void recovery_free(Recovery *recovery)
{
    if (recovery == NULL)
        return;
    g_free(recovery->image);
    g_free(recovery->list);
    g_free(recovery->mark);
    g_free(recovery);
}

static guint64 number(const guint8 *at, guint bytes)
{
    guint64 value = 0;
    for (guint i = bytes; i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

guint64 recovery_list_total(const guint8 *data, gsize length, bool *ret_signed)
{
    if (length < HEADER_SIZE || memcmp(data, "CNKL", 4) != 0)
        return 0;
    guint method = data[AT_SIGNATURE_METHOD];
    guint64 count = number(data + AT_COUNT, 8), end = number(data + AT_SIGNATURE, 8);
    bool good = number(data + AT_HEADER_SIZE, 4) == HEADER_SIZE && data[AT_VERSION] == 1 &&
                data[AT_CHUNK_METHOD] == 1 && (method == SIGNED || method == DIGEST_ONLY) &&
                number(data + AT_CHUNKS, 8) == HEADER_SIZE &&
                count <= (length - HEADER_SIZE) / ENTRY_SIZE &&
                end == HEADER_SIZE + count * ENTRY_SIZE &&
                length - end == (method == SIGNED ? 256 : 32);
    guint64 total = 0;
    for (guint64 i = 0; good && i < count; i++)
        total += number(data + HEADER_SIZE + i * ENTRY_SIZE, 4);
    *ret_signed = method == SIGNED;
    return total;
}

static bool look_at(const char *path, struct stat *status, GError **error)
{
    if (lstat(path, status) != 0)
        return fail(error, ERROR_INPUT, "The recovery's file '%s' cannot be used: %s.", path,
                    g_strerror(errno));
    return S_ISREG(status->st_mode) ||
           fail(error, ERROR_INPUT,
                "The recovery's file '%s' is no ordinary file. Put the file itself there.", path);
}

static bool check_image(const Recovery *recovery, const struct stat *status, GError **error)
{
    g_autofree char *size = size_human((guint64)status->st_size);
    if (status->st_size < IMAGE_LEAST)
        return fail(error, ERROR_INPUT,
                    "'%s' has %s, which is too small for a recovery of macOS. Download it again.",
                    recovery->image, size);
    return status->st_size <= G_MAXUINT32 ||
           fail(error, ERROR_INPUT,
                "'%s' has %s; a file on the boot loader's disk (FAT32) has less than 4 GiB. Give "
                "the machine the installer as a disk of its own instead.",
                recovery->image, size);
}

static bool check_list(Recovery *recovery, const struct stat *image, GError **error)
{
    gsize length;
    g_autofree char *data = os_read_file(recovery->list, LIST_MAX, &length, error);
    if (data == NULL)
        return false;
    guint64 total = recovery_list_total((const guint8 *)data, length, &recovery->is_signed);
    if (total == 0)
        return fail(error, ERROR_INPUT,
                    "'%s' is no chunk list of Apple's. Download it again, with the image that it "
                    "belongs to.",
                    recovery->list);
    return total == (guint64)image->st_size ||
           fail(error, ERROR_INPUT,
                "'%s' has %" G_GUINT64_FORMAT " bytes, and its chunk list has those of an image of "
                "%" G_GUINT64_FORMAT ". One of them was cut off, or they do not belong together: "
                "download both again.",
                recovery->image, (guint64)image->st_size, total);
}

static void add_mark(GString *mark, const struct stat *status)
{
    g_string_append_printf(
        mark, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld\n",
        (guint64)status->st_ino, (guint64)status->st_size, (gint64)status->st_mtim.tv_sec,
        status->st_mtim.tv_nsec);
}

static Recovery *open_named(const char *folder, const char *name, GError **error)
{
    struct stat image, list;
    g_autoptr(Recovery) recovery = g_new0(Recovery, 1);
    g_autoptr(GString) mark = g_string_new(NULL);

    recovery->name = name;
    recovery->image = g_strdup_printf("%s/%s.dmg", folder, name);
    recovery->list = g_strdup_printf("%s/%s.chunklist", folder, name);
    if (!look_at(recovery->image, &image, error) || !look_at(recovery->list, &list, error) ||
        !check_image(recovery, &image, error) || !check_list(recovery, &image, error))
        return NULL;
    recovery->bytes = (guint64)image.st_size + (guint64)list.st_size;
    add_mark(mark, &image);
    add_mark(mark, &list);
    recovery->mark = g_strdup(mark->str);
    return g_steal_pointer(&recovery);
}

Recovery *recovery_open(const char *folder, GError **error)
{
    static const char *const NAMES[] = {"BaseSystem", "RecoveryImage"};
    static const char *const BELOW[] = {"", "/" RECOVERY_FOLDER};

    for (guint i = 0; i < G_N_ELEMENTS(NAMES) * G_N_ELEMENTS(BELOW); i++) {
        const char *name = NAMES[i / G_N_ELEMENTS(BELOW)];
        g_autofree char *in = g_strconcat(folder, BELOW[i % G_N_ELEMENTS(BELOW)], NULL);
        g_autofree char *image = g_strdup_printf("%s/%s.dmg", in, name);
        if (g_file_test(image, G_FILE_TEST_EXISTS) || g_file_test(image, G_FILE_TEST_IS_SYMLINK))
            return open_named(in, name, error);
    }
    return fail_null(error, ERROR_INPUT,
                     "There is no recovery of macOS in '%s': it has BaseSystem.dmg with "
                     "BaseSystem.chunklist, or RecoveryImage.dmg with RecoveryImage.chunklist, as "
                     "Apple's servers give them.",
                     folder);
}
