/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/preflight.h"

#include "run/copy.h"
#include "run/session.h"

/* The probe waits this long for the picture of its screen to be taken, in seconds. */
#define PROBE_HOLD 20

/* The throw-away files of a run. */
typedef struct {
    char *nvram, *probe, *disk;
} Files;

static void files_clear(Files *files)
{
    g_free(files->nvram);
    g_free(files->probe);
    g_free(files->disk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static bool prepare(Session *session, Files *files, GError **error)
{
    const Machine *machine = session->machine;
    session_progress(session, "Making throw-away copies of the firmware's variables and disks.");
    if (!session_begin(session, error))
        return false;
    files->nvram = run_folder_file(session->folder, "nvram.fd");
    files->probe = run_folder_file(session->folder, "probe.img");
    files->disk = run_folder_file(session->folder, "disk.img");
    session->job.files =
        (RenderFiles){.nvram = files->nvram,
                      .disk = files->disk,
                      .disk_format = "raw",
                      .boot_image = files->probe,
                      .boot_image_read_only = true,
                      .probe = true,
                      .probe_hold = session->options->screenshot != NULL ? PROBE_HOLD : 0};
    return copy_file(machine->firmware_vars, files->nvram,
                     "The template of the firmware's variables", error) &&
           copy_file(session->options->probe_image, files->probe, "The image with the probe",
                     error) &&
           copy_empty(files->disk, machine->disk, error);
}

/* What is wrong with the report, for an error about it. */
static char *guest_words(const char *serial, gsize length)
{
    g_autoptr(GError) found = NULL;
    g_autoptr(GuestReport) guest = guest_report_read(serial, length, &found);
    return guest == NULL ? g_strdup(found->message) : NULL;
}

static Preflight *read_result(const Session *session, GError **error)
{
    gsize length = 0;
    g_autofree char *serial = session_serial(session, &length, error);
    g_autoptr(GuestReport) guest = serial != NULL ? guest_report_read(serial, length, error) : NULL;
    if (guest == NULL)
        return NULL;
    Machine machine = *session->machine;
    machine.identity.uuid = session->uuid; /* the one that the guest was given */
    g_autoptr(Preflight) preflight = g_new0(Preflight, 1);
    preflight->booted = true;
    preflight->seconds = session->seconds;
    preflight->checks = preflight_check(&machine, guest);
    preflight->guest = g_steal_pointer(&guest);
    preflight->connection = g_strdup(session->connection);
    return session_picture(session, &preflight->screenshot, error) ? g_steal_pointer(&preflight)
                                                                   : NULL;
}

Preflight *preflight_run(const Machine *machine, const PreflightOptions *options, GError **error)
{
    g_auto(Files) files = {0};
    g_auto(Session) session = {.machine = machine, .options = options, .guest_words = guest_words};
    if (!prepare(&session, &files, error) || !session_run(&session, error))
        return NULL;
    return read_result(&session, error);
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
