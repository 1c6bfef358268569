/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/cancel.h"
#include "os/command.h"
#include "place.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_gives_output_and_input(void)
{
    g_autoptr(GError) error = NULL;
    const char *argv[] = {"cat", NULL};
    OsRunOptions options = {.input = "one\ntwo\n"};
    g_autoptr(OsOutput) output = os_run(argv, &options, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(output->out, ==, "one\ntwo\n");
    g_assert_cmpstr(output->err, ==, "");
    const char *none[] = {"cat", NULL};
    g_autoptr(OsOutput) empty = os_run(none, NULL, &error);
    g_assert_cmpstr(empty->out, ==, "");
}

static void run_sets_the_environment(void)
{
    const char *argv[] = {"env", NULL};
    const char *const extra[] = {"ROOTSTOCK_TEST=a=b", NULL};
    OsRunOptions options = {.env = extra};
    g_autoptr(OsOutput) output = os_run(argv, &options, NULL);
    g_auto(GStrv) lines = g_strsplit(output->out, "\n", -1);
    g_assert_true(g_strv_contains((const char *const *)lines, "LC_ALL=C"));
    g_assert_true(g_strv_contains((const char *const *)lines, "ROOTSTOCK_TEST=a=b"));
}

static void run_in_a_folder(Place *place, gconstpointer data)
{
    put(place, "only", "");
    const char *argv[] = {"ls", NULL};
    OsRunOptions options = {.folder = place->path};
    g_autoptr(OsOutput) output = os_run(argv, &options, NULL);
    g_assert_cmpstr(output->out, ==, "only\n");
}

static void run_leaks_no_descriptor(void)
{
    int leak = dup(STDOUT_FILENO); /* without O_CLOEXEC */
    const char *argv[] = {"ls", "/proc/self/fd", NULL};
    g_autoptr(OsOutput) output = os_run(argv, NULL, NULL);
    g_assert_cmpstr(output->out, ==, "0\n1\n2\n3\n"); /* 3 is the folder that ls reads */
    close(leak);
}

static void run_explains_failure(void)
{
    g_autoptr(GError) error = NULL;
    const char *argv[] = {"ls", "/no such folder", NULL};
    g_assert_null(os_run(argv, NULL, &error));
    assert_message(error, ERROR_FAILED, "exit status 2");
    assert_message(error, ERROR_FAILED, "cannot access '/no such folder': No such file");
    assert_message(error, ERROR_FAILED, "ls '/no such folder'");
    OsRunOptions options = {.any_status = true};
    g_autoptr(OsOutput) output = os_run(argv, &options, NULL);
    g_assert_cmpint(output->status, ==, 2);
    g_assert_nonnull(strstr(output->err, "No such file"));
}

static void run_explains_a_signal(void)
{
    g_autoptr(GError) error = NULL;
    const char *argv[] = {"sh", "-c", "printf 'a\\nb\\nc\\nd\\n\\033[31me\\n' >&2; kill -SEGV $$",
                          NULL};
    OsRunOptions options = {.any_status = true};
    g_assert_null(os_run(argv, &options, &error));
    assert_message(error, ERROR_FAILED, "signal 11");
    assert_message(error, ERROR_FAILED, ": b / c / d /  [31me. ");
}

static void run_names_what_is_missing(void)
{
    g_autoptr(GError) error = NULL;
    const char *argv[] = {"no-such-program", NULL};
    OsRunOptions options = {.package = "some-package"};
    g_assert_null(os_run(argv, &options, &error));
    assert_message(error, ERROR_MISSING, "no-such-program");
    assert_message(error, ERROR_MISSING, "apt install some-package");
    g_assert_null(os_find_program("/etc/passwd"));
    g_assert_null(os_find_program("/etc"));
}

static void run_finds_sbin_and_no_relative_folder(Place *place, gconstpointer data)
{
    g_autofree char *old = g_strdup(g_getenv("PATH"));
    g_autofree char *here = g_get_current_dir();
    put(place, "ls", "#!/bin/sh\n");
    g_autofree char *planted = in(place, "ls");
    g_assert_cmpint(chmod(planted, 0755), ==, 0);
    g_assert_cmpint(chdir(place->path), ==, 0);
    g_setenv("PATH", ".::/usr/bin:/bin", TRUE);
    g_autofree char *ls = os_find_program("ls");
    g_setenv("PATH", "/nowhere", TRUE);
    g_autofree char *sbin = os_find_program("ldconfig");
    g_setenv("PATH", old, TRUE);
    g_assert_cmpint(chdir(here), ==, 0);
    g_assert_true(g_path_is_absolute(ls));
    g_assert_nonnull(sbin);
}

static void run_bounds_the_output(void)
{
    g_autoptr(GError) error = NULL;
    const char *argv[] = {"yes", NULL};
    OsRunOptions options = {.output_max = 1000};
    g_assert_null(os_run(argv, &options, &error));
    assert_message(error, ERROR_FAILED, "more than 1000 bytes");
    const char *exact[] = {"printf", "%01000d", "7", NULL};
    g_autoptr(OsOutput) output = os_run(exact, &options, NULL);
    g_assert_cmpuint(strlen(output->out), ==, 1000);
    const char *more[] = {"printf", "%01001d", "7", NULL};
    g_assert_null(os_run(more, &options, NULL));
}

static void run_keeps_the_first_of_much_stderr(void)
{
    const char *argv[] = {"sh", "-c",
                          "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 1", NULL};
    g_autoptr(GError) error = NULL;
    OsRunOptions options = {.any_status = true};
    g_autoptr(OsOutput) output = os_run(argv, &options, NULL);
    g_assert_cmpuint(strlen(output->err), ==, 64 * 1024);
    g_assert_null(os_run(argv, NULL, &error));
    assert_message(error, ERROR_FAILED, "end. ");
}

static void run_ends_the_whole_group_in_time(Place *place, gconstpointer data)
{
    g_autofree char *fifo = in(place, "fifo");
    g_assert_cmpint(mkfifo(fifo, 0644), ==, 0);
    int alive = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    /* Both the shell and its child hold the FIFO; it ends when the last of them is gone. */
    const char *argv[] = {"sh", "-c", "exec 9>\"$0\"; sleep 600 & wait", fifo, NULL};
    g_autoptr(GError) error = NULL;
    OsRunOptions options = {.timeout_ms = 200};
    gint64 start = g_get_monotonic_time();
    g_assert_null(os_run(argv, &options, &error));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 60 * G_USEC_PER_SEC);
    assert_message(error, ERROR_FAILED, "did not end within 0.2 seconds");
    g_assert_cmpint(fcntl(alive, F_SETFL, 0), ==, 0);
    char byte;
    g_assert_cmpint(read(alive, &byte, 1), ==, 0); /* blocks while one lives */
    close(alive);
}

