/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/package.h"

#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"
#include "base/jsonread.h"

#include <string.h>

/* Downloads over a slow line. */
#define INSTALL_TIMEOUT_S (2 * 60 * 60)

/* Guests that somebody defined with libvirt: a purge of its packages takes them away. */
#define DOMAINS "/etc/libvirt/qemu/*.xml"

static const PackageManager *manager_of(const Change *change, GError **error)
{
    const PackageManager *manager = package_manager_named(change->tool);
    if (manager == NULL)
        fail(error, ERROR_FAILED, "'%s' is no package manager that is known here.",
             change->tool != NULL ? change->tool : "");
    return manager;
}

/* What rpm-ostree layers on the deployment of the next start, "installed NAME" a line. */
static char *layered(const char *status, GError **error)
{
    g_autoptr(JsonDocument) document = jr_parse(status, strlen(status), "rpm-ostree status", error);
    if (document == NULL)
        return NULL;
    const JsonValue *first = jr_element(jr_array(document, jr_top(document), "deployments"), 0);
    g_auto(GStrv) names = jr_strings(document, first, "requested-packages");
    GString *text = g_string_new(NULL);
    for (guint i = 0; names != NULL && names[i] != NULL; i++)
        g_string_append_printf(text, "installed %s\n", names[i]);
    return g_string_free(text, FALSE);
}

/* "STATE NAME" a line. Lists that have names alone are of what is installed. */
static char *list_packages(const ApplyHost *host, const PackageManager *manager, GError **error)
{
    g_autoptr(OsOutput) output = host_run(host, manager->list, 0, false, error);
    if (output == NULL)
        return NULL;
    if (manager->restart)
        return layered(output->out, error);
    GString *text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(output->out, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0')
            g_string_append_printf(text, "%s%s\n", strchr(lines[i], ' ') ? "" : "installed ",
                                   lines[i]);
    return g_string_free(text, FALSE);
}

/* name -> state, of those that are more than a name. A package whose configuration alone is left,
 * and one that dpkg merely knows of, are not there. */
static GHashTable *index_packages(const char *list)
{
    GHashTable *packages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(list, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 2);
        if (words[0] == NULL || words[1] == NULL || strcmp(words[0], "not-installed") == 0)
            continue;
        g_hash_table_insert(packages, g_strdup(words[1]), g_strdup(words[0]));
    }
    return packages;
}

static bool is_there(GHashTable *packages, const char *name)
{
    const char *found = g_hash_table_lookup(packages, name);
    return found != NULL && strcmp(found, "config-files") != 0;
}

GStrv package_missing(const ApplyHost *host, const PackageManager *manager,
                      const char *const *names, GError **error)
{
    g_autofree char *list = list_packages(host, manager, error);
    if (list == NULL)
        return NULL;
    g_autoptr(GHashTable) packages = index_packages(list);
    g_autoptr(GStrvBuilder) missing = g_strv_builder_new();
    for (guint i = 0; names[i] != NULL; i++) {
        const char *found = g_hash_table_lookup(packages, names[i]);
        if (found == NULL || strcmp(found, "installed") != 0)
            g_strv_builder_add(missing, names[i]);
    }
    return g_strv_builder_end(missing);
}

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    const PackageManager *manager = manager_of(change, error);
    g_auto(GStrv) names = g_strsplit(change->target, " ", -1);
    g_auto(GStrv) missing =
        manager != NULL ? package_missing(host, manager, (const char *const *)names, error) : NULL;
    if (missing == NULL)
        return false;
    guint count = g_strv_length(missing);
    *ret_state = count == 0                      ? g_strdup("installed")
                 : count == g_strv_length(names) ? NULL
                                                 : g_strdup("partly installed");
    return true;
}

static bool inventory(const ApplyHost *host, const Change *change, char **ret_text, GError **error)
{
    const PackageManager *manager = manager_of(change, error);
    *ret_text = manager != NULL ? list_packages(host, manager, error) : NULL;
    return *ret_text != NULL;
}

