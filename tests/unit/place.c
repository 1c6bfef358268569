/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "os/command.h"
#include "os/files.h"
#include "os/root.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

void place_open(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    place->path = os_make_temporary_folder(g_get_tmp_dir(), "rootstock-test", &error);
    g_assert_no_error(error);
}

void place_close(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(os_remove(place->path, &error));
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    g_free(place->path);
}

char *in(const Place *place, const char *name)
{
    return g_build_filename(place->path, name, NULL);
}

void put(const Place *place, const char *name, const char *text)
{
    g_autofree char *path = in(place, name);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_true(os_make_folders(folder, 0755, NULL));
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

void put_link(const Place *place, const char *name, const char *target)
{
    g_autofree char *path = in(place, name);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_true(os_make_folders(folder, 0755, NULL));
    g_assert_cmpint(symlink(target, path), ==, 0);
}

void assert_file(const Place *place, const char *name, const char *expected)
{
    g_autofree char *path = in(place, name);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

void assert_names(const Place *place, const char *expected)
{
    g_autoptr(OsRoot) root = os_root_open(place->path, NULL);
    g_auto(GStrv) names = os_list(root, "");
    g_autofree char *joined = g_strjoinv(" ", names);
    g_assert_cmpstr(joined, ==, expected);
}

bool has_programs(const char *const *names)
{
    for (; *names != NULL; names++) {
        g_autofree char *path = os_find_program(*names);
        if (path == NULL) {
            g_autofree char *why = g_strdup_printf("%s is not installed", *names);
            g_test_skip(why);
            return false;
        }
    }
    return true;
}

void assert_message(const GError *error, ErrorCode code, const char *part)
{
    g_assert_error(error, ROOTSTOCK_ERROR, (int)code);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' is not in: %s", part, error->message);
}

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return written;
}

/* Lets this process mount what nobody else sees, as root or without. */
static bool own_mounts(void)
{
    g_autofree char *users = g_strdup_printf("0 %u 1", (guint)geteuid());
    g_autofree char *groups = g_strdup_printf("0 %u 1", (guint)getegid());
    bool root = geteuid() == 0;
    if (unshare(CLONE_NEWNS | (root ? 0 : CLONE_NEWUSER)) != 0)
        return false;
    if (!root &&
        (!write_text("/proc/self/uid_map", users) || !write_text("/proc/self/setgroups", "deny") ||
         !write_text("/proc/self/gid_map", groups)))
        return false;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

void in_own_mounts(const Place *place, int (*function)(const Place *place))
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(own_mounts() ? function(place) : 77);
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        g_test_skip("a mount in a namespace of one's own is not allowed here");
    else
        g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}
