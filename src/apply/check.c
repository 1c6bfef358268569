/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/check.h"

#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"
#include "os/cancel.h"
#include "plan/diff.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_EVERY_US (200 * 1000)

/* EXPECTED has the texts that files will have when the changes so far are made: path -> text, NULL
 * for a file that will not be there. */
static bool check_edit(const ApplyHost *host, const FileEdit *edit, GHashTable *expected,
                       GError **error)
{
    gpointer known = NULL;
    bool touched = g_hash_table_lookup_extended(expected, edit->path, NULL, &known);
    g_autofree char *now = touched ? g_strdup(known) : NULL;
    if (!touched && !host_read(host->root, edit->path, &now, error))
        return false;
    g_hash_table_insert(expected, g_strdup(edit->path), g_strdup(edit->after));
    if (g_strcmp0(now, edit->before) == 0)
        return true;
    g_autofree char *difference = diff_text(edit->path, edit->before, now);
    return fail(error, ERROR_REFUSED,
                "'%s' is not as it was when the plan was made, so nothing was changed. Make the "
                "plan anew. The difference:\n%s",
                edit->path, difference);
}

static bool check_state(const ApplyHost *host, const Change *change, GError **error)
{
    const Kind *kind = kind_of(change);
    g_autofree char *now = NULL;
    if (kind->state == NULL)
        return true;
    if (!kind->state(host, change, &now, error))
        return false;
    if (g_strcmp0(now, change->before) == 0)
        return true;
    return fail(error, ERROR_REFUSED,
                "The %s '%s' is not as it was when the plan was made (it was '%s' and is '%s'), so "
                "nothing was changed. Make the plan anew.",
                change_kind_name(change->kind), change->target,
                change->before != NULL ? change->before : "not there",
                now != NULL ? now : "not there");
}

/* PACKAGES: packages come before it, and its program may be in one. */
static bool check_change(const ApplyHost *host, const Change *change, GHashTable *expected,
                         bool packages, GError **error)
{
    const Kind *kind = kind_of(change);
    for (guint i = 0; i < change->edits->len; i++)
        if (!check_edit(host, change->edits->pdata[i], expected, error))
            return false;
    if (change->command != NULL && !packages && !host_has_program(host, change->command[0]))
        return fail(error, ERROR_MISSING,
                    "The program '%s', which makes '%s', is not installed here, so nothing was "
                    "changed.",
                    change->command[0], change->target);
    return check_state(host, change, error) &&
           (kind->prepare == NULL || kind->prepare(host, change, error));
}

bool apply_check(const ApplyHost *host, const Plan *plan, GError **error)
{
    g_autoptr(GHashTable) expected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    bool packages = false;
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        if (!check_change(host, change, expected, packages, error))
            return false;
        packages = packages || change->kind == CHANGE_PACKAGE;
    }
    return true;
}

/* Whether the bytes of the open file FD have TEXT in them: a kernel's image is far longer than what
 * is read of a configuration file. */
static bool file_has(int fd, const char *text, bool *ret_has)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    size_t length = (size_t)status.st_size;
    void *bytes = length > 0 ? mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    if (bytes == MAP_FAILED)
        return false;
    *ret_has = length > 0 && memmem(bytes, length, text, strlen(text)) != NULL;
    if (length > 0)
        munmap(bytes, length);
    return true;
}

