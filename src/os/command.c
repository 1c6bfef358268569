/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/command.h"

#include "base/argv.h"
#include "base/error.h"
#include "os/cancel.h"
#include "os/operation.h"
#include "os/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT_MS (60 * 1000)
#define DEFAULT_OUTPUT_MAX (16 * 1024 * 1024)
#define STDERR_MAX (64 * 1024)

/* Where an administrator's programs are; the PATH of an ordinary user leaves these out. */
#define SBIN_FOLDERS "/usr/local/sbin:/usr/sbin:/sbin"

typedef enum {
    END_EXITED,
    END_TIMEOUT,
    END_CANCELLED,
    END_OVERFLOW,
} End;

/* A program while it runs. */
typedef struct {
    pid_t pid;
    int pidfd;
    int wait_status; /* of waitpid(2), once it has ended */
    Stream out;
    Stream err;
} Child;

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *os_find_program(const char *name)
{
    if (strchr(name, '/') != NULL)
        return is_program(name) ? g_strdup(name) : NULL;
    const char *user = g_getenv("PATH");
    g_autofree char *all =
        g_strconcat(user != NULL ? user : "/usr/local/bin:/usr/bin:/bin", ":", SBIN_FOLDERS, NULL);
    g_auto(GStrv) folders = g_strsplit(all, ":", -1);
    for (guint i = 0; folders[i] != NULL; i++) {
        /* A relative folder would let whoever wrote the current one choose the program. */
        if (folders[i][0] != '/')
            continue;
        g_autofree char *path = g_build_filename(folders[i], name, NULL);
        if (is_program(path))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static char *find_or_explain(const char *name, const char *package, GError **error)
{
    char *path = os_find_program(name);
    if (path != NULL)
        return path;
    if (package == NULL)
        return fail_null(error, ERROR_MISSING, "The program '%s' is not installed here.", name);
    return fail_null(error, ERROR_MISSING,
                     "The program '%s' is not installed here. Install the package %s (on Debian: "
                     "apt install %s) and try again.",
                     name, package, package);
}

static char **make_environment(const char *const *extra)
{
    char **environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C", TRUE);
    environment = g_environ_unsetenv(environment, "LANGUAGE");
    for (guint i = 0; extra != NULL && extra[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(extra[i], "=", 2);
        if (pair[0] != NULL && pair[1] != NULL)
            environment = g_environ_setenv(environment, pair[0], pair[1], TRUE);
    }
    return environment;
}

/* The program's standard input: a file in memory, so that it never blocks and is never too full for
 * those who feed it. -1 with errno set. */
static int open_input(const char *input)
{
    if (input == NULL)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("input", MFD_CLOEXEC);
    gsize length = strlen(input);
    for (gsize done = 0; fd >= 0 && done < length;) {
        ssize_t count = write(fd, input + done, length - done);
        if (count < 0 && errno != EINTR) {
            close(fd);
            return -1;
        }
        done += count > 0 ? (gsize)count : 0;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Its own process group, so that all of it can be ended; no signal blocked or ignored. */
static void prepare_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
}

static int spawn(pid_t *ret_pid, const char *path, const char *const *argv, char **environment,
                 const char *folder, const int fds[3])
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    prepare_attributes(&attributes);
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, fds[i], i);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (folder != NULL)
        posix_spawn_file_actions_addchdir_np(&actions, folder);
    int result =
        posix_spawn(ret_pid, path, &actions, &attributes, (char *const *)argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return result;
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

/* A pipe whose reading end does not block. Neither end is 0 to 2, even when the program was started
 * with those closed: the child's file actions would overwrite one with another. */
static bool make_pipe(int pair[2])
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        pair[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
        close(ends[i]);
    }
    if (pair[0] < 0 || pair[1] < 0)
        return false;
    return fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0;
}

/* 0, or what errno says. Without a way to see the program's end it does not go on. */
static int watch_end(Child *child)
{
    child->pidfd = pidfd_open(child->pid, 0);
    if (child->pidfd >= 0)
        return 0;
    int saved = errno;
    kill(-child->pid, SIGKILL);
    waitpid(child->pid, NULL, 0);
    return saved;
}

static bool child_start(Child *child, const char *path, const char *const *argv,
                        const OsRunOptions *options, GError **error)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    g_auto(GStrv) environment = make_environment(options->env);
    int input = open_input(options->input);
    int result = 0;
    if (input < 0 || !make_pipe(out) || !make_pipe(err))
        result = errno;
    if (result == 0) {
        /* spawn() copies the writing ends; ours are closed so that the pipes end with the child. */
        const int fds[3] = {input, out[1], err[1]};
        result = spawn(&child->pid, path, argv, environment, options->folder, fds);
    }
    if (result == 0) {
        stream_init(&child->out, g_steal_fd(&out[0]),
                    options->output_max != 0 ? options->output_max : DEFAULT_OUTPUT_MAX);
        stream_init(&child->err, g_steal_fd(&err[0]), STDERR_MAX);
        result = watch_end(child);
    }
    if (input >= 0)
        close(input);
    close_pair(out);
    close_pair(err);
    if (result != 0)
        return fail(error, ERROR_FAILED, "The program '%s' could not be started: %s.", path,
                    g_strerror(result));
    return true;
}

static int time_left_ms(gint64 deadline_us)
{
    gint64 left = deadline_us - g_get_monotonic_time();
    return left <= 0 ? 0 : (int)MIN(left / 1000 + 1, G_MAXINT);
}

/* Reads the output until the program has ended, or until it must be ended. */
static End child_watch(Child *child, gint64 deadline_us)
{
    for (;;) {
        struct pollfd polls[] = {{child->pidfd, POLLIN, 0},
                                 {child->out.fd, POLLIN, 0},
                                 {child->err.fd, POLLIN, 0},
                                 {os_cancel_fd(), POLLIN, 0}};
        int left = time_left_ms(deadline_us);
        if (left == 0)
            return END_TIMEOUT;
        if (poll(polls, G_N_ELEMENTS(polls), left) < 0)
            continue;
        if (os_cancelled())
            return END_CANCELLED;
        if (polls[1].revents != 0)
            stream_read(&child->out);
        if (polls[2].revents != 0)
            stream_read(&child->err);
        if (child->out.overflow)
            return END_OVERFLOW;
        if (polls[0].revents != 0)
            return END_EXITED;
    }
}

/* Ends the whole group unless the program ended by itself, and takes its status. The group's id
 * cannot be another's: the program stays a zombie until waitpid(2). */
static End child_finish(Child *child, End end)
{
    if (end != END_EXITED)
        kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &child->wait_status, 0) < 0 && errno == EINTR)
        ;
    /* What it started may have the pipes open still: take what is there and wait no longer. */
    stream_drain(&child->out);
    stream_drain(&child->err);
    return end == END_EXITED && child->out.overflow ? END_OVERFLOW : end;
}

