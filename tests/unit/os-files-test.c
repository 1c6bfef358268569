/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/files.h"
#include "os/person.h"
#include "os/replace.h"
#include "place.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void replace_keeps_the_old_until_commit(Place *place, gconstpointer data)
{
    put(place, "file", "old");
    g_autofree char *path = in(place, "file");
    g_autoptr(GError) error = NULL;
    g_autoptr(OsReplace) file = os_replace_begin(path, 0640, &error);
    g_assert_no_error(error);
    g_assert_cmpint(write(os_replace_fd(file), "ne", 2), ==, 2);
    FILE *program = fopen(os_replace_path(file), "a");
    fputs("w", program);
    fclose(program);
    assert_file(place, "file", "old");
    g_assert_true(os_replace_commit(file, &error));
    assert_file(place, "file", "new");
    assert_names(place, "file");
    struct stat status;
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 07777, ==, 0640);
}

static void replace_without_commit_leaves_nothing(Place *place, gconstpointer data)
{
    put(place, "file", "old");
    g_autofree char *path = in(place, "file");
    OsReplace *file = os_replace_begin(path, 0644, NULL);
    g_assert_cmpint(write(os_replace_fd(file), "new", 3), ==, 3);
    os_replace_free(file);
    assert_file(place, "file", "old");
    assert_names(place, "file");
}

