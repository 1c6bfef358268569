/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boots the probe under QEMU's translator through libvirt's embedded driver, and ends the program
 * in every way that there is. Called as `preflight-test --run FOLDER WHAT` it is the program that
 * the tests end.
 */
#include "base/error.h"
#include "os/cancel.h"
#include "os/command.h"
#include "os/files.h"
#include "run/locks.h"
#include "run/preflight.h"
#include "trial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_RUNNING "The guest runs"

static Trial place;
static char *image;
static const char *self;

static Preflight *run(Machine *machine, const char *screenshot, guint timeout_ms, GError **error)
{
    g_autofree char *runs = trial_below(&place, "run");
    g_autofree char *cache = trial_below(&place, "cache");
    PreflightOptions options = trial_options(runs, cache);
    options.probe_image = image;
    options.screenshot = screenshot;
    if (timeout_ms != 0)
        options.timeout_ms = timeout_ms;
    return preflight_run(machine, &options, error);
}

static void the_guest_is_what_was_promised(gconstpointer os)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = trial_machine(&place, os);
    g_autofree char *picture = trial_below(&place, "screen.png");
    gint64 start = g_get_monotonic_time();
    g_autoptr(Preflight) preflight = run(machine, picture, 0, &error);
    g_assert_no_error(error);
    g_test_message("%s: %.2f s in the guest, %.2f s in all, %s", (const char *)os,
                   preflight->seconds, (double)(g_get_monotonic_time() - start) / 1e6,
                   preflight->connection);
    for (guint i = 0; i < preflight->checks->len; i++) {
        const PreflightCheck *check = g_ptr_array_index(preflight->checks, i);
        g_test_message("%-3s %-18s %s | %s", check->ok ? "ok" : "NOT", check->id, check->expected,
                       check->found);
    }
    g_assert_true(preflight->booted);
    g_assert_true(preflight_all_ok(preflight));
    g_assert_cmpstr(preflight->screenshot, ==, picture);
    gsize length;
    g_autofree char *png = os_read_file(picture, 1 << 24, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(png, 8, "\x89PNG\r\n\x1a\n", 8);
    trial_assert_nothing_left(&place);
}

static void time_out_is_an_error(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    g_autoptr(Preflight) preflight = run(machine, NULL, 300, &error);
    g_assert_null(preflight);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "did not report within"));
    trial_assert_nothing_left(&place);
}

static void a_device_that_is_not_there_is_an_error(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    MachineDevice *device = g_new0(MachineDevice, 1);
    device->address = g_strdup("0000:fe:1f.7");
    device->name = g_strdup("nothing");
    device->vendor = 0x1002;
    device->device = 0x73ff;
    device->class_code = 0x030000;
    g_ptr_array_add(machine->devices, device);
    g_autoptr(Preflight) preflight = run(machine, NULL, 0, &error);
    g_assert_null(preflight);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, "could not be started"));
    trial_assert_nothing_left(&place);
}

/* QEMU itself dies at start: its own words are in the error. */
static void qemu_that_dies_is_an_error(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    g_autofree char *code = trial_below(&place, "broken.fd");
    g_file_set_contents(code, "short", 5, &error);
    g_assert_no_error(error);
    g_assert_cmpint(chmod(code, 0644), ==, 0);
    g_free(machine->firmware_code);
    machine->firmware_code = g_strdup(code);
    g_autoptr(Preflight) preflight = run(machine, NULL, 0, &error);
    g_assert_null(preflight);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, "invalid size"));
    g_assert_null(strstr(error->message, "warning"));
    trial_assert_nothing_left(&place);
}

/* It is said before the guest runs. */
static void a_picture_needs_a_place(void)
{
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    const char *const PLACES[] = {"/nowhere/screen.png", place.folder};
    for (guint i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Preflight) preflight = run(machine, PLACES[i], 1, &error);
        g_assert_null(preflight);
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, PLACES[i]));
    }
    trial_assert_nothing_left(&place);
}

