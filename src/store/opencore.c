/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/opencore.h"

#include "base/error.h"
#include "image/image.h"
#include "opencore/check.h"
#include "opencore/plist-document.h"
#include "os/files.h"
#include "os/replace.h"
#include "render/render.h"
#include "store/efi-files.h"
#include "store/mac.h"
#include "store/parts-lock.h"
#include "store/parts.h"
#include "store/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for what OpenCore itself writes: a log of 256 KiB each start. The image is sparse. */
#define IMAGE_SIZE (G_GUINT64_CONSTANT(512) << 20)
#define MIB (G_GUINT64_CONSTANT(1) << 20)
#define IMAGE_LABEL "OPENCORE"

#define DIGEST_FILE "opencore.sha256"
#define DIGEST_FILE_MAX 256
/* Where OpenCore.efi is in its archive, and in an image. */
#define LOADER_IN_PART "X64/EFI/OC/OpenCore.efi"
#define LOADER_IN_IMAGE "EFI/OC/OpenCore.efi"
#define LOADER_MAX (16 * 1024 * 1024)
#define HELD " held" /* behind the digest: an image before the newest was wanted again */

enum { IMAGES_KEPT = 3 };

void opencore_config_free(OpenCoreConfig *config)
{
    if (config == NULL)
        return;
    g_clear_pointer(&config->config, made_config_free);
    g_clear_pointer(&config->choices, g_ptr_array_unref);
    g_clear_pointer(&config->schema, schema_free);
    g_clear_pointer(&config->parts, parts_free);
    g_free(config);
}

static bool fill_config(OpenCoreConfig *made, const Machine *machine, const Catalog *catalog,
                        const Mac *mac, GError **error)
{
    g_autofree char *network = render_network_path();
    g_auto(GStrv) passed = render_passed_paths(machine, error);
    const MacIdentity identity = {mac->serial, mac->board_serial, mac->rom, machine->identity.uuid,
                                  mac_origin_text(mac->origin)};
    if (passed == NULL)
        return false;
    const MakeInput input = {.machine = machine,
                             .catalog = catalog,
                             .schema = made->schema,
                             .choices = made->choices,
                             .identity = &identity,
                             .network = network,
                             .passed = (const char *const *)passed};
    made->config = make_config(&input, error);
    return made->config != NULL;
}

/* Which files the machine gets, without its configuration. */
static OpenCoreConfig *choose(const Machine *machine, const Catalog *catalog, GError **error)
{
    g_autoptr(OpenCoreConfig) made = g_new0(OpenCoreConfig, 1);
    g_autoptr(Traits) traits = traits_new(machine, catalog);

    made->parts = parts_load(error);
    made->schema = made->parts != NULL ? schema_load(error) : NULL;
    if (made->schema == NULL)
        return NULL;
    made->choices = parts_choose(made->parts, traits, machine, error);
    return made->choices != NULL ? g_steal_pointer(&made) : NULL;
}

/* The path of macserial where it is of an archive whose digest is pinned: nothing else of a
 * download is run. FOLDERS were held against the lock. NULL: it is not here. */
