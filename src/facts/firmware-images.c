/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/firmware-images.h"

#include "base/jsonread.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Highest precedence first: what the administrator, a local build and the distribution say. A file
 * hides those of its name in later folders; all that are left are ordered by name. */
static const char *const FOLDERS[] = {"etc/qemu/firmware", "usr/local/share/qemu/firmware",
                                      "usr/share/qemu/firmware"};

/* Bytes of a file that is to be a firmware image, UNKNOWN when it is not there. */
static gint64 size_of(const OsRoot *root, const char *path)
{
    struct stat status;
    int fd = path != NULL ? os_open(root, path) : -1;
    if (fd < 0)
        return UNKNOWN;
    bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    close(fd);
    return regular ? status.st_size : UNKNOWN;
}

/* The patterns of machine types for x86_64; NULL when it is not made for that. */
static GStrv read_machines(JsonDocument *document, const JsonValue *targets)
{
    for (guint i = 0; i < jr_length(targets); i++) {
        const JsonValue *target = jr_element(targets, i);
        g_autofree char *architecture = jr_string(document, target, "architecture");
        if (g_strcmp0(architecture, "x86_64") == 0)
            return jr_strings(document, target, "machines");
    }
    return NULL;
}

static void read_flash(JsonDocument *document, const JsonValue *mapping, FirmwareImage *image)
{
    const JsonValue *executable = jr_member(mapping, "executable");
    const JsonValue *variables = jr_member(mapping, "nvram-template");

    image->code = jr_string(document, executable, "filename");
    image->code_format = jr_string(document, executable, "format");
    if (variables != NULL) {
        image->vars = jr_string(document, variables, "filename");
        image->vars_format = jr_string(document, variables, "format");
    }
}

static bool is_absolute(const char *path)
{
    return path != NULL && path[0] == '/';
}

static FirmwareImage *read_descriptor(const OsRoot *root, const char *path, const char *text,
                                      gsize length)
{
    g_autoptr(JsonDocument) document = jr_parse(text, length, path, NULL);
    if (document == NULL)
        return NULL;
    const JsonValue *top = jr_top(document), *mapping = jr_member(top, "mapping");
    g_autofree char *device = jr_string(document, mapping, "device");
    g_autofree char *mode = jr_string(document, mapping, "mode");
    /* In the mode "combined" the guest writes into its own copy of the whole image. */
    if (g_strcmp0(device, "flash") != 0 || g_strcmp0(mode, "combined") == 0)
        return NULL;

    g_autoptr(FirmwareImage) image = firmware_image_new();
    image->descriptor = g_strconcat("/", path, NULL);
    image->description = jr_string(document, top, "description");
    image->interfaces = jr_strings(document, top, "interface-types");
    image->features = jr_strings(document, top, "features");
    image->machines = read_machines(document, jr_member(top, "targets"));
    read_flash(document, mapping, image);
    if (!jr_ok(document, NULL) || image->machines == NULL || !is_absolute(image->code) ||
        (image->vars != NULL && !is_absolute(image->vars)))
        return NULL;
    image->code_size = size_of(root, image->code);
    image->vars_size = size_of(root, image->vars);
    return g_steal_pointer(&image);
}

/* Name -> the folder of the highest precedence that has it. */
static GHashTable *find_descriptors(const OsRoot *root)
{
    GHashTable *folders = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_auto(GStrv) names = os_list(root, FOLDERS[i]);
        if (names != NULL && folders == NULL)
            folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (guint j = 0; names != NULL && names[j] != NULL; j++) {
            if (g_str_has_suffix(names[j], ".json") && !g_hash_table_contains(folders, names[j]))
                g_hash_table_insert(folders, g_strdup(names[j]), (gpointer)FOLDERS[i]);
        }
    }
    return folders;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

GPtrArray *firmware_images_read(const OsRoot *root)
{
    g_autoptr(GHashTable) folders = find_descriptors(root);
    if (folders == NULL)
        return NULL;
    GPtrArray *images = g_ptr_array_new_with_free_func((GDestroyNotify)firmware_image_free);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(folders), compare_names);
    for (GList *name = names; name != NULL; name = name->next) {
        g_autofree char *path =
            g_build_filename(g_hash_table_lookup(folders, name->data), name->data, NULL);
        gsize length = 0;
        g_autofree char *text = os_read_text(root, path, &length);
        FirmwareImage *image = text != NULL ? read_descriptor(root, path, text, length) : NULL;
        if (image != NULL)
            g_ptr_array_add(images, image);
    }
    return images;
}
