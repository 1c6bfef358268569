/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preflight through a libvirt daemon. The daemons run in namespaces of their own (mounts, network,
 * processes), with nothing of the host's libvirt in sight, and end with this program.
 */
#include "os/command.h"
#include "os/files.h"
#include "run/embed.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAEMON_MAX_MS 20000
#define URI "qemu:///system"
#define LINE_WAITING "Waiting for libvirt to connect"
#define LINE_EMBED "No libvirt daemon answers"
#define LINE_STARTING "Starting the guest"
#define LINE_RUNNING "The guest runs"

static char *store; /* the machine is in it; gone with the namespace, as all of /run */
static char *rootstock;
static pid_t libvirtd;

/* A folder of the host's libvirt, hidden below an empty one. */
static bool hide(const char *path)
{
    return mount("tmpfs", path, "tmpfs", 0, "mode=755") == 0;
}

static bool write_configuration(void)
{
    return g_file_set_contents("/etc/libvirt/libvirtd.conf", "auth_unix_rw = \"none\"\n", -1,
                               NULL) &&
           g_file_set_contents("/etc/libvirt/qemu.conf", "cgroup_controllers = []\n", -1, NULL);
}

static bool answers(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return answered;
}

/* Starts a daemon and returns when it takes connections at SOCKET; 0: it does not. */
static pid_t start_daemon(const char *name, const char *socket)
{
    GPid pid = 0;
    const char *argv[] = {name, NULL};
    if (!g_spawn_async("/", (char **)argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                           G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, &pid, NULL))
        return 0;
    gint64 limit = g_get_monotonic_time() + DAEMON_MAX_MS * 1000;
    while (!answers(socket)) {
        if (waitpid(pid, NULL, WNOHANG) != 0 || g_get_monotonic_time() > limit)
            return 0;
        g_usleep(20 * 1000);
    }
    return pid;
}

/* Why it cannot be done here; NULL: it is done. */
static const char *set_up(void)
{
    static const char *const HIDDEN[] = {"/run", "/etc/libvirt", "/var/lib/libvirt",
                                         "/var/cache/libvirt", "/var/log/libvirt"};
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("proc", "/proc", "proc", 0, NULL) != 0)
        return "mounts cannot be made here";
    for (guint i = 0; i < G_N_ELEMENTS(HIDDEN); i++) {
        if (!hide(HIDDEN[i]))
            return "libvirt's folders are not all there";
    }
    embed_hide_kvm(); /* or libvirt takes its time over a node that is root's alone */
    if (mkdir("/run/lock", 0755) != 0 || !write_configuration() ||
        start_daemon("virtlogd", "/run/libvirt/virtlogd-sock") == 0)
        return "virtlogd does not start here";
    libvirtd = start_daemon("libvirtd", "/run/libvirt/libvirt-sock");
    return libvirtd == 0 ? "libvirtd does not start here" : NULL;
}

static void run_program(const char *const *arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, rootstock);
    g_ptr_array_add(argv, (char *)"--store");
    g_ptr_array_add(argv, store);
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add(argv, (char *)*arguments);
    g_ptr_array_add(argv, NULL);
    g_autoptr(OsOutput) output = os_run((const char *const *)argv->pdata, NULL, &error);
    g_assert_no_error(error);
}

static void make_machine(void)
{
    g_autoptr(GError) error = NULL;
    store = os_make_temporary_folder("/run", "rs", &error);
    g_assert_no_error(error);
    g_assert_cmpint(chmod(store, 0711), ==, 0);
    run_program((const char *[]){"new", "demo", "--os", "sonoma", NULL});
    run_program((const char *[]){"build", "demo", NULL});
}

/* A preflight under way. */
typedef struct {
    GPid pid;
    FILE *words;
} Program;

static Program start_preflight(const char *uri)
{
    g_autoptr(GError) error = NULL;
    Program program = {0};
    int words = -1;
    const char *argv[] = {rootstock,   "--store", store,
                          "preflight", "demo",    uri != NULL ? "--connect" : NULL,
                          uri,         NULL};
    g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
                             G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                             &program.pid, NULL, NULL, &words, &error);
    g_assert_no_error(error);
    program.words = fdopen(words, "r");
    return program;
}

/* Reads until LINE has come. */
static void await_line(const Program *program, const char *line)
{
    char text[1024];
    while (fgets(text, sizeof text, program->words) != NULL) {
        if (g_str_has_prefix(text, line))
            return;
        g_test_message("%s", g_strchomp(text));
    }
    g_error("The program did not say \"%s\".", line);
}

static int end_of(Program *program)
{
    int status = -1;
    g_assert_cmpint(waitpid(program->pid, &status, 0), ==, program->pid);
    fclose(program->words);
    return status;
}