static void missing_files_are_named(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    g_free(machine->firmware_code);
    machine->firmware_code = g_strdup("/nowhere/OVMF_CODE.fd");
    g_autoptr(Preflight) preflight = run(machine, NULL, 0, &error);
    g_assert_null(preflight);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "/nowhere/OVMF_CODE.fd"));
    trial_assert_nothing_left(&place);
}

/* The program that the tests end: prints what it does, and the error. */
static void print_progress(const char *what, void *data)
{
    printf("%s\n", what);
    fflush(stdout);
}

static int run_as_program(const char *folder, const char *path)
{
    trial_open(&place, folder);
    image = g_strdup(path);
    os_cancel_install();
    g_autofree char *runs = trial_below(&place, "run");
    g_autofree char *cache = trial_below(&place, "cache");
    PreflightOptions options = trial_options(runs, cache);
    options.probe_image = image;
    options.progress = print_progress;
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    g_autoptr(GError) error = NULL;
    g_autoptr(Preflight) preflight = preflight_run(machine, &options, &error);
    if (preflight == NULL)
        fprintf(stderr, "%s\n", error->message);
    return preflight != NULL ? 0 : (int)error_code(error);
}

/* Waits for every process that came from the program: this process takes the orphans. */
static int wait_for_all(GPid program)
{
    int result = -1, status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, 0)) > 0 || errno == EINTR) {
        if (pid == program)
            result = status;
    }
    return result;
}

/* Starts the program and returns when its guest runs. */
static GPid start_program(void)
{
    g_autoptr(GError) error = NULL;
    GPid pid = 0;
    int out = -1;
    wait_for_all(0); /* the guards of earlier runs */
    const char *argv[] = {self, "--run", place.folder, image, NULL};
    g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                             NULL, &out, NULL, &error);
    g_assert_no_error(error);
    FILE *stream = fdopen(out, "r");
    char line[1024];
    bool running = false;
    while (!running && fgets(line, sizeof line, stream) != NULL)
        running = g_str_has_prefix(line, LINE_RUNNING);
    g_assert_true(running);
    fclose(stream);
    return pid;
}

/* The only child of a process besides OTHER. */
static pid_t child_of(pid_t parent, pid_t other)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", parent, parent);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    char *rest = text;
    pid_t child = (pid_t)g_ascii_strtoll(rest, &rest, 10);
    if (child == other)
        child = (pid_t)g_ascii_strtoll(rest, NULL, 10);
    g_assert_cmpint(child, >, 0); /* 0 would mean all of this group to kill(2) */
    return child;
}

/* The guard is nobody's child, so that this process, which takes orphans, has it. */
static pid_t guard_of(pid_t program)
{
    return child_of(getpid(), program);
}

/* libvirt's lock of the guest's serial port has the number of its process in it. */
static void assert_no_lock_of(pid_t worker)
{
    g_autoptr(GDir) locks = g_dir_open(LOCKS_FOLDER, 0, NULL);
    const char *name;
    while (locks != NULL && (name = g_dir_read_name(locks)) != NULL) {
        g_autofree char *path = g_build_filename(LOCKS_FOLDER, name, NULL);
        g_autofree char *text = NULL;
        if (g_file_get_contents(path, &text, NULL, NULL))
            g_assert_cmpint(g_ascii_strtoll(text, NULL, 10), !=, worker);
    }
}

static void a_kill_leaves_nothing(void)
{
    GPid program = start_program();
    pid_t worker = child_of(guard_of(program), -1);
    g_assert_cmpint(kill(program, SIGKILL), ==, 0);
    int status = wait_for_all(program);
    g_assert_true(WIFSIGNALED(status));
    assert_no_lock_of(worker);
    trial_assert_nothing_left(&place);
}

