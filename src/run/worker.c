/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/worker.h"

#include "base/error.h"
#include "os/command.h"
#include "run/account.h"
#include "run/copy.h"
#include "run/embed.h"
#include "run/guest.h"
#include "run/locks.h"
#include "run/worker-parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORKER_SYSTEM_URI "qemu:///system"
#define WORKER_EMBED_URI "qemu:///embed"
/* How long libvirt may take to connect. A daemon that was asleep is there within a few seconds; one
 * that nobody asked for has less time, since there is another way. */
#define WORKER_OPEN_MS 30000
#define WORKER_OPEN_DEFAULT_MS 10000
#define WORKER_OPEN_SILENT_MS 2000 /* after this a person is told what is waited for */
#define WORKER_CONSOLE_MAX (4 * 1024 * 1024)
#define WORKER_END_MS 10000 /* for the guest to power off after its report */

static int worker_wake_fd = -1;
static volatile sig_atomic_t worker_stopped;

static void worker_stop(int signal_number)
{
    int kept = errno;
    worker_stopped = 1;
    ssize_t written = write(worker_wake_fd, "s", 1);
    (void)written;
    errno = kept;
}

static void worker_say(const Worker *worker, const char *word, const char *text)
{
    g_autofree char *escaped = g_strescape(text, NULL);
    dprintf(worker->out, "%s %s\n", word, escaped);
}

static int worker_fail(const Worker *worker, const GError *problem)
{
    g_autofree char *text = g_strdup_printf("%d %s", error_code(problem), problem->message);
    worker_say(worker, WORKER_ERROR, text);
    return 1;
}

/* What libvirt and its helpers print of themselves goes to a file; nothing reads standard input. */
static void worker_detach(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "libvirt.log", NULL);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(null, STDIN_FILENO);
    dup2(log >= 0 ? log : null, STDOUT_FILENO);
    dup2(log >= 0 ? log : null, STDERR_FILENO);
    umask(0022); /* libvirt gives QEMU's account its files by mode */
    if (chdir("/") != 0)
        return;
}

static void worker_prepare(Worker *worker)
{
    worker_detach(worker->job->folder);
    if (pipe2(worker->wake, O_CLOEXEC | O_NONBLOCK) != 0)
        _exit(2);
    worker_wake_fd = worker->wake[1];
    struct sigaction stop = {.sa_handler = worker_stop, .sa_flags = SA_RESTART};
    sigaction(SIGTERM, &stop, NULL);
    worker->console = console_new(WORKER_CONSOLE_MAX);
    if (!worker->job->machine->kvm && access("/dev/kvm", F_OK) == 0 && geteuid() == 0 &&
        account_may(worker->job->qemu_user, "/dev/kvm", R_OK | W_OK) == TRI_NO)
        embed_hide_kvm();
}

bool worker_wait(const Worker *worker, gint64 limit)
{
    gint64 left = (limit - g_get_monotonic_time() + 999) / 1000;
    if (left <= 0 || worker_stopped)
        return false;
    struct pollfd wake = {.fd = worker->wake[0], .events = POLLIN};
    char bytes[64];
    if (poll(&wake, 1, (int)MIN(left, G_MAXINT)) > 0)
        while (read(worker->wake[0], bytes, sizeof bytes) > 0)
            continue;
    return !worker_stopped;
}

bool worker_is_stopped(void)
{
    return worker_stopped;
}

gint64 worker_deadline(guint milliseconds)
{
    return g_get_monotonic_time() + (gint64)milliseconds * 1000;
}

static LvConnection *worker_open(Worker *worker, const char *uri, guint patience_ms, GError **error)
{
    g_autoptr(LvOpening) opening = lv_open(uri, worker->wake[1]);
    LvConnection *connection = NULL;
    gint64 limit = worker_deadline(patience_ms), silent = worker_deadline(WORKER_OPEN_SILENT_MS);
    while (!lv_opened(opening, &connection, error)) {
        if (worker_wait(worker, MIN(limit, silent)))
            continue;
        if (worker_stopped)
            return fail_null(error, ERROR_FAILED, "The connection to libvirt was given up.");
        if (g_get_monotonic_time() >= limit)
            return fail_null(error, ERROR_FAILED,
                             "libvirt did not connect to %s within %u s. Is its daemon stuck? "
                             "Restart it (systemctl restart libvirtd), or do without it: "
                             "--connect %s.",
                             uri, patience_ms / 1000, WORKER_EMBED_URI);
        g_autofree char *text = g_strdup_printf("Waiting for libvirt to connect to %s.", uri);
        worker_say(worker, WORKER_PROGRESS, text);
        silent = G_MAXINT64;
    }
    if (connection != NULL)
        worker_say(worker, WORKER_CONNECTION, uri);
    return connection;
}

