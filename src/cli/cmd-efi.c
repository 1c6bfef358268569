/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/text.h"
#include "image/image.h"
#include "os/files.h"
#include "os/replace.h"

#include <string.h>
#include <unistd.h>

#define FILE_MAX (256 * 1024 * 1024)

/* The image's path: a file, or the boot loader's image of the machine of that name. */
static char *find_image(Context *context, GError **error)
{
    const char *given = context->line->argument;
    if (g_file_test(given, G_FILE_TEST_EXISTS) || !machine_check_name(given, NULL))
        return g_strdup(given);
    Store *store = context_store(context, error);
    if (store == NULL)
        return NULL;
    if (!store_has(store, given))
        return fail_null(error, ERROR_INPUT,
                         "There is no file '%s', and no machine of that name. `rootstock list` has "
                         "the machines.",
                         given);
    char *image = store_machine_file(store, given, "opencore.img");
    if (g_file_test(image, G_FILE_TEST_EXISTS))
        return image;
    g_free(image);
    return fail_null(error, ERROR_MISSING,
                     "Machine '%s' has no image of the boot loader yet. Make it with `rootstock "
                     "build %s`.",
                     given, given);
}

static const char *argument(const Context *context, guint index)
{
    return index < context->line->argument_count ? context->line->arguments[index] : NULL;
}

static JsonWrite *begin_json(const char *image)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "image", image);
    return json;
}

static int end_json(JsonWrite *json, GError **error)
{
    jw_end_object(json);
    return jw_finish(json, error) ? 0 : -1;
}

static int efi_ls(Context *context, const char *image, GError **error)
{
    const char *path = argument(context, 1);
    g_auto(GStrv) entries = image_efi_list(image, path != NULL ? path : "", path == NULL, error);
    if (entries == NULL)
        return -1;
    if (context->output.json) {
        JsonWrite *json = begin_json(image);
        jw_begin_array(json, "entries");
        for (char **entry = entries; *entry != NULL; entry++)
            jw_string(json, NULL, *entry);
        jw_end_array(json);
        return end_json(json, error);
    }
    for (char **entry = entries; *entry != NULL; entry++) {
        g_autofree char *printable = text_printable(*entry);
        puts(printable);
    }
    return 0;
}

static int report(Context *context, const char *image, const char *path, gsize size, GError **error)
{
    if (!context->output.json)
        return 0;
    JsonWrite *json = begin_json(image);
    jw_string(json, "path", path);
    jw_integer(json, "size", (gint64)size);
    return end_json(json, error);
}

static int efi_cat(Context *context, const char *image, GError **error)
{
    gsize length;
    const char *path = argument(context, 1);
    g_autofree char *bytes = image_efi_read(image, path, &length, error);
    if (bytes == NULL)
        return -1;
    if (context->output.json) {
        JsonWrite *json = begin_json(image);
        jw_string(json, "path", path);
        jw_integer(json, "size", (gint64)length);
        if (strlen(bytes) == length && g_utf8_validate_len(bytes, length, NULL))
            jw_string(json, "text", bytes);
        else
            jw_null(json, "text");
        return end_json(json, error);
    }
    /* On a terminal nothing of a guest's may steer it; into a pipe go the bytes. */
    if (isatty(STDOUT_FILENO)) {
        g_autofree char *printable = text_printable(bytes);
        fputs(printable, stdout);
    } else {
        fwrite(bytes, 1, length, stdout);
    }
    return 0;
}

static int efi_get(Context *context, const char *image, GError **error)
{
    gsize length;
    const char *path = argument(context, 1);
    g_autofree char *name = g_path_get_basename(path);
    const char *file = argument(context, 2) != NULL ? argument(context, 2) : name;
    g_autofree char *bytes = image_efi_read(image, path, &length, error);
    if (bytes == NULL || !os_replace_bytes(file, bytes, length, 0644, error))
        return -1;
    return report(context, image, path, length, error);
}

static int efi_put(Context *context, const char *image, GError **error)
{
    gsize length;
    const char *path = argument(context, 1);
    g_autofree char *bytes = os_read_file(argument(context, 2), FILE_MAX, &length, error);
    if (bytes == NULL || !image_efi_write(image, path, bytes, length, error))
        return -1;
    return report(context, image, path, length, error);
}

static int efi_rm(Context *context, const char *image, GError **error)
{
    const char *path = argument(context, 1);
    return image_efi_remove(image, path, error) ? report(context, image, path, 0, error) : -1;
}

int cmd_efi(Context *context, GError **error)
{
    static const struct {
        const char *name;
        int (*run)(Context *context, const char *image, GError **error);
    } ACTIONS[] = {
        {"ls", efi_ls}, {"cat", efi_cat}, {"get", efi_get}, {"put", efi_put}, {"rm", efi_rm}};

    g_autofree char *image = find_image(context, error);
    if (image == NULL)
        return -1;
    for (guint i = 0; i < G_N_ELEMENTS(ACTIONS); i++)
        if (strcmp(context->line->action->name, ACTIONS[i].name) == 0)
            return ACTIONS[i].run(context, image, error);
    g_assert_not_reached();
}
