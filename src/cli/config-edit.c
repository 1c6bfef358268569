/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "base/error.h"
#include "opencore/value-text.h"
#include "os/replace.h"

#include <string.h>

/* An edit of a file, from reading to writing. */
typedef struct {
    Context *context;
    char *path;
    Checker *checker;
    PlistDocument *document;
    CheckResult *before; /* what was wrong already */
    GPtrArray *changes;  /* of ConfigChange * */
} Edit;

static void edit_clear(Edit *edit)
{
    g_free(edit->path);
    checker_free(edit->checker);
    plist_document_free(edit->document);
    check_result_free(edit->before);
    g_clear_pointer(&edit->changes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edit, edit_clear)

static bool edit_begin(Edit *edit, Context *context, GError **error)
{
    edit->context = context;
    edit->changes = config_changes_new();
    edit->path = g_strdup(context->line->arguments[0]);
    if (strcmp(edit->path, "-") == 0)
        return fail(error, ERROR_INPUT,
                    "Standard input cannot be changed. Name the file that is to be.");
    edit->document = config_read(edit->path, error);
    edit->checker = edit->document != NULL ? checker_new(error) : NULL;
    if (edit->checker != NULL)
        edit->before = checker_run(edit->checker, edit->document,
                                   command_line_value(context->line, "opencore"), NULL, error);
    return edit->before != NULL;
}

static const char *version_of(const Edit *edit)
{
    return schema_version(edit->checker->schema, edit->before->version)->name;
}

static void note_change(Edit *edit, const KeyPath *key, const PlistValue *before,
                        const PlistValue *after)
{
    g_autofree char *path = key_path_format(key);
    config_changes_add(edit->changes, path, before, after);
}

/* The type of a value whose key takes several: that of OLD, else what --type says. */
static PlistType wanted_type(const Edit *edit, const PlistValue *old)
{
    const char *word = command_line_value(edit->context->line, "type");
    if (word == NULL)
        return old != NULL && old->values == NULL ? old->type : PLIST_STRING;
    PlistType type = PLIST_STRING;
    while (strcmp(plist_type_name(type), word) != 0)
        type++;
    return type;
}

static bool set_one(Edit *edit, guint index, GError **error)
{
    const Schema *schema = edit->checker->schema;
    const char *text = edit->context->line->arguments[index + 1];
    g_autoptr(KeyPath) key = config_key(edit->context, index, schema, edit->document, error);
    if (key == NULL)
        return false;
    const SchemaNode *node = schema_at(schema, key, edit->before->version);
    if (node == NULL)
        return fail(error, ERROR_REFUSED,
                    "OpenCore %s has no key %s. `rootstock config get %s` lists those of the file.",
                    version_of(edit), edit->context->line->arguments[index], edit->path);

    const PlistValue *old = key_path_find(key, edit->document->top, NULL);
    g_autoptr(PlistValue) value =
        value_text_parse_for(node, edit->before->version, wanted_type(edit, old), text, error);
    if (value == NULL) {
        g_prefix_error(error, "%s was not set. ", edit->context->line->arguments[index]);
        return false;
    }
    if (old != NULL && plist_equal(old, value))
        return true;
    note_change(edit, key, old, value);
    return plist_document_set(edit->document, key, value, error);
}

static bool delete_one(Edit *edit, guint index, GError **error)
{
    g_autoptr(KeyPath) key =
        config_key(edit->context, index, edit->checker->schema, edit->document, error);
    const PlistValue *old = key != NULL ? key_path_find(key, edit->document->top, error) : NULL;
    if (old == NULL)
        return false;
    note_change(edit, key, old, NULL);
    return plist_document_delete(edit->document, key, error);
}

static bool write_json(const Edit *edit, const CheckResult *result, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", edit->path);
    config_changes_write(json, edit->changes);
    config_write_result(json, edit->checker, result);
    jw_end_object(json);
    return jw_finish(json, error);
}

/* Refuses an edit that makes an error, and writes the file. */
static int edit_finish(Edit *edit, GError **error)
{
    g_autoptr(CheckResult) after =
        checker_run(edit->checker, edit->document, version_of(edit), NULL, error);
    if (after == NULL)
        return -1;
    const Finding *wrong = check_new_error(after, edit->before);
    if (wrong != NULL && !command_line_has(edit->context->line, "force")) {
        g_autofree char *sentence = finding_sentence(wrong);
        fail(error, ERROR_REFUSED,
             "'%s' was not changed, as OpenCore %s would not take it: %s Change what belongs "
             "together in one go, or give --force.",
             edit->path, version_of(edit), sentence);
        return -1;
    }
    if (edit->changes->len > 0 &&
        !os_replace_content(edit->path, edit->document->text, edit->document->length, error))
        return -1;
    if (edit->context->output.json)
        return write_json(edit, after, error) ? 0 : -1;
    config_changes_say(&edit->context->output, edit->changes);
    config_warn(&edit->context->output, after, edit->before);
    return 0;
}

int config_set(Context *context, GError **error)
{
    g_auto(Edit) edit = {0};
    if (config_names_machine(context, 0))
        return config_set_machine(context, error);
    if (!edit_begin(&edit, context, error))
        return -1;
    for (guint i = 1; i + 1 < context->line->argument_count; i += 2) {
        if (!set_one(&edit, i, error))
            return -1;
    }
    return edit_finish(&edit, error);
}

int config_delete(Context *context, GError **error)
{
    g_auto(Edit) edit = {0};
    if (config_names_machine(context, 0))
        return config_delete_machine(context, error);
    if (!edit_begin(&edit, context, error))
        return -1;
    for (guint i = 1; i < context->line->argument_count; i++) {
        if (!delete_one(&edit, i, error))
            return -1;
    }
    return edit_finish(&edit, error);
}
