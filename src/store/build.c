/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/build.h"

#include "base/error.h"
#include "base/size.h"
#include "image/image.h"
#include "os/files.h"
#include "os/replace.h"
#include "render/render.h"
#include "store/opencore.h"
#include "store/private.h"
#include "store/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NVRAM_MAX (64 * 1024 * 1024)
#define DOMAIN_MAX (1024 * 1024)

static const char *const PART_NAMES[] = {"disk", "domain", "probe", "opencore"};
static const char *const ACTION_NAMES[] = {[BUILD_KEPT] = "kept",
                                           [BUILD_MADE] = "made",
                                           [BUILD_UPDATED] = "updated",
                                           [BUILD_MISSING] = "missing"};

const char *build_part_name(BuildPart part)
{
    return PART_NAMES[g_bit_nth_lsf(part, -1)];
}

bool build_part_from_name(const char *name, BuildPart *ret_part)
{
    for (guint i = 0; i < G_N_ELEMENTS(PART_NAMES); i++) {
        if (strcmp(name, PART_NAMES[i]) == 0) {
            *ret_part = (BuildPart)(1 << i);
            return true;
        }
    }
    return false;
}

const char *build_action_name(BuildAction action)
{
    return ACTION_NAMES[action];
}

static void build_result_free(BuildResult *result)
{
    g_free(result->path);
    g_free(result->why);
    g_free(result);
}

/* Takes PATH and WHY. */
static void add_result(GPtrArray *results, BuildPart part, BuildAction action, char *path,
                       char *why)
{
    BuildResult *result = g_new0(BuildResult, 1);
    *result = (BuildResult){part, action, path, why};
    g_ptr_array_add(results, result);
}

/* The size that the guest sees of a qcow2 image: 64 bits, big endian, at 24 (QEMU,
 * docs/interop/qcow2.txt). UNKNOWN when it is none. */
static gint64 qcow2_size(const char *path)
{
    guint8 header[32];
    guint64 size;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool read = fd >= 0 && pread(fd, header, sizeof header, 0) == sizeof header;

    if (fd >= 0)
        close(fd);
    if (!read || memcmp(header, "QFI\xfb", 4) != 0)
        return UNKNOWN;
    memcpy(&size, header + 24, sizeof size);
    size = GUINT64_FROM_BE(size);
    return size > G_MAXINT64 ? UNKNOWN : (gint64)size;
}

static char *why_disk_is_kept(const char *path, const Machine *machine)
{
    gint64 size = qcow2_size(path);
    if (size == UNKNOWN)
        return g_strdup("It is there, and a disk is never overwritten. It is not a qcow2 image, "
                        "which the machine expects: see what it is before you start the guest.");
    if (size == machine->disk)
        return g_strdup("It is there, and a disk is never overwritten.");
    g_autofree char *has = size_human((guint64)size);
    g_autofree char *wants = size_human((guint64)machine->disk);
    return g_strdup_printf("It is there, and a disk is never overwritten. It has %s, while the "
                           "machine file asks for %s; `qemu-img resize` changes it.",
                           has, wants);
}

static bool build_disk(const Store *store, const Machine *machine, GPtrArray *results,
                       GError **error)
{
    g_autofree char *path = store_machine_file(store, machine->name, "disk.qcow2");
    if (g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        char *why = why_disk_is_kept(path, machine);
        add_result(results, BUILD_DISK, BUILD_KEPT, g_steal_pointer(&path), why);
        return true;
    }
    if (!image_create_disk(path, (guint64)machine->disk, error))
        return false;
    g_autofree char *size = size_human((guint64)machine->disk);
    add_result(results, BUILD_DISK, BUILD_MADE, g_steal_pointer(&path),
               g_strdup_printf("The guest's disk: empty, %s for the guest, and on this host only "
                               "as much as it writes.",
                               size));
    return true;
}

static bool build_nvram(const Store *store, const Machine *machine, GPtrArray *results,
                        GError **error)
{
    g_autofree char *path = store_machine_file(store, machine->name, "nvram.fd");
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        add_result(results, BUILD_DISK, BUILD_KEPT, g_steal_pointer(&path),
                   g_strdup("It is there, and holds what the guest's firmware has stored."));
        return true;
    }
    gsize length;
    g_autoptr(GError) cause = NULL;
    g_autofree char *template = os_read_file(machine->firmware_vars, NVRAM_MAX, &length, &cause);
    if (template == NULL)
        return fail(error, ERROR_MISSING,
                    "The firmware's variables cannot be copied: %s Install OVMF again (package "
                    "ovmf on Debian).",
                    cause->message);
    if (!os_replace_bytes(path, template, length, STORE_FILE_MODE, error))
        return false;
    add_result(
        results, BUILD_DISK, BUILD_MADE, g_steal_pointer(&path),
        g_strdup_printf("The guest's firmware variables: a copy of %s.", machine->firmware_vars));
    return true;
}

/* The machine's own files, for render. PATHS keeps them. */
static RenderFiles own_files(const Store *store, const Machine *machine, GPtrArray *paths)
{
    char *nvram = store_machine_file(store, machine->name, "nvram.fd");
    char *disk = store_machine_file(store, machine->name, "disk.qcow2");
    g_ptr_array_add(paths, nvram);
    g_ptr_array_add(paths, disk);
    char *boot = store_machine_file(store, machine->name, OPENCORE_IMAGE);
    g_ptr_array_add(paths, boot);
    bool has_boot = g_file_test(boot, G_FILE_TEST_IS_REGULAR);
    return (RenderFiles){
        .nvram = nvram, .disk = disk, .disk_format = "qcow2", .boot_image = has_boot ? boot : NULL};
}

