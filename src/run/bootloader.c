/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/bootloader.h"

#include "base/error.h"
#include "image/image.h"
#include "opencore/observe.h"
#include "os/files.h"
#include "run/copy.h"
#include "run/session.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG "EFI/OC/config.plist"
#define LOADER "EFI/OC/OpenCore.efi"
#define LOADER_MAX (16 * 1024 * 1024)
#define VAULT "EFI/OC/vault.plist"
/* OcLog.c: opencore-YYYY-MM-DD-HHMMSS.txt, of OC_LOG_BUFFER_SIZE bytes; room for later versions. */
#define LOG_PREFIX "opencore-"
#define LOG_SUFFIX ".txt"
#define LOG_MAX (1024 * 1024)
/* A disk that takes no more than this on the host is copied. */
#define COPY_MAX (G_GINT64_CONSTANT(1) << 30)
#define EMBEDDED "qemu:///embed"
#define NOT_TRIED "The boot loader was not tried"

static const char *const ENDS[] = {WORKER_END_PICKER, WORKER_END_HALTED, WORKER_END_STILL,
                                   WORKER_END_OFF, WORKER_END_TIME};

/* The throw-away files of a run. */
typedef struct {
    char *image, *disk, *nvram;
    LentFile lent;
    GStrv logs; /* that were on the image before */
} Files;

