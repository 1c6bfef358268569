/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/session.h"

#include "base/error.h"
#include "os/cancel.h"
#include "os/files.h"
#include "run/account.h"
#include "run/embed.h"
#include "run/screen.h"
#include "run/users.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_KVM_MS 120000
#define TIMEOUT_TCG_MS 300000
/* For libvirt beside the guest itself: it may have to find out first what this QEMU can do. */
#define LIBVIRT_MS 180000
#define STOP_MS 1500
#define GIVE_BACK_MS 15000
/* For libvirt to end a guest that is done with. */
#define END_MS 20000
#define SCREEN_MAX (64 * 1024 * 1024)
#define SERIAL_MAX (8 * 1024 * 1024)
#define MESSAGE_MAX (64 * 1024)
#define DOMAIN_PREFIX "preflight-"

void session_clear(Session *session)
{
    run_folder_free(session->folder);
    g_free(session->domain);
    if (session->line != NULL)
        g_string_free(session->line, TRUE);
    g_free(session->uuid);
    g_free(session->connection);
    g_free(session->reported);
    g_clear_error(&session->problem);
}

void session_progress(const Session *session, const char *what)
{
    if (session->options->progress != NULL)
        session->options->progress(what, session->options->progress_data);
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
static bool run_check_kvm(const Session *session, GError **error)
{
    const char *user = session->options->qemu_user;
    if (!session->machine->kvm || account_may(user, "/dev/kvm", R_OK | W_OK) != TRI_NO)
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

bool session_begin(Session *session, GError **error)
{
    if (!os_check_cancel("The preflight", error) || !run_check_firmware(session->machine, error) ||
        !run_check_kvm(session, error) ||
        !run_check_screenshot(session->options->screenshot, error))
        return false;
    session->folder = run_folder_make(session->options->run_folder, error);
    if (session->folder == NULL)
        return false;
    const char *path = run_folder_path(session->folder);
    session->domain = g_strconcat(DOMAIN_PREFIX, strrchr(path, '-') + 1, NULL);
    return account_check_folder(session->options->qemu_user, path, error);
}

static guint run_timeout(const Session *session)
{
    if (session->options->timeout_ms != 0)
        return session->options->timeout_ms;
    return session->machine->kvm ? TIMEOUT_KVM_MS : TIMEOUT_TCG_MS;
}

static void run_fill_job(Session *session)
{
    const PreflightOptions *options = session->options;
    session->job.machine = session->machine;
    session->job.folder = run_folder_path(session->folder);
    session->job.domain = session->domain;
    session->job.connect = options->connect;
    session->job.cache_folder = options->cache_folder;
    session->job.qemu_user = options->qemu_user;
    session->job.screenshot = options->screenshot != NULL;
    session->job.timeout_ms = run_timeout(session);
}

static void run_note_error(Session *session, const char *text)
{
    char *rest = NULL;
    long code = strtol(text, &rest, 10);
    g_clear_error(&session->problem);
    fail(&session->problem,
         code >= ERROR_REFUSED && code <= ERROR_FAILED ? (ErrorCode)code : ERROR_FAILED, "%s",
         g_strchug(rest));
}

/* FIELD becomes the owner of TEXT. */
static void set_text(char **field, char **text)
{
    g_free(*field);
    *field = g_steal_pointer(text);
}

/* One message of the worker's, without its newline. */
static void run_message(Session *session, const char *line)
{
    const char *space = strchr(line, ' ');
    if (space == NULL)
        return;
    g_autofree char *word = g_strndup(line, (gsize)(space - line));
    g_autofree char *text = g_strcompress(space + 1);
    if (g_str_equal(word, WORKER_PROGRESS))
        session_progress(session, text);
    else if (g_str_equal(word, WORKER_ERROR))
        run_note_error(session, text);
    else if (g_str_equal(word, WORKER_REPORTED))
        set_text(&session->reported, &text);
    else if (g_str_equal(word, WORKER_SECONDS))
        session->seconds = g_ascii_strtod(text, NULL);
    else if (g_str_equal(word, WORKER_CONNECTION))
        set_text(&session->connection, &text);
    else if (g_str_equal(word, WORKER_UUID))
        set_text(&session->uuid, &text);
}

/* Reads what there is; false at the end. */
static bool run_read(Session *session)
{
    char buffer[4096];
    ssize_t got = read(session->guard.out, buffer, sizeof buffer);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    for (ssize_t i = 0; i < got; i++) {
        if (buffer[i] == '\n') {
            run_message(session, session->line->str);
            g_string_truncate(session->line, 0);
        } else if (session->line->len < MESSAGE_MAX) {
            g_string_append_c(session->line, buffer[i]);
        }
    }
    return true;
}

/* Whether the worker has said all that it has to say. */
static bool run_is_told(const Session *session)
{
    return session->problem != NULL || (session->reported != NULL && session->seconds > 0);
}

/* Until the worker and all that it started have gone, the user cancels, or the time is up. */
static bool run_follow(Session *session, GError **error)
{
    gint64 limit = g_get_monotonic_time() + ((gint64)run_timeout(session) + LIBVIRT_MS) * 1000;
    session->line = g_string_new(NULL);
    for (;;) {
        if (!os_check_cancel("The preflight", error))
            return false;
        gint64 left = (limit - g_get_monotonic_time()) / 1000;
        if (left <= 0 && run_is_told(session))
            return true; /* what it was asked for is done; libvirt is stuck in ending the guest */
        if (left <= 0)
            return fail(error, ERROR_FAILED,
                        "libvirt did not start and end the guest within %" G_GINT64_FORMAT " s. "
                        "Is the host overloaded, or its libvirt daemon stuck?",
                        ((gint64)run_timeout(session) + LIBVIRT_MS) / 1000);
        struct pollfd waits[] = {{.fd = session->guard.out, .events = POLLIN},
                                 {.fd = os_cancel_fd(), .events = POLLIN}};
        poll(waits, G_N_ELEMENTS(waits), (int)MIN(left, G_MAXINT));
        if (waits[0].revents != 0 && !run_read(session))
            return true;
        if (run_is_told(session))
            limit = MIN(limit, g_get_monotonic_time() + END_MS * 1000);
    }
}

char *session_serial(const Session *session, gsize *ret_length, GError **error)
{
    g_autofree char *path = run_folder_file(session->folder, WORKER_SERIAL);
    return os_read_file(path, SERIAL_MAX, ret_length, error);
}

/* What the error of the worker does not know: QEMU's own words, and the guest's. */
static bool run_explain(Session *session, GError **error)
{
    g_autofree char *embed = run_folder_file(session->folder, WORKER_EMBED);
    g_autofree char *words = embed_qemu_messages(embed, session->domain, session->problem->message);
    gsize length = 0;
    g_autofree char *serial = session_serial(session, &length, NULL);
    g_autofree char *guest = serial != NULL && session->guest_words != NULL
                                 ? session->guest_words(serial, length)
                                 : NULL;
    return fail(error, error_code(session->problem), "%s%s%s%s%s", session->problem->message,
                guest != NULL ? " " : "", guest != NULL ? guest : "",
                words[0] != '\0' ? " QEMU's own messages:\n" : "", words);
}

/* How long libvirt may take to stop. It gives QEMU 10 s before it kills it, and gives devices of
 * the host back after that; without such devices nothing is lost when it is cut short. */
static guint run_patience(const Session *session)
{
    const GPtrArray *devices = session->machine->devices;
    return devices != NULL && devices->len > 0 ? GIVE_BACK_MS : STOP_MS;
}

/* Runs the guest in processes of its own. */
bool session_run(Session *session, GError **error)
{
    run_fill_job(session);
    GuardJob job = {.folder = run_folder_path(session->folder),
                    .work = worker_run,
                    .data = &session->job,
                    .tidy = worker_tidy,
                    .patience_ms = run_patience(session)};
    if (!guard_start(&session->guard, &job, error))
        return false;
    bool followed = run_follow(session, error);
    int status = guard_finish(&session->guard);
    if (!followed || status < 0)
        users_kill_all(run_folder_path(session->folder)); /* if even the guard was killed */
    if (!followed)
        return false;
    if (session->problem != NULL)
        return run_explain(session, error);
    if (run_is_told(session))
        return true;
    g_autofree char *path = run_folder_file(session->folder, "libvirt.log");
    g_autofree char *log = os_read_file(path, MESSAGE_MAX, NULL, NULL);
    return fail(error, ERROR_FAILED,
                "The process that ran the guest was killed or crashed; the guest was stopped.%s%s",
                log != NULL && log[0] != '\0' ? " It last wrote:\n" : "", log != NULL ? log : "");
}

bool session_picture(const Session *session, char **ret_path, GError **error)
{
    g_autofree char *path = run_folder_file(session->folder, WORKER_SCREEN);
    if (session->options->screenshot == NULL || !g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    gsize length = 0;
    char *data = os_read_file(path, SCREEN_MAX, &length, error);
    if (data == NULL)
        return false;
    g_autoptr(GBytes) picture = g_bytes_new_take(data, length);
    if (!screen_to_png(picture, session->options->screenshot, error))
        return false;
    *ret_path = g_strdup(session->options->screenshot);
    return true;
}
