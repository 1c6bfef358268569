/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "base/error.h"
#include "cli/text.h"
#include "opencore/diff.h"
#include "opencore/value-text.h"

#include <stdio.h>

static const char *const CHANGES[] = {
    [DIFFERENCE_ADDED] = "added",
    [DIFFERENCE_REMOVED] = "removed",
    [DIFFERENCE_CHANGED] = "changed",
    [DIFFERENCE_ORDER] = "order",
};

static char *plain(const PlistValue *value)
{
    if (value->values != NULL)
        return g_strdup_printf("(%s)", plist_type_name(value->type));
    g_autofree char *text = value_text_format(value);
    return value->type == PLIST_STRING ? g_strdup_printf("'%s'", text) : g_strdup(text);
}

static void print_marked(const Output *output, const char *text)
{
    g_autofree char *printable = text_printable(text);
    const char *start = output_tone(output, TONE_LIMITED);
    printf("%s%s%s\n", start, printable, *start != '\0' ? "\033[0m" : "");
}

static void print_plain(const Output *output, const Difference *difference)
{
    if (difference->kind == DIFFERENCE_ADDED) {
        config_print_value(output, "+ ", TONE_GOOD, difference->path, difference->after);
    } else if (difference->kind == DIFFERENCE_REMOVED) {
        config_print_value(output, "- ", TONE_BAD, difference->path, difference->before);
    } else if (difference->kind == DIFFERENCE_ORDER) {
        g_autofree char *line =
            g_strdup_printf("~ %s: its elements come in another order", difference->path);
        print_marked(output, line);
    } else {
        g_autofree char *before = plain(difference->before), *after = plain(difference->after);
        g_autofree char *line = g_strdup_printf("~ %s: %s -> %s", difference->path, before, after);
        print_marked(output, line);
    }
}

/* A listing of differences may be shown around. */
static void print_difference(const Output *output, const Difference *difference)
{
    g_autoptr(PlistValue) before = config_mask(difference->path, difference->before);
    g_autoptr(PlistValue) after = config_mask(difference->path, difference->after);
    Difference shown = *difference;
    if (before != NULL)
        shown.before = before;
    if (after != NULL)
        shown.after = after;
    print_plain(output, &shown);
}

static void print_text(const Context *context, const GPtrArray *differences)
{
    for (guint i = 0; i < differences->len; i++)
        print_difference(&context->output, g_ptr_array_index(differences, i));
    if (differences->len == 0 && !context->output.quiet)
        output_text(&context->output, "Both mean the same.");
}

static void write_value(JsonWrite *json, const char *member, const char *path,
                        const PlistValue *value)
{
    g_autoptr(PlistValue) masked = config_mask(path, value);
    if (value != NULL)
        config_write_value(json, member, masked != NULL ? masked : value);
}

static bool write_json(const Context *context, const GPtrArray *differences, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "before", context->line->arguments[0]);
    jw_string(json, "after", context->line->arguments[1]);
    jw_boolean(json, "same", differences->len == 0);
    jw_begin_array(json, "differences");
    for (guint i = 0; i < differences->len; i++) {
        const Difference *difference = g_ptr_array_index(differences, i);
        jw_begin_object(json, NULL);
        jw_string(json, "path", difference->path);
        jw_string(json, "change", CHANGES[difference->kind]);
        write_value(json, "before", difference->path, difference->before);
        write_value(json, "after", difference->path, difference->after);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int config_compare(Context *context, GError **error)
{
    g_autoptr(PlistDocument) before = config_open(context, 0, NULL, error);
    g_autoptr(PlistDocument) after = before != NULL ? config_open(context, 1, NULL, error) : NULL;
    g_autoptr(Schema) schema = after != NULL ? schema_load(error) : NULL;
    if (schema == NULL)
        return -1;
    g_autoptr(GPtrArray) differences = config_diff(schema, before->top, after->top);
    if (!context->output.json)
        print_text(context, differences);
    else if (!write_json(context, differences, error))
        return -1;
    return differences->len == 0 ? 0 : ERROR_REFUSED;
}
