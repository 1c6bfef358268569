/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/embed.h"

#include "base/error.h"
#include "os/files.h"
#include "os/replace.h"
#include "run/account.h"
#include "run/copy.h"
#include "run/words.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define EMBED_CAPABILITIES "cache/qemu/capabilities"
#define EMBED_CACHE_FILE_MAX (4 * 1024 * 1024)
#define EMBED_LOG_MAX (1024 * 1024)

/* Whether the root folder is that of a mount. In a chroot it is not, and QEMU's private /dev, for
 * which libvirt makes mounts of its own, cannot be had (unshare of a mount namespace works, making
 * its root private fails). */
static bool root_is_mount(void)
{
    struct statx status;
    if (statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &status) != 0 ||
        !(status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
        return true;
    return status.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* What is not set here keeps libvirt's default for this host: its sandbox, its private /dev, its
 * AppArmor or SELinux driver, ownership by the account. */
static char *embed_configuration(const char *qemu_user)
{
    g_autoptr(GString) text = g_string_new("# Made by rootstock for one run.\n");
    /* Else it needs the daemon virtlogd. */
    g_string_append(text, "stdio_handler = \"file\"\n");
    g_autofree char *group = geteuid() == 0 && qemu_user != NULL ? account_group(qemu_user) : NULL;
    if (group != NULL)
        g_string_append_printf(text, "user = \"%s\"\ngroup = \"%s\"\n", qemu_user, group);
    /* Where systemd does not keep the groups, they would stay behind after a kill. */
    if (!g_file_test("/run/systemd/system", G_FILE_TEST_IS_DIR))
        g_string_append(text, "cgroup_controllers = []\n");
    if (!root_is_mount())
        g_string_append(text, "namespaces = []\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Copies the cache files in FROM to TO, whole or not at all; those that are the same are left. */
static void embed_copy_cache(const char *from, const char *to)
{
    g_autoptr(GDir) names = g_dir_open(from, 0, NULL);
    const char *name;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        if (!g_str_has_suffix(name, ".xml"))
            continue;
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        gsize length = 0, old_length = 0;
        g_autofree char *data = os_read_file(source, EMBED_CACHE_FILE_MAX, &length, NULL);
        g_autofree char *old = os_read_file(target, EMBED_CACHE_FILE_MAX, &old_length, NULL);
        if (data == NULL || (old != NULL && length == old_length && memcmp(data, old, length) == 0))
            continue;
        os_replace_bytes(target, data, length, 0600, NULL);
    }
}

static char *embed_kept(const char *cache)
{
    return g_build_filename(cache, "libvirt", "capabilities", NULL);
}

bool embed_make(const char *folder, const char *cache, const char *qemu_user, GError **error)
{
    g_autofree char *etc = g_build_filename(folder, "etc", NULL);
    g_autofree char *capabilities = g_build_filename(folder, EMBED_CAPABILITIES, NULL);
    if (!os_make_folders(etc, 0711, error) || !os_make_folders(capabilities, 0711, error))
        return false;
    if (cache != NULL) {
        g_autofree char *kept = embed_kept(cache);
        embed_copy_cache(kept, capabilities);
    }
    g_autofree char *path = g_build_filename(etc, "qemu.conf", NULL);
    g_autofree char *text = embed_configuration(qemu_user);
    return copy_bytes(path, text, strlen(text), error);
}

void embed_keep_cache(const char *folder, const char *cache)
{
    g_autofree char *capabilities = g_build_filename(folder, EMBED_CAPABILITIES, NULL);
    g_autofree char *kept = embed_kept(cache);
    if (os_make_folders(kept, 0700, NULL))
        embed_copy_cache(capabilities, kept);
}

char *embed_uri(const char *folder)
{
    g_autofree char *escaped = g_uri_escape_string(folder, "/", FALSE);
    return g_strconcat("qemu:///embed?root=", escaped, NULL);
}

void embed_hide_kvm(void)
{
    /* On a mount of its own without device nodes, opening it fails for root's programs too. */
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0 ||
        mount("/dev/kvm", "/dev/kvm", NULL, MS_BIND, NULL) != 0)
        return;
    mount(NULL, "/dev/kvm", NULL, MS_BIND | MS_REMOUNT | MS_NODEV, NULL);
}

char *embed_qemu_messages(const char *folder, const char *name, const char *known)
{
    g_autofree char *file = g_strconcat(name, ".log", NULL);
    g_autofree char *path = g_build_filename(folder, "log", "qemu", file, NULL);
    g_autofree char *log = os_read_file(path, EMBED_LOG_MAX, NULL, NULL);
    return words_of_log(log != NULL ? log : "", known);
}