static void replace_refuses_what_is_no_file(Place *place, gconstpointer data)
{
    put(place, "real", "precious");
    put_link(place, "link", "real");
    put(place, "folder/x", "");
    static const char *const WRONG[] = {"link", "folder", "folder/", ""};
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        g_autofree char *path = WRONG[i][0] == '\0' ? g_strdup("") : in(place, WRONG[i]);
        g_autoptr(GError) error = NULL;
        g_assert_false(os_replace_bytes(path, "x", 1, 0644, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
    g_assert_false(os_replace_bytes("/dev/null", "x", 1, 0644, NULL));
    assert_file(place, "real", "precious");
    assert_names(place, "folder link real");
}

/* A process that dies in the middle, as by SIGKILL. */
static void die_while_replacing(const char *path)
{
    pid_t pid = fork();
    if (pid == 0) {
        OsReplace *file = os_replace_begin(path, 0644, NULL);
        _exit(file != NULL && write(os_replace_fd(file), "half", 4) == 4 ? 0 : 1);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    g_assert_cmpint(status, ==, 0);
}

static void replace_clears_what_the_dead_left(Place *place, gconstpointer data)
{
    g_autofree char *path = in(place, "file");
    put(place, ".other.rootstock-abcdef", "another file's");
    put(place, ".file.rootstock-toolong", "not ours");
    die_while_replacing(path);
    g_autoptr(OsReplace) living = os_replace_begin(path, 0644, NULL);
    g_assert_true(os_replace_bytes(path, "new", 3, 0644, NULL));
    g_assert_true(g_file_test(os_replace_path(living), G_FILE_TEST_EXISTS));
    g_clear_pointer(&living, os_replace_free);
    assert_names(place, ".file.rootstock-toolong .other.rootstock-abcdef file");
}

static void replace_new_never_overwrites(Place *place, gconstpointer data)
{
    g_autofree char *path = in(place, "file");
    g_autoptr(GError) error = NULL;
    g_autoptr(OsReplace) first = os_replace_begin(path, 0644, NULL);
    g_autoptr(OsReplace) second = os_replace_begin(path, 0644, NULL);
    g_assert_cmpint(write(os_replace_fd(first), "first", 5), ==, 5);
    g_assert_true(os_replace_commit_new(first, &error));
    g_assert_false(os_replace_commit_new(second, &error));
    assert_message(error, ERROR_FAILED, "is there already");
    g_clear_pointer(&second, os_replace_free);
    assert_file(place, "file", "first");
    assert_names(place, "file");
}

static void replace_lets_mtools_lock(Place *place, gconstpointer data)
{
    g_autofree char *path = in(place, "file");
    g_autoptr(OsReplace) file = os_replace_begin(path, 0644, NULL);
    int other = open(os_replace_path(file), O_RDWR | O_CLOEXEC);
    g_assert_cmpint(flock(other, LOCK_EX | LOCK_NB), ==, 0);
    close(other);
}

static void replace_takes_the_longest_name(Place *place, gconstpointer data)
{
    g_autofree char *name = g_strnfill(255, 'n');
    g_autofree char *path = in(place, name);
    g_autoptr(GError) error = NULL;
    g_assert_true(os_replace_bytes(path, "x", 1, 0644, &error));
    assert_names(place, name);
}

static int full_disk(const Place *place)
{
    if (mount("small", place->path, "tmpfs", 0, "size=1m") != 0)
        return 77;
    g_autofree char *path = in(place, "file");
    g_autofree char *big = g_malloc0(2 * 1024 * 1024);
    g_autoptr(GError) error = NULL;
    if (!os_replace_bytes(path, "old", 3, 0644, NULL))
        return 1;
    if (os_replace_bytes(path, big, 2 * 1024 * 1024, 0644, &error))
        return 2;
    if (!g_error_matches(error, ROOTSTOCK_ERROR, ERROR_FAILED) ||
        strstr(error->message, "the disk is full") == NULL ||
        strstr(error->message, place->path) == NULL)
        return 3;
    assert_file(place, "file", "old");
    assert_names(place, "file");
    return 0;
}

static void full_disk_leaves_the_old_file(Place *place, gconstpointer data)
{
    in_own_mounts(place, full_disk);
}

static void remove_does_not_follow_links(Place *place, gconstpointer data)
{
    put(place, "keep/file", "precious");
    put(place, "gone/a/b/file", "x");
    put_link(place, "gone/a/link", "../../keep");
    put_link(place, "link", "keep");
    g_autofree char *gone = in(place, "gone");
    g_autofree char *link = in(place, "link/");
    g_autofree char *nothing = in(place, "nothing/at/all");
    g_assert_true(os_remove(gone, NULL));
    g_assert_true(os_remove(gone, NULL));
    g_assert_true(os_remove(link, NULL));
    g_assert_true(os_remove(nothing, NULL));
    assert_names(place, "keep");
    assert_file(place, "keep/file", "precious");
    g_autofree char *dots = in(place, "keep/..");
    g_autoptr(GError) error = NULL;
    g_assert_false(os_remove(dots, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    assert_file(place, "keep/file", "precious");
}

static int foreign_mount(const Place *place)
{
    g_autofree char *mounted = in(place, "gone/mounted");
    g_autofree char *keep = in(place, "keep");
    g_autofree char *gone = in(place, "gone");
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || mount(keep, mounted, NULL, MS_BIND, NULL) != 0)
        return 77;
    g_autoptr(GError) error = NULL;
    if (os_remove(gone, &error) || strstr(error->message, "mounted") == NULL)
        return 1;
    g_clear_error(&error);
    if (os_remove(mounted, &error) || strstr(error->message, "mounted") == NULL)
        return 2;
    assert_file(place, "keep/file", "precious");
    return 0;
}

static void remove_stays_on_the_file_system(Place *place, gconstpointer data)
{
    put(place, "keep/file", "precious");
    put(place, "gone/mounted/under", "");
    in_own_mounts(place, foreign_mount);
}

static void read_file_is_bounded(Place *place, gconstpointer data)
{
    put(place, "file", "12345");
    g_autofree char *path = in(place, "file");
    g_autofree char *nothing = in(place, "nothing");
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    g_autofree char *text = os_read_file(path, 5, &length, &error);
    g_assert_cmpstr(text, ==, "12345");
    g_assert_cmpuint(length, ==, 5);
    g_assert_null(os_read_file(path, 4, &length, &error));
    assert_message(error, ERROR_INPUT, "longer than the 4 bytes");
    g_clear_error(&error);
    g_assert_null(os_read_file(nothing, 4, NULL, &error));
    assert_message(error, ERROR_INPUT, "nothing");
    g_clear_error(&error);
    g_assert_null(os_read_file(place->path, 4, NULL, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
}

static void folders_are_made_and_explained(Place *place, gconstpointer data)
{
    put(place, "file", "");
    g_autofree char *deep = in(place, "a/b/c");
    g_autofree char *through = in(place, "file/b");
    g_autoptr(GError) error = NULL;
    g_assert_true(os_make_folders(deep, 0700, &error));
    g_assert_true(os_make_folders(deep, 0700, &error));
    g_assert_false(os_make_folders(through, 0700, &error));
    assert_message(error, ERROR_FAILED, "file/b");
}

static void lock_excludes(Place *place, gconstpointer data)
{
    g_autofree char *path = in(place, "lock");
    g_autoptr(GError) error = NULL;
    OsLock *lock = os_lock(path, 0, "machine demo", &error);
    g_assert_no_error(error);
    g_assert_null(os_lock(path, 0, "machine demo", &error));
    assert_message(error, ERROR_FAILED, "machine demo");
    g_clear_error(&error);
    g_assert_null(os_lock(path, 20, "machine demo", &error));
    os_lock_free(lock);
    g_autoptr(OsLock) again = os_lock(path, 0, "machine demo", NULL);
    g_assert_nonnull(again);
    /* A removed file is another lock: who holds the old one does not keep others from the new. */
    g_assert_cmpint(unlink(path), ==, 0);
    g_autoptr(OsLock) fresh = os_lock(path, 0, "machine demo", NULL);
    g_assert_nonnull(fresh);
}

static void lock_ends_with_its_holder(Place *place, gconstpointer data)
{
    g_autofree char *path = in(place, "lock");
    pid_t pid = fork();
    if (pid == 0)
        _exit(os_lock(path, 0, "it", NULL) != NULL ? 0 : 1);
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, 0);
    g_autoptr(OsLock) lock = os_lock(path, 0, "it", NULL);
    g_assert_nonnull(lock);
}

/* A name that would lead elsewhere is no folder's. */
static void a_person_has_a_folder_for_images(void)
{
    g_autofree char *folder = os_images_folder("jo");
    g_assert_cmpstr(folder, ==, "/var/lib/libvirt/images/rootstock-jo");
    g_assert_null(os_images_folder("jo/../../../etc"));
    g_assert_null(os_images_folder(".."));
    g_assert_null(os_images_folder(""));
    g_assert_null(os_images_folder(NULL));
    g_autofree char *store = os_store_folder(geteuid());
    g_assert_true(g_path_is_absolute(store));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/os/replace/commit", replace_keeps_the_old_until_commit);
    PLACE_TEST("/os/replace/abandon", replace_without_commit_leaves_nothing);
    PLACE_TEST("/os/replace/refuse", replace_refuses_what_is_no_file);
    PLACE_TEST("/os/replace/stale", replace_clears_what_the_dead_left);
    PLACE_TEST("/os/replace/new", replace_new_never_overwrites);
    PLACE_TEST("/os/replace/mtools", replace_lets_mtools_lock);
    PLACE_TEST("/os/replace/long-name", replace_takes_the_longest_name);
    PLACE_TEST("/os/replace/full-disk", full_disk_leaves_the_old_file);
    PLACE_TEST("/os/files/remove", remove_does_not_follow_links);
    PLACE_TEST("/os/files/remove-mount", remove_stays_on_the_file_system);
    PLACE_TEST("/os/files/read", read_file_is_bounded);
    PLACE_TEST("/os/files/folders", folders_are_made_and_explained);
    PLACE_TEST("/os/files/lock", lock_excludes);
    PLACE_TEST("/os/files/lock-death", lock_ends_with_its_holder);
    g_test_add_func("/os/person/images", a_person_has_a_folder_for_images);
    return g_test_run();
}