static void child_clear(Child *child)
{
    stream_clear(&child->out);
    stream_clear(&child->err);
    if (child->pidfd >= 0)
        close(child->pidfd);
}

static char *describe_status(int wait_status)
{
    if (WIFSIGNALED(wait_status))
        return g_strdup_printf("was ended by signal %d (%s)", WTERMSIG(wait_status),
                               strsignal(WTERMSIG(wait_status)));
    return g_strdup_printf("failed with exit status %d", WEXITSTATUS(wait_status));
}

static bool explain(const Child *child, End end, const char *const *argv,
                    const OsRunOptions *options, GError **error)
{
    g_autofree char *status = describe_status(child->wait_status);
    g_autofree char *last = stream_last_lines(&child->err);
    g_autofree char *command = argv_line(argv);
    const char *colon = last[0] != '\0' ? ": " : "";
    switch (end) {
    case END_TIMEOUT:
        return fail(error, ERROR_FAILED,
                    "'%s' did not end within %.3g seconds and was stopped%s%s. The command was: %s",
                    argv[0], options->timeout_ms / 1000.0, colon, last, command);
    case END_CANCELLED:
        return fail(error, ERROR_FAILED, "Interrupted: '%s' was stopped.", argv[0]);
    case END_OVERFLOW:
        return fail(error, ERROR_FAILED,
                    "'%s' wrote more than %" G_GSIZE_FORMAT " bytes and was stopped. The command "
                    "was: %s",
                    argv[0], child->out.max, command);
    case END_EXITED:
        break;
    }
    return fail(error, ERROR_FAILED, "'%s' %s%s%s. The command was: %s", argv[0], status, colon,
                last, command);
}

static OsOutput *take_output(Child *child)
{
    OsOutput *output = g_new0(OsOutput, 1);
    output->out = g_string_free(g_steal_pointer(&child->out.kept), FALSE);
    output->err = g_string_free(g_steal_pointer(&child->err.kept), FALSE);
    output->status = WEXITSTATUS(child->wait_status);
    return output;
}

OsOutput *os_run(const char *const *argv, const OsRunOptions *options, GError **error)
{
    OsRunOptions chosen = options != NULL ? *options : (OsRunOptions){0};
    if (chosen.timeout_ms == 0)
        chosen.timeout_ms = DEFAULT_TIMEOUT_MS;
    g_autofree char *path = find_or_explain(argv[0], chosen.package, error);
    if (path == NULL || !os_check_cancel(argv[0], error))
        return NULL;
    if (!os_operation("run", argv[0]))
        return fail_null(error, ERROR_FAILED, "The program '%s' could not be started: %s.", path,
                         g_strerror(errno));
    Child child = {.pid = -1, .pidfd = -1, .out.fd = -1, .err.fd = -1};
    if (!child_start(&child, path, argv, &chosen, error)) {
        child_clear(&child);
        return NULL;
    }
    gint64 deadline_us = g_get_monotonic_time() + chosen.timeout_ms * G_GINT64_CONSTANT(1000);
    End end = child_finish(&child, child_watch(&child, deadline_us));
    bool ended = end == END_EXITED && WIFEXITED(child.wait_status);
    OsOutput *output = NULL;
    if (ended && (chosen.any_status || WEXITSTATUS(child.wait_status) == 0))
        output = take_output(&child);
    else
        explain(&child, end, argv, &chosen, error);
    child_clear(&child);
    return output;
}

void os_output_free(OsOutput *output)
{
    if (output == NULL)
        return;
    g_free(output->out);
    g_free(output->err);
    g_free(output);
}