static void files_clear(Files *files)
{
    g_free(files->image);
    g_free(files->disk);
    g_free(files->nvram);
    lent_clear(&files->lent);
    g_strfreev(files->logs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

const char *bootloader_end_name(BootloaderEnd end)
{
    return ENDS[end];
}

void bootloader_free(Bootloader *run)
{
    if (run == NULL)
        return;
    boot_log_free(run->log);
    log_messages_free(run->messages);
    g_free(run->log_name);
    g_free(run->log_text);
    if (run->changes != NULL)
        g_ptr_array_unref(run->changes);
    g_free(run->screenshot);
    g_free(run->connection);
    g_free(run);
}

bool bootloader_ok(const Bootloader *run)
{
    return run->end == BOOTLOADER_PICKER && run->log->entries->len > 0 &&
           boot_log_count(run->log, MESSAGE_ERROR) == 0;
}

/* What is in the top folder of the image and has a log's name. */
static GStrv list_logs(const char *image, GError **error)
{
    g_auto(GStrv) names = image_efi_list(image, "", false, error);
    g_autoptr(GStrvBuilder) logs = g_strv_builder_new();
    if (names == NULL)
        return NULL;
    for (char **name = names; *name != NULL; name++)
        if (g_str_has_prefix(*name, LOG_PREFIX) && g_str_has_suffix(*name, LOG_SUFFIX))
            g_strv_builder_add(logs, *name);
    return g_strv_builder_end(logs);
}

/* Copies FROM while no guest can write to it. */
static bool copy_quiet(const char *from, const char *to, const char *what, GError **error)
{
    int lock = -1;
    if (!image_lock(from, NOT_TRIED, &lock, error))
        return false;
    bool good = copy_file(from, to, what, error);
    if (lock >= 0)
        close(lock);
    return good;
}

/* Whether a layer over a file leaves the file as it is: what libvirt gives to QEMU's account can be
 * taken back, or QEMU runs as this user. */
static bool can_lend(const PreflightOptions *options)
{
    return geteuid() == 0 ||
           (options->connect != NULL && g_str_has_prefix(options->connect, EMBEDDED));
}

/* A layer over the machine's own disk. */
static bool lay_over(Session *session, Files *files, const char *own, GError **error)
{
    int lock = -1;
    if (!image_lock(own, NOT_TRIED, &lock, error))
        return false;
    if (lock >= 0)
        close(lock); /* qemu-img looks into the image, too */
    if (!lent_note(&files->lent, own, error))
        return false;
    session->job.lent = &files->lent;
    return image_create_overlay(files->disk, own, error);
}

/* The guest's disk: an empty one, or what the machine's own has. */
static bool make_disk(Session *session, Files *files, const BootloaderFiles *own,
                      GPtrArray *changes, GError **error)
{
    struct stat status;
    gint64 most = own->copy_max > 0 ? own->copy_max : COPY_MAX;
    files->disk = run_folder_file(session->folder, "disk.img");
    session->job.files.disk_format = "qcow2";
    if (own->disk != NULL && stat(own->disk, &status) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot be read: %s.", own->disk, g_strerror(errno));
    if (own->disk != NULL && (gint64)status.st_blocks * 512 <= most)
        return copy_quiet(own->disk, files->disk, "The machine's disk", error);
    if (own->disk != NULL && can_lend(session->options))
        return lay_over(session, files, own->disk, error);
    if (own->disk != NULL)
        g_ptr_array_add(changes,
                        g_strdup("The disk is an empty one: the machine's own is too large "
                                 "to be copied, and only root can lend it to QEMU's "
                                 "account. Systems on it are not seen."));
    session->job.files.disk_format = "raw";
    return copy_empty(files->disk, session->machine->disk, error);
}

/* Puts the DEBUG build in the place of the other. */
static void take_debug(const char *image, const char *debug, GPtrArray *changes)
{
    gsize length = 0;
    g_autofree char *bytes = os_read_file(debug, LOADER_MAX, &length, NULL);
    if (bytes != NULL && image_efi_write(image, LOADER, bytes, length, NULL))
        g_ptr_array_add(changes, g_strdup("OpenCore.efi is the DEBUG build of the same version: "
                                          "it logs its whole start."));
}

/* What cannot be read or changed is booted as it is, which then shows what OpenCore makes of it. */
static void take_config(const char *image, GPtrArray *changes)
{
    gsize length = 0;
    guint before = changes->len;
    g_autofree char *text = image_efi_read(image, CONFIG, &length, NULL);
    g_autoptr(PlistDocument) document =
        text != NULL ? plist_read(text, length, "config.plist", NULL) : NULL;
    if (document != NULL && config_observe(document, changes, NULL) &&
        (changes->len == before ||
         image_efi_write(image, CONFIG, document->text, document->length, NULL)))
        return;
    g_ptr_array_set_size(changes, (gint)before);
    g_ptr_array_add(changes, g_strdup("config.plist stays as it is: it cannot be read here."));
}

/* Changes the copy so that its start can be watched. */
static void observe(const char *image, const char *debug, GPtrArray *changes)
{
    g_autofree char *vault = image_efi_read(image, VAULT, NULL, NULL);
    if (vault != NULL) {
        g_ptr_array_add(changes, g_strdup("Nothing: the vault of signatures lets no file be "
                                          "changed. What is logged, and whether the picker waits, "
                                          "is as the configuration says."));
        return;
    }
    if (debug != NULL)
        take_debug(image, debug, changes);
    take_config(image, changes);
}

static bool prepare(Session *session, Files *files, const BootloaderFiles *own, GPtrArray *changes,
                    GError **error)
{
    if (!g_file_test(own->image, G_FILE_TEST_IS_REGULAR))
        return fail(error, ERROR_MISSING,
                    "There is no boot loader's image %s. Make it with `rootstock build %s --only "
                    "opencore`.",
                    own->image, session->machine->name);
    session_progress(session, "Making a throw-away copy of the boot loader's image.");
    if (!session_begin(session, error))
        return false;
    files->image = run_folder_file(session->folder, "opencore.img");
    files->nvram = run_folder_file(session->folder, "nvram.fd");
    if (!copy_quiet(own->image, files->image, "The boot loader's image", error) ||
        !copy_file(own->nvram != NULL ? own->nvram : session->machine->firmware_vars, files->nvram,
                   "The firmware's variables", error) ||
        !make_disk(session, files, own, changes, error))
        return false;
    files->logs = list_logs(files->image, error);
    if (files->logs == NULL)
        return false;
    observe(files->image, own->debug, changes);
    session->job.wait = WORKER_WAIT_PICKER;
    session->job.files.nvram = files->nvram;
    session->job.files.disk = files->disk;
    session->job.files.boot_image = files->image;
    session->job.files.probe = true;
    return true;
}

/* The name of the log of this start: the newest that was not there before. NULL: there is none. */
static char *find_log(const Files *files)
{
    g_auto(GStrv) logs = list_logs(files->image, NULL);
    const char *found = NULL;
    for (char **log = logs; log != NULL && *log != NULL; log++)
        if (!g_strv_contains((const char *const *)files->logs, *log) &&
            (found == NULL || strcmp(*log, found) > 0))
            found = *log;
    return g_strdup(found);
}

/* Takes TEXT as the log where it says more than what is there. */
static void take_log(Bootloader *run, const char *text, gsize length, const char *name)
{
    g_autoptr(BootLog) log = boot_log_read(text, length, run->messages);
    if (run->log != NULL && log->lines <= run->log->lines)
        return;
    boot_log_free(run->log);
    run->log = g_steal_pointer(&log);
    g_free(run->log_name);
    run->log_name = g_strdup(name);
    g_free(run->log_text);
    run->log_text = g_utf8_make_valid(text, (gssize)strnlen(text, length));
}

static bool read_logs(Bootloader *run, const Session *session, const Files *files, GError **error)
{
    gsize length = 0;
    g_autofree char *name = find_log(files);
    g_autofree char *file = name != NULL ? image_efi_read(files->image, name, &length, NULL) : NULL;
    if (file != NULL)
        take_log(run, file, MIN(length, LOG_MAX), name);
    g_autofree char *serial = session_serial(session, &length, error);
    if (serial == NULL)
        return false;
    take_log(run, serial, length, NULL);
    return true;
}

static bool read_result(Bootloader *run, const Session *session, const Files *files, GError **error)
{
    run->end = BOOTLOADER_TIME;
    for (guint i = 0; i < G_N_ELEMENTS(ENDS); i++)
        if (g_strcmp0(ENDS[i], session->reported) == 0)
            run->end = (BootloaderEnd)i;
    run->seconds = session->seconds;
    run->connection = g_strdup(session->connection);
    return read_logs(run, session, files, error) &&
           session_picture(session, &run->screenshot, error);
}

Bootloader *bootloader_run(const Machine *machine, const BootloaderFiles *files,
                           const PreflightOptions *options, GError **error)
{
    g_auto(Files) copies = {0};
    g_auto(Session) session = {.machine = machine, .options = options};
    g_autoptr(Bootloader) run = g_new0(Bootloader, 1);
    run->changes = g_ptr_array_new_with_free_func(g_free);
    run->messages = log_messages_load(error);
    if (run->messages == NULL || !prepare(&session, &copies, files, run->changes, error) ||
        !session_run(&session, error) || !read_result(run, &session, &copies, error))
        return NULL;
    return g_steal_pointer(&run);
}