static bool prepare(const ApplyHost *host, const Change *change, GError **error)
{
    const PackageManager *manager = manager_of(change, error);
    if (manager == NULL || manager->simulate == NULL)
        return manager != NULL;
    g_auto(GStrv) names = g_strsplit(change->target, " ", -1);
    g_auto(GStrv) argv = package_vector(manager->simulate, (const char *const *)names);
    g_autoptr(OsOutput) output =
        host_run(host, (const char *const *)argv, INSTALL_TIMEOUT_S, false, error);
    if (output == NULL)
        g_prefix_error(error,
                       "The packages '%s' cannot be installed, so nothing was changed. Is the list "
                       "of packages up to date? ",
                       change->target);
    return output != NULL;
}

/* Those that came with the change and are there still, by name. */
static GStrv find_added(GHashTable *before, GHashTable *after, GHashTable *now)
{
    g_autoptr(GStrvBuilder) added = g_strv_builder_new();
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(after), (GCompareFunc)strcmp);
    for (const GList *at = names; at != NULL; at = at->next)
        if (is_there(after, at->data) && !is_there(before, at->data) && is_there(now, at->data))
            g_strv_builder_add(added, at->data);
    return g_strv_builder_end(added);
}

/* apt removes what needs a package along with it, and says so in "Remv NAME" lines. */
static bool check_removed(const char *simulation, char **added, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(simulation, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 3);
        if (words[0] == NULL || words[1] == NULL ||
            (strcmp(words[0], "Remv") != 0 && strcmp(words[0], "Purg") != 0))
            continue;
        if (!g_strv_contains((const char *const *)added, words[1]))
            return fail(error, ERROR_REFUSED,
                        "The package '%s' was installed since and needs what this undo would "
                        "remove. Remove it first, and undo again.",
                        words[1]);
    }
    return true;
}

static bool test_removal(const ApplyHost *host, const PackageManager *manager, char **added,
                         GError **error)
{
    if (manager->test_removal == NULL)
        return true;
    g_auto(GStrv) argv = package_vector(manager->test_removal, (const char *const *)added);
    g_autoptr(OsOutput) output = host_run(host, (const char *const *)argv, 600, false, error);
    return output != NULL && check_removed(output->out, added, error);
}

/* With configuration that was there before, or with guests in it, a package's is left. */
static GStrv removal_vector(const ApplyHost *host, const PackageManager *manager,
                            GHashTable *before, char **added)
{
    g_auto(GStrv) domains = host_match(host->root, DOMAINS);
    bool keep = domains[0] != NULL;
    for (guint i = 0; added[i] != NULL; i++)
        keep = keep || g_hash_table_contains(before, added[i]);
    GStrv argv = package_vector(manager->remove, (const char *const *)added);
    if (keep && strcmp(argv[1], "purge") == 0) {
        g_free(argv[1]);
        argv[1] = g_strdup("remove");
    }
    return argv;
}

static bool remove_added(const ApplyHost *host, const PackageManager *manager, const char *before,
                         const char *after, GError **error)
{
    g_autofree char *list = list_packages(host, manager, error);
    if (list == NULL)
        return false;
    g_autoptr(GHashTable) old = index_packages(before);
    g_autoptr(GHashTable) new = index_packages(after != NULL ? after : list);
    g_autoptr(GHashTable) now = index_packages(list);
    g_auto(GStrv) added = find_added(old, new, now);
    if (added[0] == NULL)
        return true;
    if (!test_removal(host, manager, added, error))
        return false;
    g_auto(GStrv) argv = removal_vector(host, manager, old, added);
    g_autoptr(OsOutput) output =
        host_run(host, (const char *const *)argv, INSTALL_TIMEOUT_S, false, error);
    return output != NULL;
}

static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    const PackageManager *manager = manager_of(change, error);
    if (manager == NULL || before == NULL)
        return manager != NULL;
    /* Where an install was cut short its packages are half there, and nothing can be removed. */
    if (after == NULL && manager->repair != NULL) {
        g_autoptr(OsOutput) output =
            host_run(host, manager->repair, INSTALL_TIMEOUT_S, false, error);
        if (output == NULL)
            return false;
    }
    return remove_added(host, manager, before, after, error);
}

const Kind KIND_PACKAGE = {.state = state,
                           .prepare = prepare,
                           .inventory = inventory,
                           .revert = revert,
                           .timeout_s = INSTALL_TIMEOUT_S};