char *store_domain_xml(const Store *store, const Machine *machine, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    RenderFiles files = own_files(store, machine, paths);
    return render_domain_xml(machine, &files, error);
}

GStrv store_qemu_argv(const Store *store, const Machine *machine, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    RenderFiles files = own_files(store, machine, paths);
    return render_qemu_argv(machine, &files, error);
}

static bool build_domain(const Store *store, const Machine *machine, GPtrArray *results,
                         GError **error)
{
    g_autofree char *path = store_machine_file(store, machine->name, "domain.xml");
    g_autofree char *xml = store_domain_xml(store, machine, error);
    if (xml == NULL)
        return false;
    g_autofree char *old = os_read_file(path, DOMAIN_MAX, NULL, NULL);
    if (g_strcmp0(old, xml) == 0) {
        add_result(results, BUILD_DOMAIN, BUILD_KEPT, g_steal_pointer(&path),
                   g_strdup("It is what the machine file and this host ask for."));
        return true;
    }
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!os_replace_bytes(path, xml, strlen(xml), STORE_FILE_MODE, error))
        return false;
    add_result(
        results, BUILD_DOMAIN, there ? BUILD_UPDATED : BUILD_MADE, g_steal_pointer(&path),
        g_strdup(there ? "The machine file or this host has changed." : "The libvirt domain."));
    return true;
}

static bool build_probe(const Store *store, const char *probe, GPtrArray *results, GError **error)
{
    static const char *const WHY[] = {
        [BUILD_KEPT] = "It holds this probe.",
        [BUILD_MADE] = "What preflight boots: an EFI system partition with the probe.",
        [BUILD_UPDATED] = "It held another probe.",
    };
    BuildAction action;
    char *path = probe_build(store, probe, &action, error);
    if (path == NULL)
        return false;
    add_result(results, BUILD_PROBE, action, path, g_strdup(WHY[action]));
    return true;
}

static bool build_opencore(Store *store, const Machine *machine, const Catalog *catalog, bool alone,
                           GPtrArray *results, GError **error)
{
    BuildAction action;
    g_autoptr(GError) cause = NULL;
    char *why = opencore_build(store, machine, catalog, alone, &action, &cause);
    char *path = store_machine_file(store, machine->name, OPENCORE_IMAGE);

    if (why == NULL && error_code(cause) == ERROR_MISSING && !alone) {
        action = BUILD_MISSING;
        why = g_strdup(cause->message);
    }
    if (why == NULL) {
        g_free(path);
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    add_result(results, BUILD_OPENCORE, action, path, why);
    return true;
}

GPtrArray *store_build(Store *store, const Machine *machine, const Catalog *catalog,
                       const char *probe, guint parts, GError **error)
{
    if (!store_check_has(store, machine->name, error))
        return NULL;
    g_autoptr(OsLock) lock = store_lock_machine(store, machine->name, error);
    g_autoptr(GPtrArray) results =
        g_ptr_array_new_with_free_func((GDestroyNotify)build_result_free);

    if (lock == NULL || !identity_check(store, machine->name, &machine->identity, error))
        return NULL;
    if ((parts & BUILD_DISK) != 0 && (!build_disk(store, machine, results, error) ||
                                      !build_nvram(store, machine, results, error)))
        return NULL;
    if ((parts & BUILD_OPENCORE) != 0 &&
        !build_opencore(store, machine, catalog, parts == BUILD_OPENCORE, results, error))
        return NULL;
    if ((parts & BUILD_DOMAIN) != 0 && !build_domain(store, machine, results, error))
        return NULL;
    if ((parts & BUILD_PROBE) != 0 && !build_probe(store, probe, results, error))
        return NULL;
    return g_steal_pointer(&results);
}

GPtrArray *store_rollback(Store *store, const char *name, GError **error)
{
    if (!store_check_has(store, name, error))
        return NULL;
    g_autoptr(OsLock) lock = store_lock_machine(store, name, error);
    if (lock == NULL || !opencore_rollback(store, name, error))
        return NULL;
    GPtrArray *results = g_ptr_array_new_with_free_func((GDestroyNotify)build_result_free);
    add_result(
        results, BUILD_OPENCORE, BUILD_UPDATED, store_machine_file(store, name, OPENCORE_IMAGE),
        g_strdup("It is the image before the newest again. `rootstock build --only opencore` "
                 "makes a new one."));
    return results;
}

static bool is_file(const Store *store, const Machine *machine, const char *name,
                    struct stat *status)
{
    g_autofree char *path = store_machine_file(store, machine->name, name);
    return stat(path, status) == 0 && S_ISREG(status->st_mode);
}

bool store_state(const Store *store, const Machine *machine, StoreState *ret_state, GError **error)
{
    struct stat status;
    if (!store_check_has(store, machine->name, error))
        return false;
    g_autofree char *xml = store_domain_xml(store, machine, error);
    if (xml == NULL)
        return false;
    g_autofree char *path = store_machine_file(store, machine->name, "domain.xml");
    g_autofree char *stored = os_read_file(path, DOMAIN_MAX, NULL, NULL);
    StoreState state = {.disk_used = UNKNOWN};

    state.has_disk = is_file(store, machine, "disk.qcow2", &status);
    if (state.has_disk)
        state.disk_used = (gint64)status.st_blocks * 512; /* stat(2): whatever the block size */
    state.has_nvram = is_file(store, machine, "nvram.fd", &status);
    state.has_opencore = is_file(store, machine, OPENCORE_IMAGE, &status);
    state.has_domain = is_file(store, machine, "domain.xml", &status);
    state.current = g_strcmp0(stored, xml) == 0;
    *ret_state = state;
    return true;
}