static char *find_macserial(const Store *store, const GPtrArray *choices, GHashTable *folders)
{
    g_autoptr(GPtrArray) rows = lock_read(store, NULL);
    for (guint i = 0; rows != NULL && i < choices->len; i++) {
        const PartChoice *choice = g_ptr_array_index(choices, i);
        if (choice->file->kind != FILE_PROGRAM || choice->part->sha256 == NULL)
            continue;
        const LockRow *row = lock_find(rows, choice->part->name, choice->part->version, "zip");
        const char *folder = g_hash_table_lookup(folders, choice->part->name);
        g_autofree char *pinned = parts_folder(store, choice->part->name, choice->part->version);
        g_autofree char *path = g_build_filename(pinned, choice->file->path, NULL);
        if (row != NULL && strcmp(row->sha256, choice->part->sha256) == 0 &&
            g_strcmp0(folder, pinned) == 0 && g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return NULL;
}

OpenCoreConfig *store_opencore_config(const Store *store, const Machine *machine,
                                      const Catalog *catalog, GError **error)
{
    g_autoptr(OpenCoreConfig) made = choose(machine, catalog, error);
    g_autoptr(Mac) mac = made != NULL ? mac_of(store, machine, NULL, false, error) : NULL;
    if (mac == NULL || !fill_config(made, machine, catalog, mac, error))
        return NULL;
    return g_steal_pointer(&made);
}

/* The folder of every archive that CHOICES are in, and their digests. ERROR_MISSING names all that
 * are not here. */
static GHashTable *find_folders(const Store *store, const OpenCoreConfig *made, GString *digests,
                                GError **error)
{
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GPtrArray) used = parts_of(made->parts, made->choices);
    g_autoptr(GString) missing = g_string_new(NULL);

    for (guint i = 0; i < used->len; i++) {
        const Part *part = g_ptr_array_index(used, i);
        g_autoptr(GError) cause = NULL;
        g_autofree char *digest = NULL;
        char *folder = store_part_folder(store, part, NULL, &digest, &cause);
        if (folder != NULL) {
            g_hash_table_insert(folders, part->name, folder);
            g_string_append_printf(digests, "%s %s\n", part->name, digest);
            continue;
        }
        if (error_code(cause) != ERROR_MISSING) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return NULL;
        }
        g_string_append_printf(missing, "%s%s %s", missing->len > 0 ? ", " : "", part->name,
                               part->version);
    }
    if (missing->len == 0)
        return g_steal_pointer(&folders);
    return fail_null(
        error, ERROR_MISSING,
        "The boot loader's image was not made: these parts of it are not here yet: %s. "
        "Fetch them with `rootstock opencore fetch`.",
        missing->str);
}

/* Holds the configuration against the checker, with the files that will be there. */
static bool check(const OpenCoreConfig *made, const EfiFiles *files, GError **error)
{
    g_autofree char *text = plist_write(made->config->top);
    g_autoptr(PlistDocument) document = plist_read(text, strlen(text), "config.plist", error);
    g_autoptr(Checker) checker = document != NULL ? checker_new_by(made->schema, error) : NULL;
    if (checker == NULL)
        return false;
    g_autoptr(CheckResult) result =
        checker_run(checker, document, MAKE_OPENCORE_VERSION, files->tree, error);
    for (guint i = 0; result != NULL && i < result->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(result->findings, i);
        g_autofree char *sentence = finding_sentence(finding);
        if (finding->severity == SEVERITY_ERROR)
            return fail(error, ERROR_INPUT,
                        "OpenCore would not take the configuration as the machine file sets it: "
                        "%s Correct [config] there.",
                        sentence);
    }
    return result != NULL;
}

static char *file_path(const Store *store, const char *name, guint number)
{
    g_autofree char *file =
        number == 0 ? g_strdup(OPENCORE_IMAGE) : g_strdup_printf(OPENCORE_IMAGE ".%u", number);
    return store_machine_file(store, name, file);
}

/* OPENCORE_IMAGE.2 becomes .3, .1 becomes .2, and .1 the image itself, which stays. */
static bool rotate(const Store *store, const char *name, GError **error)
{
    g_autofree char *image = file_path(store, name, 0);
    g_autofree char *first = file_path(store, name, 1);

    for (guint number = IMAGES_KEPT; number > 1; number--) {
        g_autofree char *from = file_path(store, name, number - 1);
        g_autofree char *to = file_path(store, name, number);
        if (rename(from, to) != 0 && errno != ENOENT)
            return fail(error, ERROR_FAILED, "'%s' cannot be renamed to '%s': %s.", from, to,
                        g_strerror(errno));
    }
    if (link(image, first) != 0 && errno != ENOENT)
        return fail(error, ERROR_FAILED, "'%s' cannot be kept as '%s': %s.", image, first,
                    g_strerror(errno));
    return true;
}