/* These are all processes of the namespace. */
static bool qemu_runs(void)
{
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(processes)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", name, "cmdline", NULL);
        g_autofree char *command = NULL;
        if (g_ascii_isdigit(name[0]) && g_file_get_contents(path, &command, NULL, NULL) &&
            strstr(command, "qemu-system") != NULL)
            return true;
    }
    return false;
}

/* No QEMU and no run folder. The daemon sees the end of a connection by and by. */
static void assert_nothing_left(void)
{
    g_autofree char *runs = g_build_filename(store, "run", NULL);
    gint64 limit = g_get_monotonic_time() + DAEMON_MAX_MS * 1000;
    bool left = true;
    while (left && g_get_monotonic_time() < limit) {
        g_autoptr(GDir) names = g_dir_open(runs, 0, NULL);
        const char *name = g_dir_read_name(names);
        if (name != NULL && g_str_equal(name, ".lock"))
            name = g_dir_read_name(names);
        left = name != NULL || qemu_runs();
        g_usleep(left ? 20 * 1000 : 0);
    }
    g_assert_false(left);
}

static void the_daemon_runs_the_guest(void)
{
    gint64 start = g_get_monotonic_time();
    run_program((const char *[]){"preflight", "demo", "--connect", URI, NULL});
    g_test_message("%.1f s", (double)(g_get_monotonic_time() - start) / 1e6);
    assert_nothing_left();
}

static void a_kill_leaves_nothing(gconstpointer line)
{
    Program program = start_preflight(URI);
    await_line(&program, line);
    g_assert_cmpint(kill(program.pid, SIGKILL), ==, 0);
    g_assert_true(WIFSIGNALED(end_of(&program)));
    assert_nothing_left();
}

static void cancel(Program *program)
{
    gint64 start = g_get_monotonic_time();
    g_assert_cmpint(kill(program->pid, SIGTERM), ==, 0);
    int status = end_of(program);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 128 + SIGTERM);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
    assert_nothing_left();
}

/* A daemon that does not answer: it is waited for, and without --connect not for long. */
static void a_stuck_daemon_is_done_without(void)
{
    g_assert_cmpint(kill(libvirtd, SIGSTOP), ==, 0);
    Program asked = start_preflight(URI);
    await_line(&asked, LINE_WAITING);
    cancel(&asked);
    Program program = start_preflight(NULL);
    await_line(&program, LINE_WAITING);
    await_line(&program, LINE_EMBED);
    await_line(&program, LINE_STARTING);
    cancel(&program);
    g_assert_cmpint(kill(libvirtd, SIGCONT), ==, 0);
}

static void is_skipped(gconstpointer reason)
{
    g_test_skip(reason);
}

static int run_tests(const char *reason)
{
    if (reason != NULL) {
        g_test_add_data_func("/daemon", reason, is_skipped);
        return g_test_run();
    }
    make_machine();
    g_test_add_func("/daemon/preflight", the_daemon_runs_the_guest);
    g_test_add_data_func("/daemon/kill", LINE_RUNNING, a_kill_leaves_nothing);
    g_test_add_data_func("/daemon/kill-at-start", LINE_STARTING, a_kill_leaves_nothing);
    g_test_add_func("/daemon/stuck", a_stuck_daemon_is_done_without);
    return g_test_run();
}

/* Why the tests cannot run here; NULL: they may. */
static const char *not_here(void)
{
    static const char *const PROGRAMS[] = {"virtlogd", "libvirtd", "qemu-system-x86_64"};
    if (geteuid() != 0)
        return "namespaces are made by root only";
    for (guint i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
        g_autofree char *path = os_find_program(PROGRAMS[i]);
        if (path == NULL)
            return "libvirt's daemons or QEMU are not installed";
    }
    if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID) != 0)
        return "namespaces cannot be made here";
    return NULL;
}

/* Process 1 of the namespace, which collects its orphans: libvirt waits until a QEMU that has ended
 * is collected. With it all others end. */
static G_NORETURN void be_first(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pid_t tests = fork();
    if (tests == 0)
        exit(run_tests(set_up()));
    int status = 1;
    pid_t ended;
    while ((ended = wait(&status)) != tests && (ended > 0 || errno == EINTR))
        continue;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    rootstock = g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "src", "cli", "rootstock", NULL);
    const char *reason = not_here();
    if (reason != NULL)
        return run_tests(reason);
    pid_t first = fork();
    if (first == 0)
        be_first();
    int status = 1;
    waitpid(first, &status, 0);
    /* Without the check for leaks: its process could not start in a namespace that has ended. */
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}