static void run_does_not_wait_for_a_daemon(void)
{
    const char *argv[] = {"sh", "-c", "echo out; sleep 600 & echo $!", NULL};
    OsRunOptions options = {.timeout_ms = 60000};
    g_autoptr(OsOutput) output = os_run(argv, &options, NULL);
    g_assert_true(g_str_has_prefix(output->out, "out\n"));
    kill((pid_t)g_ascii_strtoll(output->out + 4, NULL, 10), SIGKILL);
}

/* The signal's state is the process's, so this runs in a child. Exit status 0: as promised. */
static int cancel_child(void)
{
    os_cancel_install();
    const char *argv[] = {"sh", "-c", "kill -TERM $PPID; sleep 600", NULL};
    g_autoptr(GError) error = NULL;
    if (os_cancelled() || os_run(argv, NULL, &error) != NULL)
        return 1;
    if (!os_cancelled() || os_cancel_signal() != SIGTERM)
        return 2;
    if (!g_error_matches(error, ROOTSTOCK_ERROR, ERROR_FAILED))
        return 3;
    return os_check_cancel("x", NULL) ? 4 : 0;
}

static void cancel_ends_a_program(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(cancel_child());
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/os/command/output", run_gives_output_and_input);
    g_test_add_func("/os/command/environment", run_sets_the_environment);
    PLACE_TEST("/os/command/folder", run_in_a_folder);
    g_test_add_func("/os/command/descriptors", run_leaks_no_descriptor);
    g_test_add_func("/os/command/failure", run_explains_failure);
    g_test_add_func("/os/command/signal", run_explains_a_signal);
    g_test_add_func("/os/command/missing", run_names_what_is_missing);
    PLACE_TEST("/os/command/find", run_finds_sbin_and_no_relative_folder);
    g_test_add_func("/os/command/bounds", run_bounds_the_output);
    g_test_add_func("/os/command/stderr", run_keeps_the_first_of_much_stderr);
    PLACE_TEST("/os/command/group", run_ends_the_whole_group_in_time);
    g_test_add_func("/os/command/daemon", run_does_not_wait_for_a_daemon);
    g_test_add_func("/os/command/cancel", cancel_ends_a_program);
    return g_test_run();
}
