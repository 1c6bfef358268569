/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "os/attributes.h"
#include "os/change.h"
#include "os/command.h"
#include "os/files.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In memory where there is such a file system: every change is synced to disk, many times. */
#define MEMORY_FOLDER "/dev/shm"

Fixture *fixture_new(const char *name)
{
    bool memory = access(MEMORY_FOLDER, W_OK) == 0;
    g_autoptr(GError) error = NULL;
    const char *source = g_getenv("ROOTSTOCK_SOURCE");
    g_autofree char *from = g_build_filename(source, "tests/roots", name, ".", NULL);
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->path = os_make_temporary_folder(memory ? MEMORY_FOLDER : g_get_tmp_dir(),
                                             "rootstock-root", &error);
    g_assert_no_error(error);
    const char *const copy[] = {"cp", "-a", from, fixture->path, NULL};
    g_autoptr(OsOutput) output = os_run(copy, NULL, &error);
    g_assert_no_error(error);
    fixture->programs = g_build_filename(source, "tests/fakes", NULL);
    fixture->root = os_root_open(fixture->path, &error);
    g_assert_no_error(error);
    fixture->host = (ApplyHost){
        .root = fixture->root, .programs = fixture->programs, .program = "/usr/bin/rootstock"};
    return fixture;
}

void fixture_free(Fixture *fixture)
{
    if (fixture == NULL)
        return;
    os_root_free(fixture->root);
    g_assert_true(os_remove(fixture->path, NULL));
    g_free(fixture->path);
    g_free(fixture->programs);
    g_free(fixture);
}

static char *describe_file(const char *full)
{
    int fd = open(full, O_RDONLY | O_CLOEXEC);
    g_autoptr(OsAttributes) attributes = os_attributes_read(fd, full, NULL);
    g_autofree char *digest = os_digest(fd, full, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    close(fd);
    g_string_append_printf(text, "file %o %u:%u %s", attributes->mode, attributes->uid,
                           attributes->gid, digest);
    for (guint i = 0; i < attributes->xattrs->len; i++) {
        const OsXattr *xattr = attributes->xattrs->pdata[i];
        g_string_append_printf(text, " %s=%u", xattr->name, g_bytes_hash(xattr->value));
    }
    return g_strdup(text->str);
}

static void add_state(const Fixture *fixture, const char *path, GHashTable *state)
{
    g_autofree char *full = g_build_filename(fixture->path, path, NULL);
    struct stat status;
    g_assert_cmpint(lstat(full, &status), ==, 0);
    if (S_ISLNK(status.st_mode)) {
        g_hash_table_insert(state, g_strdup(path), g_file_read_link(full, NULL));
    } else if (S_ISREG(status.st_mode)) {
        g_hash_table_insert(state, g_strdup(path), describe_file(full));
    } else {
        g_auto(GStrv) names = os_list(fixture->root, path);
        g_hash_table_insert(state, g_strdup(path),
                            g_strdup_printf("folder %o %u:%u", status.st_mode & 07777,
                                            status.st_uid, status.st_gid));
        for (guint i = 0; names[i] != NULL; i++) {
            g_autofree char *below = g_build_filename(path, names[i], NULL);
            if (!g_str_has_prefix(below, "var/lib/rootstock"))
                add_state(fixture, below, state);
        }
    }
}

GHashTable *fixture_state(const Fixture *fixture)
{
    GHashTable *state = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    add_state(fixture, "", state);
    return state;
}

static void add_missing(GString *text, const char *sign, GHashTable *from, GHashTable *in)
{
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(from), (GCompareFunc)strcmp);
    for (const GList *at = paths; at != NULL; at = at->next) {
        const char *one = g_hash_table_lookup(from, at->data);
        if (g_strcmp0(one, g_hash_table_lookup(in, at->data)) != 0)
            g_string_append_printf(text, "%s%s: %s\n", sign, (const char *)at->data, one);
    }
}

char *fixture_difference(GHashTable *a, GHashTable *b)
{
    GString *text = g_string_new(NULL);
    add_missing(text, "-", a, b);
    add_missing(text, "+", b, a);
    return g_string_free(text, FALSE);
}

void fixture_assert_state(const Fixture *fixture, GHashTable *expected)
{
    g_autoptr(GHashTable) now = fixture_state(fixture);
    g_autofree char *difference = fixture_difference(expected, now);
    g_assert_cmpstr(difference, ==, "");
}

char *fixture_read(const Fixture *fixture, const char *path)
{
    char *text = os_read_text(fixture->root, path, NULL);
    return text != NULL ? text : g_strdup("");
}

void fixture_write(const Fixture *fixture, const char *path, const char *text)
{
    g_autofree char *full = g_build_filename(fixture->path, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    g_assert_true(os_make_folders(folder, 0755, NULL));
    g_unlink(full);
    g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

void fixture_assert_has(const Fixture *fixture, const char *path, const char *part)
{
    g_autofree char *text = fixture_read(fixture, path);
    if (strstr(text, part) == NULL)
        g_error("'%s' is not in %s:\n%s", part, path, text);
}

Plan *fixture_plan(const Fixture *fixture, const HostTraits *traits, const GPtrArray *goals)
{
    g_autoptr(GError) error = NULL;
    Plan *plan = apply_resolve(&fixture->host, traits, goals, &error);
    g_assert_no_error(error);
    return plan;
}

guint fixture_apply(const Fixture *fixture, const Plan *plan)
{
    g_autoptr(GError) error = NULL;
    guint id = apply_run(&fixture->host, plan, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(id, >, 0);
    return id;
}

void fixture_undo(const Fixture *fixture, guint id)
{
    g_autoptr(GError) error = NULL;
    guint done = 0;
    g_assert_true(apply_undo(&fixture->host, id, &(UndoOptions){0}, &done, &error));
    g_assert_no_error(error);
}