static LvConnection *worker_embed(Worker *worker, GError **error)
{
    const WorkerJob *job = worker->job;
    g_autofree char *qemu = os_find_program("qemu-system-x86_64");
    if (qemu == NULL)
        return fail_null(error, ERROR_MISSING,
                         "QEMU is not installed here: there is no qemu-system-x86_64. Install it "
                         "(Debian and Ubuntu: qemu-system-x86; Fedora: qemu-system-x86-core; "
                         "Arch: qemu-system-x86).");
    worker->embed = g_build_filename(job->folder, WORKER_EMBED, NULL);
    if (!embed_make(worker->embed, job->cache_folder, job->qemu_user, error))
        return NULL;
    g_autofree char *uri = embed_uri(worker->embed);
    return worker_open(worker, uri, G_MAXUINT, error); /* there is nobody to wait for */
}

static LvConnection *worker_connect(Worker *worker, GError **error)
{
    const char *uri = worker->job->connect;
    /* Whatever root it names: what a run leaves there must go with its folder. */
    if (uri != NULL && g_str_has_prefix(uri, WORKER_EMBED_URI))
        return worker_embed(worker, error);
    if (uri != NULL)
        return worker_open(worker, uri, WORKER_OPEN_MS, error);
    LvConnection *connection = worker_open(worker, WORKER_SYSTEM_URI, WORKER_OPEN_DEFAULT_MS, NULL);
    if (connection != NULL)
        return connection;
    worker_say(worker, WORKER_PROGRESS,
               "No libvirt daemon answers; libvirt's embedded driver is used.");
    return worker_embed(worker, error);
}

static LvGuest *worker_start(Worker *worker, LvConnection *connection, GError **error)
{
    const WorkerJob *job = worker->job;
    Machine machine = *job->machine;
    /* A daemon may know the machine itself, and no two domains can have one UUID. */
    g_autofree char *uuid =
        worker->embed != NULL ? g_strdup(machine.identity.uuid) : g_uuid_string_random();
    machine.identity.uuid = uuid;
    RenderFiles files = job->files;
    files.name = job->domain;
    files.uuid = uuid;
    g_autofree char *xml = render_domain_xml(&machine, &files, error);
    if (xml == NULL)
        return NULL;
    if (uuid != NULL)
        worker_say(worker, WORKER_UUID, uuid);
    LvStart start = {.autodestroy = worker->embed == NULL,
                     .console = worker->console,
                     .wake_fd = worker->wake[1]};
    LvGuest *guest = lv_start(connection, xml, &start, error);
    worker->timer = g_timer_new();
    if (worker->embed != NULL && job->cache_folder != NULL)
        embed_keep_cache(worker->embed, job->cache_folder);
    return guest;
}

/* Whether more output may come. The end of a guest is often known before its last words. */
static bool worker_may_report(const Worker *worker, LvGuest *guest)
{
    return !console_has(worker->console, GUEST_REPORT_END) &&
           !console_overflowed(worker->console) &&
           (lv_state(guest) == LV_RUNNING || !lv_drained(guest));
}

/* Until the report has come. */
static bool worker_await_report(const Worker *worker, LvGuest *guest, GError **error)
{
    gint64 limit = worker_deadline(worker->job->timeout_ms);
    while (worker_may_report(worker, guest) && worker_wait(worker, limit)) {
        if (lv_state(guest) != LV_RUNNING)
            limit = MIN(limit, worker_deadline(WORKER_DRAIN_MS));
    }
    if (console_has(worker->console, GUEST_REPORT_END))
        return true;
    if (worker_stopped)
        return fail(error, ERROR_FAILED, "The guest was stopped before it reported.");
    if (console_overflowed(worker->console))
        return fail(error, ERROR_FAILED,
                    "The guest wrote more than %d MiB to its serial port without a report.",
                    WORKER_CONSOLE_MAX / 1024 / 1024);
    LvState state = lv_state(guest);
    if (state == LV_RUNNING)
        return fail(error, ERROR_FAILED, "The guest did not report within %u s.",
                    worker->job->timeout_ms / 1000);
    return fail(error, ERROR_FAILED,
                state == LV_DIED ? "QEMU died before the guest reported."
                                 : "The guest powered off before it reported.");
}