static bool write_digest(const Store *store, const char *name, const char *digest, bool held,
                         GError **error)
{
    g_autofree char *path = store_machine_file(store, name, DIGEST_FILE);
    g_autofree char *text = g_strconcat(digest, held ? HELD : "", "\n", NULL);
    return os_replace_bytes(path, text, strlen(text), STORE_FILE_MODE, error);
}

/* What the image was made from, and whether one before it was wanted again. NULL: not known. */
static char *read_digest(const Store *store, const char *name, bool *ret_held)
{
    g_autofree char *path = store_machine_file(store, name, DIGEST_FILE);
    char *text = os_read_file(path, DIGEST_FILE_MAX, NULL, NULL);
    if (text == NULL)
        return NULL;
    g_strchomp(text);
    *ret_held = g_str_has_suffix(text, HELD);
    if (*ret_held)
        text[strlen(text) - strlen(HELD)] = '\0';
    return text;
}

static bool write_image(const Store *store, const char *name, const EfiFiles *files,
                        const char *digest, GError **error)
{
    const Recovery *recovery = files->recovery;
    guint64 more = recovery != NULL ? (recovery->bytes + MIB - 1) / MIB * MIB : 0;
    /* of a recovery the digest knows when it was written, not what is in it */
    const ImageOptions options = {.size = IMAGE_SIZE + more,
                                  .label = IMAGE_LABEL,
                                  .digest = recovery == NULL ? digest : NULL};
    g_autofree char *image = file_path(store, name, 0);
    g_autofree char *new = g_strconcat(image, ".new", NULL);
    int fd = -1;

    if (!image_lock(image, "The boot loader's image was not made anew", &fd, error))
        return false;
    bool good = image_write_esp(new, (const ImageFile *)files->files->data, files->files->len,
                                &options, error);
    if (good && chmod(new, STORE_FILE_MODE) != 0)
        good =
            fail(error, ERROR_FAILED, "'%s' cannot be given its mode: %s.", new, g_strerror(errno));
    good = good && rotate(store, name, error);
    if (good && rename(new, image) != 0)
        good = fail(error, ERROR_FAILED, "'%s' cannot be renamed to '%s': %s.", new, image,
                    g_strerror(errno));
    if (!good)
        unlink(new);
    if (fd >= 0)
        close(fd);
    return good && write_digest(store, name, digest, false, error);
}

/* The sentence about the Mac that `build` prints. */
static char *describe(const Mac *mac, const Recovery *recovery)
{
    g_autofree char *serial = mac_masked(mac->serial);
    const char *kept = recovery == NULL ? ""
                       : recovery->is_signed
                           ? " It has the recovery of macOS: its size was held against its chunk "
                             "list; the digests and Apple's signature OpenCore checks itself."
                           : " It has the recovery of macOS, whose chunk list has no signature: "
                             "OpenCore may refuse it while Misc.Security.DmgLoading is Signed.";
    return g_strdup_printf("OpenCore %s for a %s, serial number %s. %s%s", MAKE_OPENCORE_VERSION,
                           mac->model, serial, mac_origin_text(mac->origin), kept);
}

static char *make_image(const Store *store, const Machine *machine, const EfiFiles *files,
                        const char *digest, const Mac *mac, bool force, BuildAction *ret_action,
                        GError **error)
{
    bool held = false;
    g_autofree char *image = file_path(store, machine->name, 0);
    g_autofree char *old = read_digest(store, machine->name, &held);
    bool there = g_file_test(image, G_FILE_TEST_IS_REGULAR);
    bool same = there && g_strcmp0(old, digest) == 0;

    if (same && held && !force) {
        *ret_action = BUILD_KEPT;
        return g_strdup("It is the image before the newest, which you wanted again. `rootstock "
                        "build --only opencore` makes a new one.");
    }
    if (same && !held) {
        *ret_action = BUILD_KEPT;
        return g_strdup("It is what the machine file and the fetched parts ask for.");
    }
    if (!write_image(store, machine->name, files, digest, error))
        return NULL;
    *ret_action = there ? BUILD_UPDATED : BUILD_MADE;
    return describe(mac, files->recovery);
}

