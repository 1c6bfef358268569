/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/content.h"

#include "base/error.h"
#include "image/fat-name.h"
#include "image/target.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* FAT specification: a folder has at most so many entries. */
#define ENTRIES_MAX 65536

/* `.` and `..`; the top has the volume's label instead. */
#define ENTRIES_OF_EMPTY 2
#define ENTRIES_OF_EMPTY_TOP 1

static void file_clear(gpointer data)
{
    ContentFile *file = data;
    g_free(file->folded);
    g_free(file->owned);
}

void content_free(Content *content)
{
    if (content == NULL)
        return;
    g_array_unref(content->files);
    g_hash_table_unref(content->folders);
    g_free(content);
}

/* By upper-case path with a folder's files next to each other (the slash before all else), so that
 * who comes first does not depend on the caller. */
static int compare_files(gconstpointer a, gconstpointer b)
{
    const char *left = ((const ContentFile *)a)->folded;
    const char *right = ((const ContentFile *)b)->folded;
    while (*left != '\0' && *left == *right)
        left++, right++;
    int left_rank = *left == '/' ? 1 : (guchar)*left + (*left != '\0');
    int right_rank = *right == '/' ? 1 : (guchar)*right + (*right != '\0');
    return left_rank - right_rank;
}

static bool take_source(ContentFile *file, const char *source, GError **error)
{
    struct stat status;
    if (stat(source, &status) != 0)
        return fail(error, ERROR_INPUT,
                    "'%s', which is to become '%s' in the image, cannot be read: "
                    "%s.",
                    source, file->target, g_strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(error, ERROR_INPUT,
                    "'%s', which is to become '%s' in the image, is not an ordinary file.", source,
                    file->target);
    file->owned = g_canonicalize_filename(source, NULL);
    file->source = file->owned;
    file->length = (guint64)status.st_size;
    return true;
}

static bool take_file(Content *content, const ImageFile *file, GError **error)
{
    if (!target_check(file->target, error))
        return false;
    ContentFile taken = {.target = file->target, .bytes = file->bytes, .length = file->length};
    if (file->source != NULL && !take_source(&taken, file->source, error))
        return false;
    if (taken.length > G_MAXUINT32) {
        g_free(taken.owned);
        return fail(error, ERROR_INPUT,
                    "'%s' has %" G_GUINT64_FORMAT " bytes; a file on FAT has less than 4 GiB.",
                    file->target, taken.length);
    }
    taken.folded = g_ascii_strup(file->target, -1);
    g_array_append_val(content->files, taken);
    return true;
}

/* Counts an entry with NAME in FOLDER (folded). */
static bool count_entry(Content *content, const char *folder, const char *name, GError **error)
{
    gpointer value = g_hash_table_lookup(content->folders, folder);
    guint entries = value != NULL ? GPOINTER_TO_UINT(value) : ENTRIES_OF_EMPTY;
    entries += fat_name_entries(name);
    if (entries > ENTRIES_MAX)
        return fail(error, ERROR_INPUT,
                    "The folder '/%s' would have more files than a folder on FAT can have.",
                    folder);
    g_hash_table_insert(content->folders, g_strdup(folder), GUINT_TO_POINTER(entries));
    return true;
}

/* Counts the entries of a file and of the folders above it that are new. These are called as the
 * file's target has them, in the same place as in its folded path. */
static bool count_path(Content *content, const ContentFile *file, GError **error)
{
    g_autofree char *path = g_strdup(file->folded);
    g_autofree char *names = g_strdup(file->target);
    for (;;) {
        char *slash = strrchr(path, '/');
        gsize name = 0;
        if (slash != NULL) {
            *slash = '\0';
            name = (gsize)(slash - path) + 1;
        }
        const char *folder = slash != NULL ? path : "";
        bool known = g_hash_table_contains(content->folders, folder);
        if (!count_entry(content, folder, names + name, error))
            return false;
        if (known || slash == NULL)
            return true;
        names[name - 1] = '\0';
    }
}

static bool check_unique(const Content *content, GError **error)
{
    for (guint i = 0; i < content->files->len; i++) {
        const ContentFile *file = &g_array_index(content->files, ContentFile, i);
        const ContentFile *before = i > 0 ? file - 1 : NULL;
        if (before != NULL && strcmp(before->folded, file->folded) == 0)
            return fail(error, ERROR_INPUT,
                        "'%s' and '%s' are the same file on FAT, which does not tell capitals from "
                        "small letters. Leave one of them out.",
                        before->target, file->target);
        if (g_hash_table_contains(content->folders, file->folded))
            return fail(error, ERROR_INPUT,
                        "'%s' is to be a file, and there are files below it. Rename one of them.",
                        file->target);
    }
    return true;
}

Content *content_new(const ImageFile *files, guint count, GError **error)
{
    g_autoptr(Content) content = g_new0(Content, 1);
    content->files = g_array_sized_new(FALSE, TRUE, sizeof(ContentFile), count);
    g_array_set_clear_func(content->files, file_clear);
    content->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert(content->folders, g_strdup(""), GUINT_TO_POINTER(ENTRIES_OF_EMPTY_TOP));
    for (guint i = 0; i < count; i++)
        if (!take_file(content, &files[i], error))
            return NULL;
    g_array_sort(content->files, compare_files);
    for (guint i = 0; i < count; i++)
        if (!count_path(content, &g_array_index(content->files, ContentFile, i), error))
            return NULL;
    return check_unique(content, error) ? g_steal_pointer(&content) : NULL;
}

static guint64 divide_up(guint64 bytes, guint64 by)
{
    return (bytes + by - 1) / by;
}

guint64 content_clusters(const Content *content, guint cluster_size)
{
    guint64 clusters = 0;
    for (guint i = 0; i < content->files->len; i++)
        clusters += divide_up(g_array_index(content->files, ContentFile, i).length, cluster_size);
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, content->folders);
    while (g_hash_table_iter_next(&iterator, NULL, &value))
        clusters += divide_up((guint64)GPOINTER_TO_UINT(value) * FAT_ENTRY_BYTES, cluster_size);
    return clusters;
}
