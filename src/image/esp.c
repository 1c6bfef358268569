/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/image.h"

#include "base/error.h"
#include "image/content.h"
#include "image/digest.h"
#include "image/fat.h"
#include "image/gpt.h"
#include "image/layout.h"
#include "image/target.h"
#include "os/replace.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* FAT counts time from 1980-01-01 to the end of 2107 (specification: "Date and Time Formats"). */
#define EPOCH_FIRST G_GUINT64_CONSTANT(315532800)
#define EPOCH_LAST G_GUINT64_CONSTANT(4354819199)

/* SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), within what FAT
 * holds; its first day when it is not set. */
static bool read_epoch(guint64 *ret_epoch, GError **error)
{
    const char *text = g_getenv("SOURCE_DATE_EPOCH");
    guint64 epoch = EPOCH_FIRST;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &epoch, NULL))
        return fail(
            error, ERROR_INPUT,
            "SOURCE_DATE_EPOCH is '%s', which is no number of seconds. Correct or unset it.", text);
    *ret_epoch = CLAMP(epoch, EPOCH_FIRST, EPOCH_LAST);
    return true;
}

/* Gives the file its size, and takes the space for what will be written now: neither mkfs.fat nor
 * mcopy can then meet a full disk halfway. Where a file system cannot do so, they do without. */
static bool reserve(int fd, const char *path, const Layout *layout, GError **error)
{
    if (ftruncate(fd, (off_t)layout->image_bytes) != 0)
        return os_fail_write(path, errno, error);
    if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)layout->used_bytes) == 0)
        return true;
    if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINTR)
        return true;
    return os_fail_write(path, errno, error);
}

bool image_write_esp(const char *path, const ImageFile *files, guint count,
                     const ImageOptions *options, GError **error)
{
    guint64 epoch = 0;
    Layout layout = {0};
    Identifiers identifiers = {0};
    g_autoptr(Content) content = content_new(files, count, error);
    g_autofree char *label =
        content != NULL ? target_label(options != NULL ? options->label : NULL, error) : NULL;
    if (label == NULL || !read_epoch(&epoch, error) ||
        !layout_make(&layout, content, options != NULL ? options->size : 0, error))
        return false;
    g_autoptr(OsReplace) image = os_replace_begin(path, 0644, error);
    return image != NULL && reserve(os_replace_fd(image), path, &layout, error) &&
           digest_identifiers(&identifiers, content, &layout, label, epoch, error) &&
           fat_write(image, content, &layout, &identifiers, label, epoch, error) &&
           gpt_write(os_replace_path(image), &layout, &identifiers, error) &&
           os_replace_commit(image, error);
}
