/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/users.h"

#include <glib.h>
#include <stdbool.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How long a killed QEMU may take to be gone. */
#define USERS_PATIENCE_MS 2000

/* Whether the arguments in COMMAND (each ended by NUL) are a QEMU's that uses a file below FOLDER.
 */
static bool users_is_qemu_of(const char *command, gsize length, const char *folder)
{
    g_autofree char *program = g_path_get_basename(length > 0 ? command : "-");
    if (!g_str_has_prefix(program, "qemu-system-"))
        return false;
    g_autofree char *below = g_strconcat(folder, "/", NULL);
    return memmem(command, length, below, strlen(below)) != NULL;
}

/* Kills process NAME if it is one. The handle is taken before the command line is read, so that the
 * number cannot have passed to another process in between. Returns the handle, or -1. */
static int users_kill(const char *name, const char *folder)
{
    int handle = (int)syscall(SYS_pidfd_open, atoi(name), 0);
    if (handle < 0)
        return -1;
    g_autofree char *path = g_strdup_printf("/proc/%s/cmdline", name);
    g_autofree char *command = NULL;
    gsize length = 0;
    if (g_file_get_contents(path, &command, &length, NULL) &&
        users_is_qemu_of(command, length, folder) &&
        syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0) == 0)
        return handle;
    close(handle);
    return -1;
}

void users_kill_all(const char *folder)
{
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    const char *name;
    while (proc != NULL && (name = g_dir_read_name(proc)) != NULL) {
        int handle = g_ascii_isdigit(name[0]) ? users_kill(name, folder) : -1;
        if (handle < 0)
            continue;
        struct pollfd gone = {.fd = handle, .events = POLLIN};
        poll(&gone, 1, USERS_PATIENCE_MS);
        close(handle);
    }
}
