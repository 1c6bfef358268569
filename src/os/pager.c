/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The environment with what less(1) needs to show colours, to end where all fits on one screen and
 * to leave the screen as it is; a person's own settings win. */
static GStrv make_environment(void)
{
    GStrv environment = g_strdupv(environ);
    environment = g_environ_setenv(environment, "LESS", "FRX", FALSE);
    return g_environ_setenv(environment, "LV", "-c", FALSE);
}

/* ARGV with INPUT as its standard input; the pid, or -1. Signals are as in a program that a shell
 * starts. */
static pid_t start(const char *const *argv, int input)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    g_auto(GStrv) environment = make_environment();
    sigset_t defaults;
    pid_t pid = -1;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGINT);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (posix_spawnp(&pid, argv[0], &actions, &attributes, (char *const *)argv, environment) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

bool os_pager_begin(OsPager *pager, const char *const *argv)
{
    int ends[2];

    *pager = (OsPager){.terminal = -1};
    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    int terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    pid_t pid = terminal >= 0 ? start(argv, ends[0]) : -1;
    close(ends[0]);
    if (pid > 0 && dup2(ends[1], STDOUT_FILENO) >= 0)
        *pager = (OsPager){.terminal = terminal, .pid = pid};
    else if (terminal >= 0)
        close(terminal);
    close(ends[1]);
    return pager->terminal >= 0;
}

static void wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
}

void os_pager_end(OsPager *pager)
{
    if (pager->terminal < 0)
        return;
    fflush(stdout); /* fails where the pager was left early */
    dup2(pager->terminal, STDOUT_FILENO);
    close(pager->terminal);
    clearerr(stdout);
    wait_for(pager->pid);
    pager->terminal = -1;
}
