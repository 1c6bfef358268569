/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "cli/text.h"
#include "opencore/value-text.h"
#include "os/files.h"
#include "store/mac.h"

#include <string.h>

PlistDocument *config_read(const char *path, GError **error)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    gsize length = 0;
    g_autofree char *text = os_read_file(path, PLIST_LENGTH_MAX, &length, error);
    return text != NULL ? plist_read(text, length, name, error) : NULL;
}

bool config_names_machine(Context *context, guint index)
{
    const char *name = context->line->arguments[index];
    if (g_file_test(name, G_FILE_TEST_EXISTS) || !machine_check_name(name, NULL))
        return false;
    const Store *store = context_store(context, NULL);
    return store != NULL && store_has(store, name);
}

PlistDocument *config_open(Context *context, guint index, OpenCoreConfig **ret_made, GError **error)
{
    const char *path = context->line->arguments[index];
    if (!config_names_machine(context, index))
        return config_read(path, error);
    g_autoptr(Machine) machine = context_machine_named(context, path, error);
    g_autoptr(OpenCoreConfig) made =
        machine != NULL ? store_opencore_config(context->store, machine, context->catalog, error)
                        : NULL;
    if (made == NULL)
        return NULL;
    g_autofree char *text = plist_write(made->config->top);
    if (ret_made != NULL)
        *ret_made = g_steal_pointer(&made);
    return plist_read(text, strlen(text), path, error);
}

KeyPath *config_key(const Context *context, guint index, const Schema *schema,
                    const PlistDocument *document, GError **error)
{
    g_autoptr(KeyPath) path = key_path_parse(context->line->arguments[index], error);
    if (path == NULL)
        return NULL;
    return key_path_resolve(path, document->top, schema_identify, schema, error);
}

static void print_line(const Output *output, const char *before, Tone tone, const char *path,
                       const char *value)
{
    g_autofree char *line = g_strdup_printf("%s%s = %s", before, path, value);
    g_autofree char *printable = text_printable(line);
    const char *start = output_tone(output, tone);
    printf("%s%s%s\n", start, printable, *start != '\0' ? "\033[0m" : "");
}

void config_print_value(const Output *output, const char *before, Tone tone, const char *path,
                        const PlistValue *value)
{
    if (value->values == NULL || value->values->len == 0) {
        g_autofree char *text = value->type == PLIST_DICT    ? g_strdup("{}")
                                : value->type == PLIST_ARRAY ? g_strdup("[]")
                                                             : value_text_format(value);
        print_line(output, before, tone, path, text);
        return;
    }
    for (guint i = 0; i < plist_count(value); i++) {
        g_autoptr(GString) entry = g_string_new(path);
        if (value->type == PLIST_DICT)
            key_path_add_key(entry, plist_key(value, i));
        else
            key_path_add_index(entry, i);
        config_print_value(output, before, tone, entry->str, plist_element(value, i));
    }
}

static const char *const PRIVATE[] = {"SystemSerialNumber", "MLB", "ROM", "SystemUUID"};

#define PRIVATE_SECTION "PlatformInfo.Generic"

PlistValue *config_mask(const char *path, const PlistValue *value)
{
    const char *key =
        g_str_has_prefix(path, PRIVATE_SECTION ".") ? path + strlen(PRIVATE_SECTION ".") : NULL;
    for (guint i = 0; key != NULL && value != NULL && i < G_N_ELEMENTS(PRIVATE); i++) {
        if (strcmp(key, PRIVATE[i]) != 0 || value->values != NULL)
            continue;
        g_autofree char *text = value_text_format(value);
        g_autofree char *masked = mac_masked(text);
        return plist_new_string(masked);
    }
    return NULL;
}

PlistValue *config_masked(const PlistValue *top)
{
    PlistValue *copy = plist_copy(top);
    /* the copy is ours to change */
    PlistValue *generic = (PlistValue *)plist_get(plist_get(copy, "PlatformInfo"), "Generic");
    for (guint i = 0; generic != NULL && i < G_N_ELEMENTS(PRIVATE); i++) {
        g_autofree char *path = g_strconcat(PRIVATE_SECTION ".", PRIVATE[i], NULL);
        PlistValue *masked = config_mask(path, plist_get(generic, PRIVATE[i]));
        if (masked != NULL)
            plist_put(generic, PRIVATE[i], masked);
    }
    return copy;
}

static void write_entries(JsonWrite *json, const char *key, const PlistValue *value)
{
    if (value->type == PLIST_DICT)
        jw_begin_object(json, key);
    else
        jw_begin_array(json, key);
    for (guint i = 0; i < plist_count(value); i++)
        config_write_value(json, value->type == PLIST_DICT ? plist_key(value, i) : NULL,
                           plist_element(value, i));
    if (value->type == PLIST_DICT)
        jw_end_object(json);
    else
        jw_end_array(json);
}

void config_write_value(JsonWrite *json, const char *key, const PlistValue *value)
{
    g_autofree char *text = NULL;

    if (value->values != NULL) {
        write_entries(json, key, value);
    } else if (value->type == PLIST_BOOLEAN) {
        jw_boolean(json, key, value->yes);
    } else if (plist_in_range(value, G_MININT64, G_MAXINT64)) {
        jw_integer(json, key,
                   value->negative ? (gint64)(0 - value->number) : (gint64)value->number);
    } else {
        text = value_text_format(value);
        jw_string(json, key, text);
    }
}

void config_write_result(JsonWrite *json, const Checker *checker, const CheckResult *result)
{
    const Schema *schema = checker->schema;

    jw_begin_object(json, "opencore");
    jw_string(json, "checked", schema_version(schema, result->version)->name);
    jw_boolean(json, "exact", result->fit.exact);
    jw_string(json, "first", schema_version(schema, result->fit.first)->name);
    jw_string(json, "last", schema_version(schema, result->fit.last)->name);
    jw_end_object(json);
    jw_boolean(json, "valid", result->errors == 0);
    jw_integer(json, "errors", result->errors);
    jw_integer(json, "warnings", result->warnings);
    jw_begin_array(json, "findings");
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(result->findings, i);
        jw_begin_object(json, NULL);
        jw_string(json, "id", finding->id);
        jw_string(json, "severity", finding->severity == SEVERITY_ERROR ? "error" : "warning");
        jw_string(json, "path", finding->path);
        jw_integer(json, "line", finding->line);
        jw_string(json, "what", finding->what);
        jw_string(json, "right", finding->right);
        jw_end_object(json);
    }
    jw_end_array(json);
}
