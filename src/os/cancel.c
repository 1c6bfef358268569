/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/cancel.h"

#include "base/error.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static int event_fd = -1;
static bool held;

static void on_signal(int number)
{
    int saved = errno;
    if (caught == 0)
        caught = number;
    uint64_t one = 1;
    ssize_t written = write(event_fd, &one, sizeof(one));
    (void)written; /* the counter being full means that it is readable already */
    errno = saved;
}

void os_cancel_install(void)
{
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
    if (event_fd >= 0)
        return;
    event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (guint i = 0; i < G_N_ELEMENTS(SIGNALS); i++) {
        struct sigaction old;
        /* Who started the program with a signal ignored (nohup) wants it to stay so. */
        if (sigaction(SIGNALS[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(SIGNALS[i], &action, NULL);
    }
}

bool os_cancelled(void)
{
    return caught != 0 && !held;
}

void os_cancel_hold(bool hold)
{
    held = hold;
}

int os_cancel_signal(void)
{
    return caught;
}

int os_cancel_fd(void)
{
    return held ? -1 : event_fd;
}

bool os_check_cancel(const char *what, GError **error)
{
    if (!os_cancelled())
        return true;
    return fail(error, ERROR_FAILED, "Interrupted (%s): %s was not finished.", strsignal(caught),
                what);
}
