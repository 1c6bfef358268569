/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/build.h"

#include "base/error.h"
#include "image/image.h"
#include "os/files.h"
#include "os/replace.h"
#include "store/private.h"
#include "store/probe.h"

#include <string.h>
#include <sys/stat.h>

/* UEFI specification 2.10, 3.5.1.1: what firmware starts from a removable medium. */
#define BOOT_PATH "EFI/BOOT/BOOTX64.EFI"

#define PROBE_MAX (16 * 1024 * 1024)

/* As the image's: QEMU's own account reads that, and neither holds anything of anybody's. */
#define PROBE_DIGEST_MODE 0644

/* What the image was made from: the digest of the probe's program. */
static bool is_current(const char *image, const char *digest_path, const char *digest)
{
    struct stat status;
    if (stat(image, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
        return false;
    g_autofree char *stored = os_read_file(digest_path, 256, NULL, NULL);
    return stored != NULL && strcmp(g_strchomp(stored), digest) == 0;
}

static bool write_image(const char *image, const char *program, gsize length, GError **error)
{
    const ImageFile file = {.target = BOOT_PATH, .bytes = program, .length = length};
    const ImageOptions options = {.label = "PROBE"};

    return image_write_esp(image, &file, 1, &options, error);
}

static char *read_probe(const char *probe, gsize *ret_length, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (probe == NULL)
        return fail_null(error, ERROR_MISSING,
                         "The probe, the UEFI program that looks around in the guest, is not here. "
                         "Build and install Rootstock with it.");
    char *program = os_read_file(probe, PROBE_MAX, ret_length, &cause);
    if (program == NULL)
        fail(error, ERROR_MISSING,
             "The probe, the UEFI program that looks around in the guest, cannot be read: %s Build "
             "and install Rootstock with it.",
             cause->message);
    return program;
}

char *probe_build(const Store *store, const char *probe, BuildAction *ret_action, GError **error)
{
    g_autofree char *image = g_build_filename(store_path(store), "probe.img", NULL);
    g_autofree char *lock_path = g_build_filename(store_path(store), ".probe.lock", NULL);
    g_autofree char *digest_path = g_build_filename(store_path(store), "probe.sha256", NULL);
    gsize length;
    g_autofree char *program = read_probe(probe, &length, error);
    if (program == NULL || !store_make_folder(store_path(store), error))
        return NULL;
    g_autoptr(OsLock) lock = os_lock(lock_path, 30000, "the probe's image", error);
    if (lock == NULL)
        return NULL;
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)program, length);
    if (is_current(image, digest_path, digest)) {
        *ret_action = BUILD_KEPT;
        return g_steal_pointer(&image);
    }
    bool there = g_file_test(image, G_FILE_TEST_EXISTS);
    if (!write_image(image, program, length, error) ||
        !os_replace_bytes(digest_path, digest, strlen(digest), PROBE_DIGEST_MODE, error))
        return NULL;
    *ret_action = there ? BUILD_UPDATED : BUILD_MADE;
    return g_steal_pointer(&image);
}

char *store_probe_image(Store *store, const char *probe, GError **error)
{
    BuildAction action;
    return probe_build(store, probe, &action, error);
}
