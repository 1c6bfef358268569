/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "os/files.h"
#include "run/account.h"
#include "run/console.h"
#include "run/copy.h"
#include "run/folder.h"
#include "run/guard.h"
#include "run/locks.h"
#include "run/screen.h"
#include "run/users.h"
#include "run/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TESTS_MAX_S 60

static char *scratch;

static char *below(const char *name)
{
    return g_build_filename(scratch, name, NULL);
}

static void make_scratch(void)
{
    g_autoptr(GError) error = NULL;
    scratch = os_make_temporary_folder("/var/tmp", "r", &error);
    g_assert_no_error(error);
}

static void remove_scratch(void)
{
    os_remove(scratch, NULL);
    g_clear_pointer(&scratch, g_free);
}

/* The marker may come in pieces, and what is over the limit is told. */
static void console_finds_the_marker(void)
{
    g_autoptr(Console) console = console_new(16);
    console_append(console, "xxEN", 4);
    g_assert_false(console_has(console, "END"));
    console_append(console, "D", 1);
    g_assert_true(console_has(console, "END"));
    g_assert_false(console_overflowed(console));
    console_append(console, "0123456789abcdef", 16);
    g_assert_true(console_overflowed(console));
    g_autoptr(GBytes) bytes = console_bytes(console);
    g_assert_cmpuint(g_bytes_get_size(bytes), ==, 16);
    g_assert_cmpstr(g_bytes_get_data(bytes, NULL), ==, "xxEND0123456789a");
}

static void copies_keep_holes(void)
{
    make_scratch();
    g_autofree char *from = below("from"), *to = below("to"), *empty = below("empty");
    g_autoptr(GError) error = NULL;
    int fd = open(from, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    g_assert_cmpint(ftruncate(fd, 64 << 20), ==, 0);
    g_assert_cmpint(pwrite(fd, "middle", 6, 32 << 20), ==, 6);
    close(fd);
    g_assert_true(copy_file(from, to, "The sample", &error));
    g_assert_no_error(error);
    struct stat status;
    g_assert_cmpint(stat(to, &status), ==, 0);
    g_assert_cmpint(status.st_size, ==, 64 << 20);
    g_assert_cmpint(status.st_blocks, <, 1024);
    fd = open(to, O_RDONLY | O_CLOEXEC);
    char data[6];
    g_assert_cmpint(pread(fd, data, 6, 32 << 20), ==, 6);
    g_assert_cmpmem(data, 6, "middle", 6);
    close(fd);
    g_assert_true(copy_empty(empty, G_GINT64_CONSTANT(1) << 40, &error));
    g_assert_cmpint(stat(empty, &status), ==, 0);
    g_assert_cmpint(status.st_blocks, ==, 0);
    g_assert_false(copy_file("/nowhere/x", empty, "The sample", &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_MISSING);
    remove_scratch();
}

/* A file that is there already is never written over. */
static void copies_are_new_files(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch();
    g_autofree char *path = below("file");
    g_assert_true(copy_bytes(path, "x", 1, &error));
    g_assert_false(copy_bytes(path, "y", 1, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, path));
    remove_scratch();
}

static void full_disk_is_said(void)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        g_test_skip("A small file system can be mounted by root only.");
        return;
    }
    make_scratch();
    g_autofree char *small = below("small"), *from = below("from");
    g_assert_cmpint(mkdir(small, 0700), ==, 0);
    g_assert_cmpint(mount("tmpfs", small, "tmpfs", 0, "size=64k"), ==, 0);
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_malloc0(256 * 1024);
    g_assert_true(copy_bytes(from, data, 256 * 1024, &error));
    g_autofree char *to = g_build_filename(small, "to", NULL);
    g_assert_false(copy_file(from, to, "The sample", &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, g_strerror(ENOSPC)));
    g_assert_cmpint(umount(small), ==, 0);
    remove_scratch();
}

static GBytes *ppm(const char *header, gsize samples)
{
    GByteArray *data = g_byte_array_new();
    g_byte_array_append(data, (const guint8 *)header, (guint)strlen(header));
    gsize start = data->len;
    g_byte_array_set_size(data, (guint)(start + samples));
    if (samples > 0)
        memset(data->data + start, 0x7f, samples);
    return g_byte_array_free_to_bytes(data);
}

