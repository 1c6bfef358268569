/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/firmware-images.h"
#include "facts/packages.h"
#include "facts/qemu-version.h"
#include "os/command.h"

#include <stdlib.h>
#include <string.h>

/* A program that only prints its version and takes longer than this does not work. */
#define VERSION_TIMEOUT_MS 3000

/* Where the program NAME is, as an absolute path; "" when it is in none of the usual folders, NULL
 * when these cannot be read. */
static char *find_program(const OsRoot *root, const char *const *names)
{
    static const char *const FOLDERS[] = {"usr/local/bin", "usr/bin", "usr/libexec", "bin",
                                          "run/current-system/sw/bin"};

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *found = os_root_is_live(root) ? os_find_program(names[i]) : NULL;
        if (found != NULL)
            return g_steal_pointer(&found);
        for (guint j = 0; j < G_N_ELEMENTS(FOLDERS); j++) {
            g_autofree char *path = g_strdup_printf("/%s/%s", FOLDERS[j], names[i]);
            if (os_exists(root, path))
                return g_steal_pointer(&path);
        }
    }
    return os_exists(root, "usr/bin") || os_exists(root, "run/current-system/sw/bin") ? g_strdup("")
                                                                                      : NULL;
}

/* What `qemu --version` says: "QEMU emulator version 8.2.2 (...)". */
static char *ask_qemu(const char *path)
{
    const char *argv[] = {path, "--version", NULL};
    OsRunOptions options = {.timeout_ms = VERSION_TIMEOUT_MS, .output_max = 4096};
    g_autoptr(OsOutput) output = os_run(argv, &options, NULL);
    const char *words = output != NULL ? strstr(output->out, "version ") : NULL;
    if (words == NULL)
        return NULL;
    words += strlen("version ");
    gsize length = strspn(words, "0123456789.");
    return length > 0 ? g_strndup(words, length) : NULL;
}

/* From the file itself where it can be read, from the program where it may be run, and from the
 * package's version, which may lack the last number, where neither can be. */
static char *find_qemu_version(const OsRoot *root, const char *path)
{
    static const char *const PACKAGES[] = {"qemu-system-x86", "qemu-system-x86-core"};

    if (path != NULL && *path == '\0')
        return g_strdup("");
    char *version = path != NULL ? qemu_version_inside(root, path) : NULL;
    if (version == NULL && path != NULL && os_root_is_live(root))
        version = ask_qemu(path);
    for (guint i = 0; version == NULL && i < G_N_ELEMENTS(PACKAGES); i++)
        version = package_version(root, PACKAGES[i]);
    return version;
}

/* libvirt 9.7.1 is the library libvirt.so.0.9007.1 (libvirt's meson.build, libvirt_lib_version),
 * and libvirt.so.0 is a link to it. */
static char *version_of_library(const char *name)
{
    const char *prefix = "libvirt.so.0.";
    if (name == NULL || !g_str_has_prefix(name, prefix))
        return NULL;
    char *end = NULL;
    guint64 number = g_ascii_strtoull(name + strlen(prefix), &end, 10);
    if (number < 1000 || number > G_MAXINT || *end != '.' || !g_ascii_isdigit(end[1]))
        return NULL;
    return g_strdup_printf("%u.%u.%u", (guint)(number / 1000), (guint)(number % 1000),
                           (guint)g_ascii_strtoull(end + 1, NULL, 10));
}

static char *find_libvirt_version(const OsRoot *root)
{
    static const char *const FOLDERS[] = {"usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib",
                                          "usr/local/lib/x86_64-linux-gnu", "usr/local/lib64"};
    static const char *const PACKAGES[] = {"libvirt0", "libvirt-daemon", "libvirt"};
    char *version = NULL;

    for (guint i = 0; version == NULL && i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *path = g_build_filename(FOLDERS[i], "libvirt.so.0", NULL);
        g_autofree char *library = os_link_name(root, path);
        version = version_of_library(library);
    }
    for (guint i = 0; version == NULL && i < G_N_ELEMENTS(PACKAGES); i++)
        version = package_version(root, PACKAGES[i]);
    return version;
}

/* The one daemon of old, or the daemon for QEMU of those that took its place. */
static void find_daemon(const OsRoot *root, SoftwareFacts *software)
{
    static const char *const SOCKETS[] = {"/run/libvirt/libvirt-sock",
                                          "/run/libvirt/virtqemud-sock",
                                          "/var/run/libvirt/libvirt-sock"};

    for (guint i = 0; i < G_N_ELEMENTS(SOCKETS); i++) {
        if (os_exists(root, SOCKETS[i])) {
            software->libvirt_daemon = TRI_YES;
            software->libvirt_socket = g_strdup(SOCKETS[i]);
            return;
        }
    }
    if (os_exists(root, "run"))
        software->libvirt_daemon = TRI_NO;
}

/* The account that the administrator chose in libvirt's qemu.conf ("user = \"qemu\""). */
static char *configured_user(const OsRoot *root)
{
    g_autofree char *text = os_read_text(root, "etc/libvirt/qemu.conf", NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        if (!g_str_has_prefix(line, "user"))
            continue;
        line += strlen("user");
        line += strspn(line, " \t");
        if (*line != '=')
            continue;
        g_auto(GStrv) parts = g_strsplit(line, "\"", 3);
        if (g_strv_length(parts) == 3 && *parts[1] != '\0')
            return g_strdup(*parts[1] == '+' ? parts[1] + 1 : parts[1]);
    }
    return NULL;
}

/* Debian's family calls the account libvirt-qemu and the others qemu. */
static char *find_qemu_user(const OsRoot *root)
{
    static const char *const NAMES[] = {"libvirt-qemu", "qemu"};
    g_autofree char *text = os_read_text(root, "etc/passwd", NULL);
    g_autofree char *accounts = g_strconcat("\n", text != NULL ? text : "", NULL);
    char *user = configured_user(root);

    for (guint i = 0; user == NULL && i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *line = g_strdup_printf("\n%s:", NAMES[i]);
        if (strstr(accounts, line) != NULL)
            user = g_strdup(NAMES[i]);
    }
    return user;
}

void facts_collect_software(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    static const char *const QEMU[] = {"qemu-system-x86_64", "qemu-kvm", NULL};
    static const char *const QEMU_IMG[] = {"qemu-img", NULL};
    SoftwareFacts *software = &facts->software;

    software->qemu_path = find_program(root, QEMU);
    software->qemu_version = find_qemu_version(root, software->qemu_path);
    software->qemu_img_path = find_program(root, QEMU_IMG);
    software->libvirt_version = find_libvirt_version(root);
    software->qemu_user = find_qemu_user(root);
    software->firmware = firmware_images_read(root);
    software->packages = packages_installed(root);
    find_daemon(root, software);
}
