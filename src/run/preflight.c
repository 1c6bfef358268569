/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/preflight.h"

#include "base/error.h"
#include "os/cancel.h"
#include "os/files.h"
#include "run/account.h"
#include "run/copy.h"
#include "run/embed.h"
#include "run/folder.h"
#include "run/guard.h"
#include "run/screen.h"
#include "run/users.h"
#include "run/worker.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFLIGHT_TIMEOUT_KVM_MS 120000
#define PREFLIGHT_TIMEOUT_TCG_MS 300000
/* For libvirt beside the guest itself: it may have to find out first what this QEMU can do. */
#define PREFLIGHT_LIBVIRT_MS 180000
#define PREFLIGHT_STOP_MS 1500
#define PREFLIGHT_GIVE_BACK_MS 15000
/* For libvirt to end a guest that is done with. */
#define PREFLIGHT_END_MS 20000
#define PREFLIGHT_SCREEN_MAX (64 * 1024 * 1024)
#define PREFLIGHT_SERIAL_MAX (8 * 1024 * 1024)
#define PREFLIGHT_MESSAGE_MAX (64 * 1024)
/* The probe waits this long for the picture of its screen to be taken, in seconds. */
#define PREFLIGHT_HOLD 20
#define PREFLIGHT_DOMAIN_PREFIX "preflight-"

/* A run under way. */
typedef struct {
    const Machine *machine;
    const PreflightOptions *options;
    RunFolder *folder;
    char *nvram, *probe, *disk, *domain;
    WorkerJob job;
    Guard guard;
    GString *line; /* the message that is being read */
    char *uuid;    /* what the worker said */
    char *connection;
    double seconds;
    GError *problem;
    bool reported;
} Run;