static void assert_no_picture(GBytes *picture)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = below("no.png");
    g_assert_false(screen_to_png(picture, path, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_bytes_unref(picture);
}

static void pictures_become_png(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch();
    g_autofree char *path = below("a.png"), *again = below("b.png");
    g_autoptr(GBytes) picture = ppm("P6\n# QEMU\n4 3\n255\n", 36);
    g_assert_true(screen_to_png(picture, path, &error));
    g_assert_no_error(error);
    gsize length = 0;
    char *data = os_read_file(path, 4096, &length, &error);
    g_assert_cmpmem(data, 8, "\x89PNG\r\n\x1a\n", 8);
    g_autoptr(GBytes) png = g_bytes_new_take(data, length);
    g_assert_true(screen_to_png(png, again, &error));
    g_autofree char *same = os_read_file(again, 4096, &length, &error);
    g_assert_cmpmem(same, length, data, g_bytes_get_size(png));
    assert_no_picture(ppm("P6\n4 3\n255\n", 35));
    assert_no_picture(ppm("P6\n99999 99999\n255\n", 36));
    assert_no_picture(ppm("P5\n4 3\n255\n", 36));
    assert_no_picture(ppm("", 0));
    assert_no_picture(g_bytes_new_from_bytes(png, 0, 40));
    remove_scratch();
}

/* A folder in use stays; one whose owner is gone does not, nor does anything else of that name. */
static void left_folders_are_swept(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch();
    g_autofree char *left = below("p-left0"), *other = below("keep"), *link = below("p-link0");
    g_assert_cmpint(mkdir(left, 0700), ==, 0);
    g_assert_cmpint(mkdir(other, 0700), ==, 0);
    g_assert_cmpint(symlink(other, link), ==, 0);
    g_autoptr(RunFolder) first = run_folder_make(scratch, &error);
    g_assert_no_error(error);
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(other, G_FILE_TEST_IS_DIR));
    g_autoptr(RunFolder) second = run_folder_make(scratch, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_test(run_folder_path(first), G_FILE_TEST_IS_DIR));
    struct stat status;
    g_assert_cmpint(stat(run_folder_path(first), &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0711);
    g_autofree char *path = g_strdup(run_folder_path(first));
    g_clear_pointer(&first, run_folder_free);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_clear_pointer(&second, run_folder_free);
    remove_scratch();
}

static void long_paths_are_refused(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch();
    g_autofree char *name = g_strnfill(60, 'x');
    g_autofree char *parent = below(name);
    g_assert_null(run_folder_make(parent, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    g_autoptr(GDir) names = g_dir_open(parent, 0, NULL);
    g_assert_cmpstr(g_dir_read_name(names), ==, ".lock");
    g_assert_null(g_dir_read_name(names));
    remove_scratch();
}

/* A daemon: in a session of its own, its parent gone. Its process number goes to OUT. */
static void start_daemon(int out)
{
    pid_t middle = fork();
    if (middle == 0) {
        setsid();
        pid_t daemon = fork();
        /* its parent tells of it: the daemon itself may be killed before it has run at all */
        if (daemon != 0)
            _exit(write(out, &daemon, sizeof daemon) == sizeof daemon ? 0 : 1);
        close(out);
        for (;;)
            pause();
    }
    waitpid(middle, NULL, 0);
}

static int work_and_return(void *data, int out)
{
    start_daemon(out);
    return 7;
}

static int work_on(void *data, int out)
{
    start_daemon(out);
    while (pause() < 0)
        continue;
    return 0;
}

static bool start(Guard *guard, GuardWork work, GError **error)
{
    GuardJob job = {.folder = scratch, .work = work, .patience_ms = 10000};
    return guard_start(guard, &job, error);
}

static pid_t read_daemon(const Guard *guard)
{
    pid_t daemon = -1;
    g_assert_cmpint(read(guard->out, &daemon, sizeof daemon), ==, sizeof daemon);
    g_assert_cmpint(daemon, >, 0);
    return daemon;
}

static void assert_gone(pid_t pid)
{
    g_assert_cmpint(kill(pid, 0), ==, -1);
    g_assert_cmpint(errno, ==, ESRCH);
}

/* What the worker started ends with it, whether it returned or was still at work. */
static void the_guard_ends_daemons(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch();
    Guard guard;
    g_assert_true(start(&guard, work_and_return, &error));
    pid_t daemon = read_daemon(&guard);
    char byte;
    g_assert_cmpint(read(guard.out, &byte, 1), ==, 0); /* the end: nobody can write any more */
    assert_gone(daemon);
    g_assert_cmpint(guard_finish(&guard), ==, 7);

    g_assert_true(start(&guard, work_on, &error));
    daemon = read_daemon(&guard);
    g_assert_cmpint(kill(daemon, 0), ==, 0);
    g_assert_cmpint(guard_finish(&guard), ==, -1);
    assert_gone(daemon);
    g_assert_true(g_file_test(scratch, G_FILE_TEST_IS_DIR));
    remove_scratch();
}

static int work_without_heed(void *data, int out)
{
    signal(SIGTERM, SIG_IGN);
    return work_on(data, out);
}

/* A worker inside a call that does not end, as libvirt's may, is killed. */
static void the_guard_waits_no_longer_than_told(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch();
    Guard guard;
    GuardJob job = {.folder = scratch, .work = work_without_heed, .patience_ms = 100};
    g_assert_true(guard_start(&guard, &job, &error));
    pid_t daemon = read_daemon(&guard);
    gint64 start = g_get_monotonic_time();
    g_assert_cmpint(guard_finish(&guard), ==, -1);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    assert_gone(daemon);
    remove_scratch();
}

/* A process that calls itself NAME, has FILE among its arguments, and ends when its standard input
 * does, which is returned. */
static int start_named(const char *name, const char *file, pid_t *ret_pid)
{
    int input[2], ready[2];
    g_assert_cmpint(pipe2(input, O_CLOEXEC), ==, 0);
    g_assert_cmpint(pipe2(ready, O_CLOEXEC), ==, 0);
    *ret_pid = fork();
    if (*ret_pid == 0) {
        dup2(input[0], STDIN_FILENO);
        execl("/bin/sh", name, "-c", "read x", file, NULL);
        _exit(1);
    }
    close(input[0]);
    close(ready[1]);
    char byte;
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 0); /* closed by the exec */
    close(ready[0]);
    return input[1];
}

/* The program dies: this process takes its place as the parent of the guard and waits for it. What
 * looks like the QEMU of a libvirt daemon, which is no child of the worker, goes as well. */
static void the_guard_outlives_the_program(void)
{
    make_scratch();
    int daemon_out[2];
    g_assert_cmpint(pipe(daemon_out), ==, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    g_autofree char *disk = below("disk.img");
    pid_t qemu;
    int input = start_named("/usr/bin/qemu-system-x86_64", disk, &qemu);
    pid_t program = fork();
    if (program == 0) {
        Guard guard;
        if (!start(&guard, work_on, NULL))
            _exit(1);
        pid_t daemon = read_daemon(&guard);
        if (write(daemon_out[1], &daemon, sizeof daemon) != sizeof daemon)
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int status = 0, qemu_status = 0;
    pid_t ended;
    while ((ended = wait(&status)) > 0 || errno == EINTR) {
        if (ended == qemu)
            qemu_status = status;
    }
    close(input);
    g_assert_true(WIFSIGNALED(qemu_status));
    pid_t daemon = -1;
    g_assert_cmpint(read(daemon_out[0], &daemon, sizeof daemon), ==, sizeof daemon);
    close(daemon_out[0]);
    close(daemon_out[1]);
    assert_gone(daemon);
    g_assert_false(g_file_test(scratch, G_FILE_TEST_EXISTS));
    remove_scratch();
}

/* Only a program named like QEMU that uses the folder is killed. */
static void only_qemu_of_the_folder_is_killed(void)
{
    make_scratch();
    g_autofree char *mine = below("disk.img"), *elsewhere = g_strconcat(scratch, "-other", NULL);
    const struct {
        const char *name, *file;
        bool killed;
    } CASES[] = {{"/usr/bin/qemu-system-x86_64", mine, true},
                 {"/usr/bin/qemu-system-x86_64", elsewhere, false},
                 {"sh", mine, false}};
    pid_t pids[G_N_ELEMENTS(CASES)];
    int inputs[G_N_ELEMENTS(CASES)];
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        inputs[i] = start_named(CASES[i].name, CASES[i].file, &pids[i]);
    users_kill_all(scratch);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int status;
        close(inputs[i]);
        g_assert_cmpint(waitpid(pids[i], &status, 0), ==, pids[i]);
        g_assert_cmpint(WIFSIGNALED(status), ==, CASES[i].killed);
    }
    remove_scratch();
}

static void qemu_is_quoted_without_noise(void)
{
    static const char LOG[] =
        "2026-11-23 05:54:25.629+0000: starting up libvirt version: 9.0.0\n"
        "LC_ALL=C \\\n"
        "/usr/bin/qemu-system-x86_64 \\\n"
        "-msg timestamp=on\n"
        "2026-11-23T06:25:10.462065Z qemu-system-x86_64: warning: TCG doesn't support pcid\n"
        "2026-11-23T06:25:10.463033Z qemu-system-x86_64: cannot do it\n"
        "2026-11-23T06:25:10.463038Z qemu-system-x86_64: info: try another\n"
        "2026-11-23T06:25:11.406291Z qemu-system-x86_64: terminating on signal 15 from pid 1\n"
        "2026-11-23 05:54:26.629+0000: shutting down, reason=failed\n";
    g_autofree char *all = words_of_log(LOG, "");
    g_assert_cmpstr(all, ==,
                    "qemu-system-x86_64: cannot do it\n"
                    "qemu-system-x86_64: info: try another");
    g_autofree char *rest = words_of_log(LOG, all);
    g_assert_cmpstr(rest, ==, "");
}

/* Only the lock of that process goes; what the name links to stays. */
static void locks_of_the_ended_go(void)
{
    make_scratch();
    g_autofree char *mine = below("LCK.._pts_0"), *other = below("LCK.._pts_1");
    g_autofree char *no_lock = below("pts_0"), *link = below("LCK.._pts_2");
    g_assert_true(g_file_set_contents(mine, "      4711\n", -1, NULL));
    g_assert_true(g_file_set_contents(other, "     47110\n", -1, NULL));
    g_assert_true(g_file_set_contents(no_lock, "      4711\n", -1, NULL));
    g_assert_cmpint(symlink(no_lock, link), ==, 0);
    locks_remove(scratch, 4711);
    g_assert_false(g_file_test(mine, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(no_lock, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    remove_scratch();
}

static void reach_is_asked_of_the_kernel(void)
{
    g_autoptr(GError) error = NULL;
    make_scratch(); /* mode 0700 */
    g_autofree char *inner = below("inner");
    g_assert_cmpint(mkdir(inner, 0755), ==, 0);
    g_assert_true(account_may(g_get_user_name(), scratch, X_OK) == TRI_YES);
    g_assert_true(account_may("no-such-account", "/", X_OK) ==
                  (geteuid() == 0 ? TRI_UNKNOWN : TRI_YES));
    if (geteuid() == 0) {
        g_assert_false(account_check_folder("nobody", inner, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
        g_autofree char *blamed = g_strdup_printf("may not enter %s.", scratch);
        g_assert_nonnull(strstr(error->message, blamed));
    }
    remove_scratch();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    alarm(TESTS_MAX_S); /* a wait without an end is a failure, too */
    g_test_add_func("/run/console", console_finds_the_marker);
    g_test_add_func("/run/copy", copies_keep_holes);
    g_test_add_func("/run/copy-new", copies_are_new_files);
    g_test_add_func("/run/full-disk", full_disk_is_said);
    g_test_add_func("/run/picture", pictures_become_png);
    g_test_add_func("/run/sweep", left_folders_are_swept);
    g_test_add_func("/run/long-path", long_paths_are_refused);
    g_test_add_func("/run/guard", the_guard_ends_daemons);
    g_test_add_func("/run/guard-patience", the_guard_waits_no_longer_than_told);
    g_test_add_func("/run/guard-alone", the_guard_outlives_the_program);
    g_test_add_func("/run/users", only_qemu_of_the_folder_is_killed);
    g_test_add_func("/run/words", qemu_is_quoted_without_noise);
    g_test_add_func("/run/locks", locks_of_the_ended_go);
    g_test_add_func("/run/account", reach_is_asked_of_the_kernel);
    return g_test_run();
}
