/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/guard.h"

#include "base/error.h"
#include "os/files.h"
#include "run/users.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the program sends before it closes its end, when it removes the folder itself. */
#define GUARD_KEEP_FOLDER 'k'

typedef struct {
    pid_t worker;
    int status; /* of the worker, once it has ended */
    bool ended;
    int life, signals;
    guint patience_ms;
    bool keep_folder;
} Watch;

static void guard_signals(void (*handler)(int))
{
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    for (guint i = 0; i < G_N_ELEMENTS(SIGNALS); i++)
        signal(SIGNALS[i], handler);
}

/* Collects every child that has ended, adopted ones too. */
static void guard_collect(Watch *watch)
{
    pid_t pid;
    int status;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != watch->worker)
            continue;
        watch->ended = true;
        watch->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
}

/* The parent of process PID, from the fourth field of its stat; the second, its name, may hold any
 * character, so the last parenthesis counts (proc(5)). */
static pid_t guard_parent_of(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/stat", pid);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return -1;
    const char *after_name = strrchr(text, ')');
    int parent = -1;
    if (after_name == NULL || sscanf(after_name, ") %*c %d", &parent) != 1)
        return -1;
    return parent;
}

static void guard_kill_children(void)
{
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    const char *name;
    while (proc != NULL && (name = g_dir_read_name(proc)) != NULL) {
        if (g_ascii_isdigit(name[0]) && guard_parent_of(name) == getpid())
            kill(atoi(name), SIGKILL);
    }
}

/* Kills and collects until there is no child left. Grandchildren become children on the way. */
static void guard_clear(void)
{
    siginfo_t ended;
    while (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0) {
        guard_kill_children();
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
            return;
    }
}

/* Returns when the worker has ended, or when the program has gone and the time is up. */
static void guard_watch(Watch *watch)
{
    gint64 limit = -1;
    while (!watch->ended) {
        struct pollfd waits[] = {{.fd = watch->signals, .events = POLLIN},
                                 {.fd = limit < 0 ? watch->life : -1, .events = POLLIN}};
        gint64 left = limit < 0 ? -1 : (limit - g_get_monotonic_time()) / 1000;
        if (limit >= 0 && left <= 0)
            return;
        poll(waits, G_N_ELEMENTS(waits), (int)left);
        struct signalfd_siginfo info;
        while (read(watch->signals, &info, sizeof info) > 0)
            continue;
        guard_collect(watch);
        char message;
        if (waits[1].revents == 0)
            continue;
        if (read(watch->life, &message, 1) > 0) {
            watch->keep_folder = message == GUARD_KEEP_FOLDER;
            continue;
        }
        kill(watch->worker, SIGTERM);
        limit = g_get_monotonic_time() + (gint64)watch->patience_ms * 1000;
    }
}

/* Waits for the program to say what becomes of the folder, or to die. */
static void guard_await_program(Watch *watch)
{
    char message;
    while (read(watch->life, &message, 1) > 0)
        watch->keep_folder = message == GUARD_KEEP_FOLDER;
}

static pid_t guard_fork_worker(const GuardJob *job, int out, int life)
{
    pid_t guard = getpid();
    pid_t worker = fork();
    if (worker != 0)
        return worker;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    close(life);
    guard_signals(SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    /* When the guard is killed, the worker stops its guest by itself. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != guard)
        _exit(1);
    _exit(job->work(job->data, out));
}

static G_NORETURN void guard_run(const GuardJob *job, int out, int life)
{
    setsid();
    guard_signals(SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    Watch watch = {.life = life, .patience_ms = job->patience_ms, .status = -1};
    watch.signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
    watch.worker = guard_fork_worker(job, out, life);
    watch.ended = watch.worker < 0;
    guard_watch(&watch);
    guard_clear();
    if (job->tidy != NULL)
        job->tidy(job->data, watch.worker);
    close(out); /* now the program sees the end of the worker's words */
    guard_await_program(&watch);
    if (!watch.keep_folder) {
        users_kill_all(job->folder);
        os_remove(job->folder, NULL);
    }
    ssize_t sent = send(life, &watch.status, sizeof watch.status, MSG_NOSIGNAL);
    _exit(sent < 0); /* when the program died, nobody is told */
}

/*
 * Forks a process that is no child of the program: 0 in that process, 1 in the program, -1 with
 * errno set. Were it a child, the memory and time of QEMU, which the guard collects, would count as
 * the program's own (getrusage(2), RUSAGE_CHILDREN).
 */
static int guard_fork(void)
{
    pid_t middle = fork();
    if (middle == 0) {
        pid_t guard = fork();
        if (guard == 0)
            return 0;
        _exit(guard < 0 ? errno : 0);
    }
    int status = 0;
    if (middle < 0)
        return -1;
    while (waitpid(middle, &status, 0) < 0 && errno == EINTR)
        continue;
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
    return errno == 0 ? 1 : -1;
}

bool guard_start(Guard *guard, const GuardJob *job, GError **error)
{
    int life[2] = {-1, -1}, out[2] = {-1, -1};
    int forked = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life) == 0 && pipe2(out, O_CLOEXEC) == 0)
        forked = guard_fork();
    if (forked == 0) {
        close(life[1]);
        close(out[0]);
        guard_run(job, out[1], life[0]);
    }
    int problem = errno;
    if (life[0] >= 0)
        close(life[0]);
    if (out[1] >= 0)
        close(out[1]);
    if (forked > 0) {
        *guard = (Guard){.life = life[1], .out = out[0]};
        return true;
    }
    if (life[1] >= 0)
        close(life[1]);
    if (out[0] >= 0)
        close(out[0]);
    return fail(error, ERROR_FAILED,
                "No process could be started to run the guest in: %s. End some programs and try "
                "again.",
                g_strerror(problem));
}

int guard_finish(Guard *guard)
{
    char keep = GUARD_KEEP_FOLDER;
    send(guard->life, &keep, 1, MSG_NOSIGNAL); /* a guard that was killed cannot be told */
    shutdown(guard->life, SHUT_WR);
    close(guard->out);
    int status = -1;
    ssize_t got;
    while ((got = recv(guard->life, &status, sizeof status, MSG_WAITALL)) < 0 && errno == EINTR)
        continue;
    close(guard->life);
    return got == sizeof status ? status : -1;
}
