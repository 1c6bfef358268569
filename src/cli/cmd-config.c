/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd.h"
#include "cli/config.h"

#include "cli/text.h"
#include "opencore/value-text.h"

#include <string.h>

static bool write_value(const Context *context, const char *path, const PlistValue *value,
                        GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", context->line->argument);
    jw_string(json, "path", path);
    jw_string(json, "type", plist_type_name(value->type));
    config_write_value(json, "value", value);
    jw_end_object(json);
    return jw_finish(json, error);
}

int config_get(Context *context, GError **error)
{
    g_autofree char *file = config_path(context, 0, error);
    g_autoptr(PlistDocument) document = file != NULL ? config_read(file, error) : NULL;
    g_autoptr(Schema) schema = document != NULL ? schema_load(error) : NULL;
    if (schema == NULL)
        return -1;
    const PlistValue *value = document->top;
    g_autoptr(KeyPath) key = NULL;
    g_autofree char *path = NULL;
    if (context->line->argument_count > 1) {
        key = config_key(context, 1, schema, document, error);
        value = key != NULL ? key_path_find(key, document->top, error) : NULL;
        if (value == NULL)
            return -1;
        path = key_path_format(key);
    }
    if (context->output.json)
        return write_value(context, path != NULL ? path : "", value, error) ? 0 : -1;
    if (value->values != NULL) {
        config_print_value(&context->output, "", TONE_PLAIN, path != NULL ? path : "", value);
        return 0;
    }
    g_autofree char *text = value_text_format(value);
    g_autofree char *printable = text_printable(text);
    puts(printable);
    return 0;
}

int cmd_config(Context *context, GError **error)
{
    static const struct {
        const char *name;
        CliRun run;
    } ACTIONS[] = {
        {"get", config_get},           {"set", config_set},      {"delete", config_delete},
        {"validate", config_validate}, {"diff", config_compare},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ACTIONS); i++) {
        if (strcmp(context->line->action->name, ACTIONS[i].name) == 0)
            return ACTIONS[i].run(context, error);
    }
    g_assert_not_reached();
}
