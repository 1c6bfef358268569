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

/* Gives the file its size, and takes the space for what will be written now: a full disk is then
 * met at once and not halfway. Where a file system cannot do so, it is done without. */
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

/* What one image is made from. The digest of the content is made in a thread of its own while it is
 * written. */
typedef struct {
    const Content *content;
    Layout layout;
    const char *label;
    const char *digest; /* of the content, where it is known */
    guint64 epoch;
    Identifiers identifiers;
    GError *digest_error;
} Job;

static gpointer make_digest(gpointer data)
{
    Job *job = data;
    return GINT_TO_POINTER(digest_identifiers(&job->identifiers, job->content, &job->layout,
                                              job->label, job->epoch, job->digest,
                                              &job->digest_error));
}

static bool write_content(OsReplace *image, Job *job, GError **error)
{
    GThread *thread = g_thread_new("digest", make_digest, job);
    bool written = fat_write(image, job->content, &job->layout, job->label, job->epoch, error);
    bool digested = GPOINTER_TO_INT(g_thread_join(thread)) != 0;
    if (written && !digested)
        g_propagate_error(error, g_steal_pointer(&job->digest_error));
    g_clear_error(&job->digest_error);
    return written && digested;
}

static bool write_image(const char *path, Job *job, GError **error)
{
    g_autoptr(OsReplace) image = os_replace_begin(path, 0644, error);
    return image != NULL && reserve(os_replace_fd(image), path, &job->layout, error) &&
           write_content(image, job, error) &&
           fat_write_head(image, &job->layout, job->label, job->identifiers.volume, error) &&
           gpt_write(image, &job->layout, &job->identifiers, error) &&
           os_replace_commit(image, error);
}

bool image_write_esp(const char *path, const ImageFile *files, guint count,
                     const ImageOptions *options, GError **error)
{
    Job job = {0};
    g_autoptr(Content) content = content_new(files, count, error);
    g_autofree char *label =
        content != NULL ? target_label(options != NULL ? options->label : NULL, error) : NULL;
    if (label == NULL || !read_epoch(&job.epoch, error) ||
        !layout_make(&job.layout, content, options != NULL ? options->size : 0, error))
        return false;
    job.content = content;
    job.label = label;
    job.digest = options != NULL ? options->digest : NULL;
    return write_image(path, &job, error);
}
