/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/host.h"

#include "base/error.h"
#include "os/change.h"

#include <string.h>
#include <unistd.h>

static const char *const ENVIRONMENT[] = {"DEBIAN_FRONTEND=noninteractive",
                                          "APT_LISTCHANGES_FRONTEND=none", NULL};

/* A program that the host has in a place of its own is known by its name too. */
static char *stand_in(const ApplyHost *host, const char *program)
{
    g_autofree char *name = g_path_get_basename(program);
    return g_build_filename(host->programs, name, NULL);
}

static OsOutput *run_stand_in(const ApplyHost *host, const char *const *argv, OsRunOptions *options,
                              GError **error)
{
    if (host->programs == NULL)
        return fail_null(error, ERROR_MISSING,
                         "'%s' has to be run on the host itself, and '%s' is not the running "
                         "system. Apply there, without --root.",
                         argv[0], os_root_path(host->root));
    g_autofree char *program = stand_in(host, argv[0]);
    g_autofree char *variable = g_strconcat("ROOTSTOCK_ROOT=", os_root_path(host->root), NULL);
    const char *const environment[] = {variable, NULL};
    g_autofree const char **vector =
        g_memdup2(argv, (g_strv_length((GStrv)argv) + 1) * sizeof(argv[0]));
    vector[0] = program;
    options->env = environment;
    return os_run(vector, options, error);
}

OsOutput *host_run(const ApplyHost *host, const char *const *argv, guint timeout_s, bool any_status,
                   GError **error)
{
    OsRunOptions options = {
        .timeout_ms = timeout_s * 1000, .any_status = any_status, .env = ENVIRONMENT};
    if (os_root_is_live(host->root))
        return os_run(argv, &options, error);
    return run_stand_in(host, argv, &options, error);
}

bool host_has_program(const ApplyHost *host, const char *name)
{
    static const char *const FOLDERS[] = {"usr/bin", "usr/sbin", "bin", "sbin"};
    if (os_root_is_live(host->root)) {
        g_autofree char *found = os_find_program(name);
        return found != NULL;
    }
    if (name[0] == '/')
        return os_exists(host->root, name);
    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *path = g_build_filename(FOLDERS[i], name, NULL);
        if (os_exists(host->root, path))
            return true;
    }
    return false;
}

bool host_read(const OsRoot *root, const char *path, char **ret_text, GError **error)
{
    gsize length = 0;
    *ret_text = NULL;
    if (!os_exists(root, path))
        return true;
    g_autofree char *text = os_is_file(root, path, NULL) ? os_read_text(root, path, &length) : NULL;
    if (text == NULL && geteuid() != 0)
        return fail(error, ERROR_MISSING,
                    "'%s' cannot be read by this user. Run the same command with sudo, or as root.",
                    path);
    if (text == NULL)
        return fail(error, ERROR_REFUSED,
                    "'%s' is no ordinary file that can be read, so it is not changed.", path);
    if (!g_utf8_validate_len(text, length, NULL))
        return fail(error, ERROR_REFUSED,
                    "'%s' is not UTF-8 text, so it is not changed. Change it by hand, or convert "
                    "it first.",
                    path);
    *ret_text = g_steal_pointer(&text);
    return true;
}

/* The names in FOLDER that match the first component of PATTERN, and so on below. */
static void match_below(const OsRoot *root, const char *folder, const char *pattern,
                        GStrvBuilder *builder)
{
    const char *slash = strchr(pattern, '/');
    g_autofree char *name = slash != NULL ? g_strndup(pattern, (gsize)(slash - pattern)) : NULL;
    g_auto(GStrv) names = os_list(root, folder);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        if (!g_pattern_match_simple(name != NULL ? name : pattern, names[i]))
            continue;
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_autofree char *link = os_read_link(root, path);
        if (slash != NULL)
            match_below(root, path, slash + 1, builder);
        else if (link == NULL && os_is_file(root, path, NULL))
            g_strv_builder_add(builder, path);
    }
}

GStrv host_match(const OsRoot *root, const char *pattern)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    match_below(root, "/", pattern + strspn(pattern, "/"), builder);
    return g_strv_builder_end(builder);
}

bool apply_check_rights(const ApplyHost *host, GError **error)
{
    const char *path = os_root_path(host->root);
    if (os_root_is_live(host->root) ? geteuid() == 0 : access(path, W_OK) == 0)
        return true;
    if (os_root_is_live(host->root))
        return fail(error, ERROR_MISSING,
                    "Changing this host needs root. Run the same command with sudo, or as root.");
    return fail(error, ERROR_MISSING, "'%s' cannot be written to by this user.", path);
}