char *opencore_build(Store *store, const Machine *machine, const Catalog *catalog, bool force,
                     BuildAction *ret_action, GError **error)
{
    g_autoptr(OpenCoreConfig) made = choose(machine, catalog, error);
    g_autoptr(GString) digests = g_string_new(NULL);
    g_autoptr(GHashTable) folders = made != NULL ? find_folders(store, made, digests, error) : NULL;
    if (folders == NULL)
        return NULL;
    g_autofree char *macserial = find_macserial(store, made->choices, folders);
    g_autoptr(Mac) mac = mac_of(store, machine, macserial, true, error);
    if (mac == NULL || !fill_config(made, machine, catalog, mac, error))
        return NULL;
    g_autoptr(EfiFiles) files =
        efi_files_new(machine, made->choices, folders, made->config->top, error);
    if (files == NULL || !check(made, files, error))
        return NULL;
    g_autofree char *digest = efi_files_digest(files, digests->str);
    return make_image(store, machine, files, digest, mac, force, ret_action, error);
}

bool opencore_rollback(const Store *store, const char *name, GError **error)
{
    bool held = false;
    int fd = -1;
    g_autofree char *image = file_path(store, name, 0);
    g_autofree char *first = file_path(store, name, 1);
    g_autofree char *digest = read_digest(store, name, &held);

    if (!g_file_test(first, G_FILE_TEST_IS_REGULAR))
        return fail(error, ERROR_REFUSED,
                    "There is no image of the boot loader before the newest of machine '%s'.",
                    name);
    if (!image_lock(image, "The boot loader's image was not taken back", &fd, error))
        return false;
    bool good = renameat2(AT_FDCWD, first, AT_FDCWD, image, fd >= 0 ? RENAME_EXCHANGE : 0) == 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (!good)
        return fail(error, ERROR_FAILED, "'%s' and '%s' cannot be exchanged: %s.", image, first,
                    g_strerror(saved));
    return write_digest(store, name, digest != NULL ? digest : "unknown", !held, error);
}

/* The OpenCore.efi of a part that is here, and its version. NULL: there is none. */
static char *loader_of(const Store *store, const Parts *parts, const char *name, char **ret_version)
{
    const Part *part = parts_find(parts, name);
    g_autofree char *folder =
        part != NULL ? store_part_folder(store, part, ret_version, NULL, NULL) : NULL;
    return folder != NULL ? g_build_filename(folder, LOADER_IN_PART, NULL) : NULL;
}

char *store_opencore_debug(const Store *store, const char *image)
{
    gsize length = 0, image_length = 0;
    g_autofree char *version = NULL, *debug_version = NULL;
    g_autoptr(Parts) parts = parts_load(NULL);
    g_autofree char *plain = parts != NULL ? loader_of(store, parts, "OpenCore", &version) : NULL;
    g_autofree char *debug =
        plain != NULL ? loader_of(store, parts, "OpenCore-DEBUG", &debug_version) : NULL;
    if (debug == NULL || g_strcmp0(version, debug_version) != 0)
        return NULL;
    g_autofree char *bytes = os_read_file(plain, LOADER_MAX, &length, NULL);
    g_autofree char *used = image_efi_read(image, LOADER_IN_IMAGE, &image_length, NULL);
    bool same =
        bytes != NULL && used != NULL && length == image_length && memcmp(bytes, used, length) == 0;
    return same ? g_steal_pointer(&debug) : NULL;
}