static bool read_file_effect(const ApplyHost *host, const char *path, const char *text,
                             bool *ret_has, GError **error)
{
    int fd = os_open(host->root, path);
    bool read = fd >= 0 && file_has(fd, text, ret_has);
    if (!read)
        fail(error, ERROR_FAILED, "'%s' cannot be read: %s.", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return read;
}

Tri check_shows(const OsRoot *root, const Effect *effect)
{
    const ApplyHost host = {.root = root};
    g_auto(GStrv) paths = host_match(root, effect->file);
    Tri shows = TRI_UNKNOWN;
    for (guint i = 0; paths[i] != NULL; i++) {
        bool found = false;
        if (!read_file_effect(&host, paths[i], effect->text, &found, NULL))
            continue;
        if (found != effect->absent)
            return TRI_YES;
        shows = TRI_NO;
    }
    return shows;
}

static bool check_file_effect(const ApplyHost *host, const Effect *effect, GError **error)
{
    g_auto(GStrv) paths = host_match(host->root, effect->file);
    for (guint i = 0; paths[i] != NULL; i++) {
        bool found = false;
        if (!read_file_effect(host, paths[i], effect->text, &found, error))
            return false;
        if (found != effect->absent)
            return true;
    }
    return fail(error, ERROR_FAILED, "'%s' %s '%s' afterwards.", effect->file,
                effect->absent ? "still has" : "does not have", effect->text);
}

/* What ARGV prints; with a last argument with `*` in it, for each file that this names. */
static char *read_program(const ApplyHost *host, char *const *argv, GError **error)
{
    guint last = g_strv_length((GStrv)argv) - 1;
    bool pattern = strchr(argv[last], '*') != NULL;
    g_auto(GStrv) paths =
        pattern ? host_match(host->root, argv[last]) : g_strdupv((GStrv)argv + last);
    g_autofree const char **vector = g_memdup2(argv, (last + 2) * sizeof(argv[0]));
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; paths[i] != NULL; i++) {
        vector[last] = paths[i];
        g_autoptr(OsOutput) output = host_run(host, vector, 600, false, error);
        if (output == NULL)
            return NULL;
        g_string_append(text, output->out);
    }
    return g_strdup(text->str);
}

static bool check_program_effect(const ApplyHost *host, const Effect *effect, GError **error)
{
    g_autofree char *text = read_program(host, effect->program, error);
    if (text == NULL)
        return false;
    bool found = strstr(text, effect->text) != NULL;
    return found != effect->absent ||
           fail(error, ERROR_FAILED, "What '%s' prints %s '%s' afterwards.", effect->program[0],
                effect->absent ? "still has" : "does not have", effect->text);
}

static bool check_effect(const ApplyHost *host, const Effect *effect, GError **error)
{
    return effect->file != NULL ? check_file_effect(host, effect, error)
                                : check_program_effect(host, effect, error);
}

static bool check_written(const ApplyHost *host, const FileEdit *edit, GError **error)
{
    g_autofree char *now = NULL;
    return host_read(host->root, edit->path, &now, error) &&
           (g_strcmp0(now, edit->after) == 0 ||
            fail(error, ERROR_FAILED, "'%s' is not what was written to it.", edit->path));
}

/* What has no end to wait for may still be on its way (a bridge that gets an address). */
static bool settle(const ApplyHost *host, const Change *change, char **ret_now, GError **error)
{
    const Kind *kind = kind_of(change);
    guint seconds = os_root_is_live(host->root) ? kind->settle_s : 0;
    gint64 deadline_us = g_get_monotonic_time() + seconds * (gint64)G_USEC_PER_SEC;
    for (;;) {
        g_clear_pointer(ret_now, g_free);
        if (!kind->state(host, change, ret_now, error))
            return false;
        if (g_strcmp0(*ret_now, change->after) == 0 || g_get_monotonic_time() >= deadline_us)
            return true;
        if (!os_check_cancel(change->target, error))
            return false;
        g_usleep(LOOK_EVERY_US);
    }
}

bool check_took(const ApplyHost *host, const Change *change, GError **error)
{
    const Kind *kind = kind_of(change);
    g_autofree char *now = NULL;
    for (guint i = 0; i < change->edits->len; i++)
        if (!check_written(host, change->edits->pdata[i], error))
            return false;
    if (kind->state != NULL) {
        if (!settle(host, change, &now, error))
            return false;
        if (g_strcmp0(now, change->after) != 0)
            return fail(error, ERROR_FAILED, "The %s '%s' is '%s' afterwards, and not '%s'.",
                        change_kind_name(change->kind), change->target,
                        now != NULL ? now : "not there", change->after);
    }
    for (guint i = 0; i < change->effects->len; i++)
        if (!check_effect(host, change->effects->pdata[i], error))
            return false;
    return true;
}