/* A guest without a picture (its display is a card of the host) is no reason to fail. */
static void worker_take_picture(Worker *worker, LvGuest *guest)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(worker->job->folder, WORKER_SCREEN, NULL);
    g_autoptr(GBytes) picture = lv_screenshot(guest, WORKER_SCREEN_MAX, &error);
    gsize length;
    const void *data = picture == NULL ? NULL : g_bytes_get_data(picture, &length);
    if (data == NULL || !copy_bytes(path, data, length, &error))
        worker_say(worker, WORKER_PROGRESS, error->message);
}

/*
 * The state in which a guest is done with. A daemon still has the run's files open until QEMU is
 * gone, and libvirt gives back devices of the host only then. Else it is enough that the guest is
 * off: libvirt looks only after 0.2 s whether QEMU has ended, and the guard sees to that anyhow.
 */
static LvState worker_done_at(const Worker *worker)
{
    const GPtrArray *devices = worker->job->machine->devices;
    bool has_devices = devices != NULL && devices->len > 0;
    return worker->embed == NULL || has_devices ? LV_ENDED : LV_OFF;
}

/* Until the guest is off. */
static void worker_end(Worker *worker, LvGuest *guest)
{
    if (worker->job->files.probe_hold > 0)
        lv_send(guest, "\n", 1);
    gint64 limit = worker_deadline(WORKER_END_MS);
    while ((lv_state(guest) < worker_done_at(worker) || !lv_drained(guest)) &&
           worker_wait(worker, limit))
        continue;
    if (lv_state(guest) == LV_RUNNING)
        worker_say(worker, WORKER_PROGRESS,
                   "The guest did not power off after its report; it was stopped.");
}

static bool worker_keep_serial(Worker *worker, GError **error)
{
    g_autofree char *path = g_build_filename(worker->job->folder, WORKER_SERIAL, NULL);
    g_autoptr(GBytes) serial = console_bytes(worker->console);
    gsize length;
    const void *data = g_bytes_get_data(serial, &length);
    return copy_bytes(path, data, length, error);
}

static void worker_say_seconds(const Worker *worker, double seconds)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_dtostr(text, sizeof text, seconds);
    worker_say(worker, WORKER_SECONDS, text);
}

/* Until what the job waits for has come; it is said. */
static bool worker_await(const Worker *worker, LvGuest *guest, GError **error)
{
    const char *end = "";
    if (worker->job->wait == WORKER_WAIT_PICKER)
        end = worker_await_picker(worker, guest, error);
    else if (!worker_await_report(worker, guest, error))
        end = NULL;
    if (end != NULL)
        worker_say(worker, WORKER_REPORTED, end);
    return end != NULL;
}

static int worker_watch(Worker *worker, LvConnection *connection)
{
    g_autoptr(GError) error = NULL;
    worker_say(worker, WORKER_PROGRESS, "Starting the guest.");
    g_autoptr(LvGuest) guest = worker_start(worker, connection, &error);
    if (guest == NULL)
        return worker_fail(worker, error);
    bool picker = worker->job->wait == WORKER_WAIT_PICKER;
    worker_say(worker, WORKER_PROGRESS,
               picker ? "The guest runs; waiting for the boot loader's picker."
                      : "The guest runs; waiting for the probe's report.");
    bool reported = worker_await(worker, guest, &error);
    if (reported && worker->job->screenshot)
        worker_take_picture(worker, guest);
    if (reported && !picker)
        worker_end(worker, guest);
    double elapsed = g_timer_elapsed(worker->timer, NULL);
    g_autoptr(GError) problem = NULL;
    if (!worker_keep_serial(worker, &problem) && reported)
        return worker_fail(worker, problem);
    worker_say_seconds(worker, elapsed);
    if (!reported)
        worker_fail(worker, error); /* before the guest is stopped, which may take its time */
    if (lv_state(guest) == LV_OFF && worker_done_at(worker) == LV_OFF)
        _exit(reported ? 0 : 1); /* see worker_done_at() */
    return reported ? 0 : 1;
}

int worker_run(void *job, int out)
{
    Worker worker = {.job = job, .out = out};
    g_autoptr(GError) error = NULL;
    worker_prepare(&worker);
    if (!lv_load(&error))
        return worker_fail(&worker, error);
    g_autoptr(LvConnection) connection = worker_connect(&worker, &error);
    if (connection == NULL)
        return worker_fail(&worker, error);
    return worker_watch(&worker, connection);
}

void worker_tidy(void *job, pid_t worker)
{
    const LentFile *lent = ((const WorkerJob *)job)->lent;
    if (lent != NULL)
        lent_give_back(lent);
    locks_remove(LOCKS_FOLDER, worker);
}