static void run_clear(Run *run)
{
    run_folder_free(run->folder);
    g_free(run->nvram);
    g_free(run->probe);
    g_free(run->disk);
    g_free(run->domain);
    if (run->line != NULL)
        g_string_free(run->line, TRUE);
    g_free(run->uuid);
    g_free(run->connection);
    g_clear_error(&run->problem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static void run_progress(const Run *run, const char *what)
{
    if (run->options->progress != NULL)
        run->options->progress(what, run->options->progress_data);
}

static bool run_check_firmware(const Machine *machine, GError **error)
{
    const char *files[] = {machine->firmware_code, machine->firmware_vars};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        if (files[i] == NULL || access(files[i], R_OK) != 0)
            return fail(error, ERROR_MISSING,
                        "The firmware file %s cannot be read: %s. Install the UEFI firmware for "
                        "guests (Debian and Ubuntu: ovmf; Fedora: edk2-ovmf; Arch: edk2-ovmf).",
                        files[i] != NULL ? files[i] : "of this machine is not known, so it",
                        files[i] != NULL ? g_strerror(errno) : "no path was given");
    }
    return true;
}

/* Under the guest's own account a node that only root can open is of no use. */
static bool run_check_kvm(const Run *run, GError **error)
{
    const char *user = run->options->qemu_user;
    if (!run->machine->kvm || account_may(user, "/dev/kvm", R_OK | W_OK) != TRI_NO)
        return true;
    return fail(error, ERROR_MISSING,
                "QEMU runs as the account \"%s\", which may not open /dev/kvm. Give the node the "
                "group kvm and the mode 0660 and put the account into that group (chgrp kvm "
                "/dev/kvm; chmod 660 /dev/kvm; usermod -a -G kvm %s).",
                user != NULL ? user : g_get_user_name(), user != NULL ? user : g_get_user_name());
}

/* Said before the guest runs, not after. */
static bool run_check_screenshot(const char *path, GError **error)
{
    if (path == NULL)
        return true;
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return fail(error, ERROR_INPUT,
                    "The picture of the screen cannot go to %s, which is a folder. Name a file.",
                    path);
    if (access(folder, W_OK | X_OK) != 0)
        return fail(error, ERROR_INPUT,
                    "The picture of the screen cannot go to %s: files cannot be made in %s: %s. "
                    "Name another place.",
                    path, folder, g_strerror(errno));
    return true;
}

/* The throw-away files. */
static bool run_prepare(Run *run, GError **error)
{
    const Machine *machine = run->machine;
    if (!run_check_firmware(machine, error) || !run_check_kvm(run, error) ||
        !run_check_screenshot(run->options->screenshot, error))
        return false;
    run->folder = run_folder_make(run->options->run_folder, error);
    if (run->folder == NULL)
        return false;
    const char *path = run_folder_path(run->folder);
    if (!account_check_folder(run->options->qemu_user, path, error))
        return false;
    const char *unique = strrchr(path, '-') + 1;
    run->domain = g_strconcat(PREFLIGHT_DOMAIN_PREFIX, unique, NULL);
    run->nvram = run_folder_file(run->folder, "nvram.fd");
    run->probe = run_folder_file(run->folder, "probe.img");
    run->disk = run_folder_file(run->folder, "disk.img");
    return copy_file(machine->firmware_vars, run->nvram, "The template of the firmware's variables",
                     error) &&
           copy_file(run->options->probe_image, run->probe, "The image with the probe", error) &&
           copy_empty(run->disk, machine->disk, error);
}

static guint run_timeout(const Run *run)
{
    if (run->options->timeout_ms != 0)
        return run->options->timeout_ms;
    return run->machine->kvm ? PREFLIGHT_TIMEOUT_KVM_MS : PREFLIGHT_TIMEOUT_TCG_MS;
}

static void run_fill_job(Run *run)
{
    const PreflightOptions *options = run->options;
    run->job = (WorkerJob){
        .machine = run->machine,
        .files = {.nvram = run->nvram,
                  .disk = run->disk,
                  .disk_format = "raw",
                  .boot_image = run->probe,
                  .boot_image_read_only = true,
                  .probe = true,
                  .probe_hold = options->screenshot != NULL ? PREFLIGHT_HOLD : 0},
        .folder = run_folder_path(run->folder),
        .domain = run->domain,
        .connect = options->connect,
        .cache_folder = options->cache_folder,
        .qemu_user = options->qemu_user,
        .screenshot = options->screenshot != NULL,
        .timeout_ms = run_timeout(run),
    };
}

static void run_note_error(Run *run, const char *text)
{
    char *rest = NULL;
    long code = strtol(text, &rest, 10);
    g_clear_error(&run->problem);
    fail(&run->problem,
         code >= ERROR_REFUSED && code <= ERROR_FAILED ? (ErrorCode)code : ERROR_FAILED, "%s",
         g_strchug(rest));
}

/* One message of the worker's, without its newline. */
static void run_message(Run *run, const char *line)
{
    const char *space = strchr(line, ' ');
    if (space == NULL)
        return;
    g_autofree char *word = g_strndup(line, (gsize)(space - line));
    g_autofree char *text = g_strcompress(space + 1);
    if (g_str_equal(word, WORKER_PROGRESS))
        run_progress(run, text);
    else if (g_str_equal(word, WORKER_ERROR))
        run_note_error(run, text);
    else if (g_str_equal(word, WORKER_REPORTED))
        run->reported = true;
    else if (g_str_equal(word, WORKER_SECONDS))
        run->seconds = g_ascii_strtod(text, NULL);
    else if (g_str_equal(word, WORKER_CONNECTION)) {
        g_free(run->connection);
        run->connection = g_steal_pointer(&text);
    } else if (g_str_equal(word, WORKER_UUID)) {
        g_free(run->uuid);
        run->uuid = g_steal_pointer(&text);
    }
}

/* Reads what there is; false at the end. */
static bool run_read(Run *run)
{
    char buffer[4096];
    ssize_t got = read(run->guard.out, buffer, sizeof buffer);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    for (ssize_t i = 0; i < got; i++) {
        if (buffer[i] == '\n') {
            run_message(run, run->line->str);
            g_string_truncate(run->line, 0);
        } else if (run->line->len < PREFLIGHT_MESSAGE_MAX) {
            g_string_append_c(run->line, buffer[i]);
        }
    }
    return true;
}

/* Whether the worker has said all that it has to say. */
static bool run_is_told(const Run *run)
{
    return run->problem != NULL || (run->reported && run->seconds > 0);
}

/* Until the worker and all that it started have gone, the user cancels, or the time is up. */
static bool run_follow(Run *run, GError **error)
{
    gint64 limit =
        g_get_monotonic_time() + ((gint64)run_timeout(run) + PREFLIGHT_LIBVIRT_MS) * 1000;
    run->line = g_string_new(NULL);
    for (;;) {
        if (!os_check_cancel("The preflight", error))
            return false;
        gint64 left = (limit - g_get_monotonic_time()) / 1000;
        if (left <= 0 && run_is_told(run))
            return true; /* what it was asked for is done; libvirt is stuck in ending the guest */
        if (left <= 0)
            return fail(error, ERROR_FAILED,
                        "libvirt did not start and end the guest within %" G_GINT64_FORMAT " s. "
                        "Is the host overloaded, or its libvirt daemon stuck?",
                        ((gint64)run_timeout(run) + PREFLIGHT_LIBVIRT_MS) / 1000);
        struct pollfd waits[] = {{.fd = run->guard.out, .events = POLLIN},
                                 {.fd = os_cancel_fd(), .events = POLLIN}};
        poll(waits, G_N_ELEMENTS(waits), (int)MIN(left, G_MAXINT));
        if (waits[0].revents != 0 && !run_read(run))
            return true;
        if (run_is_told(run))
            limit = MIN(limit, g_get_monotonic_time() + PREFLIGHT_END_MS * 1000);
    }
}

/* What the error of the worker does not know: QEMU's own words, and the guest's. */
static bool run_explain(Run *run, GError **error)
{
    g_autofree char *embed = run_folder_file(run->folder, WORKER_EMBED);
    g_autofree char *words = embed_qemu_messages(embed, run->domain, run->problem->message);
    g_autofree char *path = run_folder_file(run->folder, WORKER_SERIAL);
    gsize length = 0;
    g_autofree char *serial = os_read_file(path, PREFLIGHT_SERIAL_MAX, &length, NULL);
    g_autoptr(GError) found = NULL;
    g_autoptr(GuestReport) guest =
        serial == NULL ? NULL : guest_report_read(serial, length, &found);
    return fail(error, error_code(run->problem), "%s%s%s%s%s", run->problem->message,
                found != NULL ? " " : "", found != NULL ? found->message : "",
                words[0] != '\0' ? " QEMU's own messages:\n" : "", words);
}

/* How long libvirt may take to stop. It gives QEMU 10 s before it kills it, and gives devices of
 * the host back after that; without such devices nothing is lost when it is cut short. */
static guint run_patience(const Run *run)
{
    const GPtrArray *devices = run->machine->devices;
    return devices != NULL && devices->len > 0 ? PREFLIGHT_GIVE_BACK_MS : PREFLIGHT_STOP_MS;
}

/* Runs the guest in processes of its own. */
static bool run_guest(Run *run, GError **error)
{
    GuardJob job = {.folder = run_folder_path(run->folder),
                    .work = worker_run,
                    .data = &run->job,
                    .tidy = worker_tidy,
                    .patience_ms = run_patience(run)};
    if (!guard_start(&run->guard, &job, error))
        return false;
    bool followed = run_follow(run, error);
    int status = guard_finish(&run->guard);
    if (!followed || status < 0)
        users_kill_all(run_folder_path(run->folder)); /* if even the guard was killed */
    if (!followed)
        return false;
    if (run->problem != NULL)
        return run_explain(run, error);
    if (run_is_told(run))
        return true;
    g_autofree char *path = run_folder_file(run->folder, "libvirt.log");
    g_autofree char *log = os_read_file(path, PREFLIGHT_MESSAGE_MAX, NULL, NULL);
    return fail(error, ERROR_FAILED,
                "The process that ran the guest was killed or crashed; the guest was stopped.%s%s",
                log != NULL && log[0] != '\0' ? " It last wrote:\n" : "", log != NULL ? log : "");
}

static bool run_picture(const Run *run, Preflight *preflight, GError **error)
{
    g_autofree char *path = run_folder_file(run->folder, WORKER_SCREEN);
    if (run->options->screenshot == NULL || !g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    gsize length = 0;
    char *data = os_read_file(path, PREFLIGHT_SCREEN_MAX, &length, error);
    if (data == NULL)
        return false;
    g_autoptr(GBytes) picture = g_bytes_new_take(data, length);
    if (!screen_to_png(picture, run->options->screenshot, error))
        return false;
    preflight->screenshot = g_strdup(run->options->screenshot);
    return true;
}

static Preflight *run_result(const Run *run, GError **error)
{
    g_autofree char *path = run_folder_file(run->folder, WORKER_SERIAL);
    gsize length = 0;
    g_autofree char *serial = os_read_file(path, PREFLIGHT_SERIAL_MAX, &length, error);
    if (serial == NULL)
        return NULL;
    g_autoptr(GuestReport) guest = guest_report_read(serial, length, error);
    if (guest == NULL)
        return NULL;
    Machine machine = *run->machine;
    machine.identity.uuid = run->uuid; /* the one that the guest was given */
    g_autoptr(Preflight) preflight = g_new0(Preflight, 1);
    preflight->booted = true;
    preflight->seconds = run->seconds;
    preflight->checks = preflight_check(&machine, guest);
    preflight->guest = g_steal_pointer(&guest);
    preflight->connection = g_strdup(run->connection);
    return run_picture(run, preflight, error) ? g_steal_pointer(&preflight) : NULL;
}

Preflight *preflight_run(const Machine *machine, const PreflightOptions *options, GError **error)
{
    g_auto(Run) run = {.machine = machine, .options = options};
    run_progress(&run, "Making throw-away copies of the firmware's variables and disks.");
    if (!os_check_cancel("The preflight", error) || !run_prepare(&run, error))
        return NULL;
    run_fill_job(&run);
    if (!run_guest(&run, error))
        return NULL;
    return run_result(&run, error);
}

void preflight_free(Preflight *preflight)
{
    if (preflight == NULL)
        return;
    guest_report_free(preflight->guest);
    if (preflight->checks != NULL)
        g_ptr_array_unref(preflight->checks);
    g_free(preflight->screenshot);
    g_free(preflight->connection);
    g_free(preflight);
}

bool preflight_all_ok(const Preflight *preflight)
{
    bool ok = preflight->booted && preflight->checks->len > 0;
    for (guint i = 0; i < preflight->checks->len; i++)
        ok = ok && ((const PreflightCheck *)g_ptr_array_index(preflight->checks, i))->ok;
    return ok;
}