static void a_signal_leaves_nothing(gconstpointer number)
{
    GPid program = start_program();
    g_assert_cmpint(kill(program, GPOINTER_TO_INT(number)), ==, 0);
    int status = wait_for_all(program);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, ERROR_FAILED);
    trial_assert_nothing_left(&place);
}

/* The worker stops its guest when its guard is killed; the program then fails and tidies up. */
static void a_killed_guard_leaves_nothing(void)
{
    GPid program = start_program();
    g_assert_cmpint(kill(guard_of(program), SIGKILL), ==, 0);
    int status = wait_for_all(program);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, ERROR_FAILED);
    trial_assert_nothing_left(&place);
}

/* With the worker gone as well nobody is left to act: the next run finds it. */
static void the_next_run_tidies_up(void)
{
    GPid program = start_program();
    pid_t guard = guard_of(program);
    pid_t worker = child_of(guard, -1);
    g_assert_cmpint(kill(program, SIGSTOP), ==, 0);
    g_assert_cmpint(kill(guard, SIGKILL), ==, 0);
    g_assert_cmpint(kill(worker, SIGKILL), ==, 0);
    g_assert_cmpint(kill(program, SIGKILL), ==, 0);
    int status;
    g_assert_cmpint(waitpid(program, &status, 0), ==, program);
    waitpid(guard, &status, 0);
    waitpid(worker, &status, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    g_autoptr(Preflight) preflight = run(machine, NULL, 1, &error);
    g_assert_null(preflight);
    wait_for_all(0);
    trial_assert_nothing_left(&place);
}

static void make_image(void)
{
    g_autofree char *probe =
        g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "probe", "probe.efi", NULL);
    image = trial_below(&place, "probe.img");
    const char *format[] = {"mkfs.vfat", "-C", image, "40960", NULL};
    const char *folders[] = {"mmd", "-i", image, "::/EFI", "::/EFI/BOOT", NULL};
    const char *copy[] = {"mcopy", "-i", image, probe, "::/EFI/BOOT/BOOTX64.EFI", NULL};
    const char *const *commands[] = {format, folders, copy};
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(OsOutput) output = os_run(commands[i], NULL, &error);
        g_assert_no_error(error);
    }
}

static void is_skipped(gconstpointer reason)
{
    g_test_skip(reason);
}

static void add_tests(void)
{
    g_test_add_data_func("/preflight/sonoma", "sonoma", the_guest_is_what_was_promised);
    g_test_add_data_func("/preflight/snow-leopard", "snow-leopard", the_guest_is_what_was_promised);
    g_test_add_func("/preflight/time-out", time_out_is_an_error);
    g_test_add_func("/preflight/no-device", a_device_that_is_not_there_is_an_error);
    g_test_add_func("/preflight/qemu-dies", qemu_that_dies_is_an_error);
    g_test_add_func("/preflight/missing-files", missing_files_are_named);
    g_test_add_func("/preflight/no-place-for-picture", a_picture_needs_a_place);
    g_test_add_func("/preflight/kill", a_kill_leaves_nothing);
    g_test_add_data_func("/preflight/ctrl-c", GINT_TO_POINTER(SIGINT), a_signal_leaves_nothing);
    g_test_add_data_func("/preflight/term", GINT_TO_POINTER(SIGTERM), a_signal_leaves_nothing);
    g_test_add_func("/preflight/guard-killed", a_killed_guard_leaves_nothing);
    g_test_add_func("/preflight/all-killed", the_next_run_tidies_up);
}

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc == 4 && strcmp(argv[1], "--run") == 0)
        return run_as_program(argv[2], argv[3]);
    g_test_init(&argc, &argv, NULL);
    const char *reason = trial_not_here();
    if (reason != NULL) {
        g_test_add_data_func("/preflight", reason, is_skipped);
        return g_test_run();
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    trial_open(&place, NULL);
    make_image();
    add_tests();
    int result = g_test_run();
    os_remove(place.folder, NULL);
    return result;
}
