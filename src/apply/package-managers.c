/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/package.h"

#include "apply/host.h"
#include "base/table.h"

#include <string.h>

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

/*
 * Sources: apt-get(8), dpkg-query(1), dnf(8), rpm(8), pacman(8), zypper(8), rpm-ostree(1). A file
 * in use is kept as it is (force-confold): what a person wrote is not replaced by a package.
 */
static const PackageManager MANAGERS[] = {
    {.name = "rpm-ostree",
     .install = ARGV("rpm-ostree", "install", "--idempotent", "--allow-inactive", "-y"),
     .simulate = ARGV("rpm-ostree", "install", "--dry-run", "-y"),
     .list = ARGV("rpm-ostree", "status", "--json"),
     .remove = ARGV("rpm-ostree", "uninstall", "-y"),
     .restart = true},
    {.name = "apt",
     .install = ARGV("apt-get", "install", "-y", "--no-remove", "--no-install-recommends", "-o",
                     "Dpkg::Options::=--force-confold"),
     .simulate = ARGV("apt-get", "install", "-s", "--no-remove", "--no-install-recommends"),
     .list = ARGV("dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"),
     .test_removal = ARGV("apt-get", "remove", "-s"),
     .remove = ARGV("apt-get", "purge", "-y"),
     .repair = ARGV("dpkg", "--configure", "-a", "--force-confold")},
    {.name = "dnf",
     .install = ARGV("dnf", "install", "-y", "--setopt=install_weak_deps=False"),
     .list = ARGV("rpm", "-qa", "--qf", "%{NAME}\n"),
     .test_removal = ARGV("rpm", "-e", "--test"),
     .remove = ARGV("dnf", "remove", "-y", "--setopt=clean_requirements_on_remove=False")},
    {.name = "zypper",
     .install = ARGV("zypper", "--non-interactive", "install", "--no-recommends"),
     .simulate = ARGV("zypper", "--non-interactive", "install", "--no-recommends", "--dry-run"),
     .list = ARGV("rpm", "-qa", "--qf", "%{NAME}\n"),
     .test_removal = ARGV("rpm", "-e", "--test"),
     .remove = ARGV("zypper", "--non-interactive", "remove")},
    {.name = "pacman",
     .install = ARGV("pacman", "-S", "--needed", "--noconfirm"),
     .simulate = ARGV("pacman", "-S", "-p", "--needed"),
     .list = ARGV("pacman", "-Qq"),
     .remove = ARGV("pacman", "-R", "--noconfirm")},
};

const PackageManager *package_manager_named(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(MANAGERS); i++)
        if (g_strcmp0(MANAGERS[i].name, name) == 0)
            return &MANAGERS[i];
    return NULL;
}

/* A system that is replaced as a whole has dnf as well, for containers; what it can do with
 * packages is rpm-ostree's, so that comes first (run/ostree-booted: data/immutable-systems.table).
 */
const PackageManager *package_manager(const ApplyHost *host)
{
    bool ostree = os_exists(host->root, "run/ostree-booted");
    for (guint i = 0; i < G_N_ELEMENTS(MANAGERS); i++) {
        bool wants_ostree = strcmp(MANAGERS[i].name, "rpm-ostree") == 0;
        if (wants_ostree == ostree && host_has_program(host, MANAGERS[i].install[0]))
            return &MANAGERS[i];
    }
    return NULL;
}

GStrv package_vector(const char *const *argv, const char *const *names)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_strv_builder_addv(builder, (const char **)argv);
    g_strv_builder_addv(builder, (const char **)names);
    return g_strv_builder_end(builder);
}

enum { COLUMN_PURPOSE, COLUMN_MANAGER, COLUMN_NAMES };

static const char *names_for(const Table *table, const char *manager, const char *purpose)
{
    for (guint row = 0; row < table->rows->len; row++)
        if (strcmp(table_cell(table, row, COLUMN_PURPOSE), purpose) == 0 &&
            strcmp(table_cell(table, row, COLUMN_MANAGER), manager) == 0)
            return table_cell(table, row, COLUMN_NAMES);
    return purpose;
}

static void add_once(GPtrArray *list, char *const *names)
{
    for (guint i = 0; names[i] != NULL; i++)
        if (!g_ptr_array_find_with_equal_func(list, names[i], g_str_equal, NULL))
            g_ptr_array_add(list, g_strdup(names[i]));
}

GStrv package_names(const PackageManager *manager, const char *const *purposes, GError **error)
{
    static const char *const COLUMNS[] = {"purpose", "manager", "names", "source", NULL};
    g_autoptr(Table) table = table_load("packages.table", COLUMNS, error);
    if (table == NULL)
        return NULL;
    /* rpm-ostree layers the packages that dnf installs. */
    const char *whose = strcmp(manager->name, "rpm-ostree") == 0 ? "dnf" : manager->name;
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; purposes[i] != NULL; i++) {
        g_auto(GStrv) names = g_strsplit(names_for(table, whose, purposes[i]), " ", -1);
        add_once(list, names);
    }
    g_ptr_array_add(list, NULL);
    return (GStrv)g_ptr_array_steal(list, NULL);
}
