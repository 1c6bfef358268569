/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/package.h"

#include "apply/host.h"

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
