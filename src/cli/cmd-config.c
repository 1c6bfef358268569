/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd.h"
#include "cli/config.h"

#include "base/error.h"
#include "cli/text.h"
#include "opencore/value-text.h"

#include <string.h>

/* Whether REASON is for a value at or below PATH. */
static bool is_below(const MakeReason *reason, const char *path)
{
    gsize length = strlen(path);
    return length == 0 ||
           (strncmp(reason->path, path, length) == 0 && strchr(".[", reason->path[length]) != NULL);
}

/* The members `reasons[]`: what is known of the value at PATH and of those below it. */
static void write_reasons(JsonWrite *json, const MadeConfig *config, const char *path)
{
    const MakeReason *own = *path != '\0' ? made_config_why(config, path) : NULL;
    jw_begin_array(json, "reasons");
    for (guint i = 0; i < config->reasons->len; i++) {
        const MakeReason *reason = g_ptr_array_index(config->reasons, i);
        if (reason != own && !is_below(reason, path))
            continue;
        jw_begin_object(json, NULL);
        jw_string(json, "path", reason->path);
        jw_string(json, "why", reason->why);
        jw_string(json, "source", reason->source);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static bool write_value(const Context *context, const MadeConfig *config, const char *path,
                        const PlistValue *value, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", context->line->argument);
    jw_string(json, "path", path);
    jw_string(json, "type", plist_type_name(value->type));
    config_write_value(json, "value", value);
    if (config != NULL)
        write_reasons(json, config, path);
    jw_end_object(json);
    return jw_finish(json, error);
}

/* A name for each element of an array, as the reasons have it. */
static void print_why(const Context *context, const MadeConfig *config, const Schema *schema,
                      const char *path, const PlistValue *value)
{
    for (guint i = 0; value->type == PLIST_DICT || value->type == PLIST_ARRAY; i++) {
        if (i == plist_count(value))
            return;
        g_autoptr(GString) inner = g_string_new(path);
        const PlistValue *element = plist_element(value, i);
        g_autofree char *identity =
            value->type == PLIST_ARRAY ? schema_identify(path, element, schema) : NULL;
        if (value->type == PLIST_DICT)
            key_path_add_key(inner, plist_key(value, i));
        else if (identity != NULL)
            key_path_add_identity(inner, identity);
        else
            key_path_add_index(inner, i);
        print_why(context, config, schema, inner->str, element);
    }
    config_print_value(&context->output, "", TONE_PLAIN, path, value);
    const MakeReason *reason = made_config_why(config, path);
    output_named(&context->output, 4, "", TONE_PLAIN,
                 reason != NULL ? reason->why : "OpenCore's default.");
    if (reason != NULL && *reason->source != '\0' && context->output.verbose)
        output_named(&context->output, 4, "", TONE_PLAIN, reason->source);
}

static int print_value(Context *context, const OpenCoreConfig *made, const Schema *schema,
                       const char *path, const PlistValue *value, GError **error)
{
    bool why = command_line_has(context->line, "why");
    if (context->output.json)
        return write_value(context, why ? made->config : NULL, path, value, error) ? 0 : -1;
    if (why) {
        print_why(context, made->config, schema, path, value);
        return 0;
    }
    if (value->values != NULL) {
        config_print_value(&context->output, "", TONE_PLAIN, path, value);
        return 0;
    }
    g_autofree char *text = value_text_format(value);
    g_autofree char *printable = text_printable(text);
    puts(printable);
    return 0;
}

int config_get(Context *context, GError **error)
{
    g_autoptr(OpenCoreConfig) made = NULL;
    g_autoptr(PlistDocument) document = config_open(context, 0, &made, error);
    g_autoptr(Schema) schema = document != NULL ? schema_load(error) : NULL;
    if (schema == NULL)
        return -1;
    if (made == NULL && command_line_has(context->line, "why")) {
        fail(error, ERROR_INPUT,
             "--why is for the configuration that Rootstock makes for a machine; nobody has "
             "written down why '%s' is as it is.",
             context->line->argument);
        return -1;
    }
    g_autoptr(PlistValue) masked = made != NULL ? config_masked(document->top) : NULL;
    const PlistValue *shown = masked != NULL ? masked : document->top;
    if (context->line->argument_count < 2)
        return print_value(context, made, schema, "", shown, error);
    g_autoptr(KeyPath) key = config_key(context, 1, schema, document, error);
    const PlistValue *value = key != NULL ? key_path_find(key, document->top, error) : NULL;
    if (value == NULL)
        return -1;
    /* Who asks for a number by its key gets it; a listing may be shown around. */
    if (value->values != NULL)
        value = key_path_find(key, shown, NULL);
    /* Reasons know elements by what they are, as the person may have named them. */
    g_autoptr(KeyPath) asked = key_path_parse(context->line->arguments[1], NULL);
    bool why = command_line_has(context->line, "why");
    g_autofree char *path = key_path_format(why ? asked : key);
    return print_value(context, made, schema, path, value, error);
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
