/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "base/error.h"
#include "opencore/value-text.h"
#include "os/replace.h"
#include "os/write.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An edit of a file, from reading to writing. */
typedef struct {
    Context *context;
    char *path;
    Checker *checker;
    PlistDocument *document;
    CheckResult *before; /* what was wrong already */
    GPtrArray *changes;  /* of Change * */
} Edit;

typedef struct {
    char *path;
    PlistValue *before, *after; /* NULL: there is none */
} Change;

static void change_free(Change *change)
{
    g_free(change->path);
    plist_free(change->before);
    plist_free(change->after);
    g_free(change);
}

static void edit_clear(Edit *edit)
{
    g_free(edit->path);
    checker_free(edit->checker);
    plist_document_free(edit->document);
    check_result_free(edit->before);
    g_clear_pointer(&edit->changes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edit, edit_clear)

static bool refuse_machine(const Store *store, const char *name, GError **error)
{
    g_autofree char *file = store_machine_file(store, name, "machine.ini");
    return fail(error, ERROR_INPUT,
                "'%s' is a machine, whose configuration is made anew each time. Write the key and "
                "its value below [config] of its machine file ('%s'), where they last.",
                name, file);
}

static bool edit_begin(Edit *edit, Context *context, GError **error)
{
    edit->context = context;
    edit->changes = g_ptr_array_new_with_free_func((GDestroyNotify)change_free);
    edit->path = g_strdup(context->line->arguments[0]);
    if (strcmp(edit->path, "-") == 0)
        return fail(error, ERROR_INPUT,
                    "Standard input cannot be changed. Name the file that is to be.");
    Store *store = machine_check_name(edit->path, NULL) ? context_store(context, NULL) : NULL;
    if (!g_file_test(edit->path, G_FILE_TEST_EXISTS) && store != NULL &&
        store_has(store, edit->path))
        return refuse_machine(store, edit->path, error);
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
    Change *change = g_new0(Change, 1);
    change->path = key_path_format(key);
    change->before = before != NULL ? plist_copy(before) : NULL;
    change->after = after != NULL ? plist_copy(after) : NULL;
    g_ptr_array_add(edit->changes, change);
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

/* The new file has the old one's mode, and its owner where we may give it away. */
static bool write_file(const Edit *edit, GError **error)
{
    struct stat status;
    if (stat(edit->path, &status) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot be read any more: %s.", edit->path,
                    g_strerror(errno));
    g_autoptr(OsReplace) file = os_replace_begin(edit->path, status.st_mode & 07777, error);
    if (file == NULL)
        return false;
    if (geteuid() == 0 && fchown(os_replace_fd(file), status.st_uid, status.st_gid) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot keep its owner: %s.", edit->path,
                    g_strerror(errno));
    return os_write(os_replace_fd(file), edit->document->text, edit->document->length, edit->path,
                    error) &&
           os_replace_commit(file, error);
}

static void say_changes(const Edit *edit)
{
    const Output *output = &edit->context->output;
    for (guint i = 0; i < edit->changes->len; i++) {
        const Change *change = g_ptr_array_index(edit->changes, i);
        bool plain = change->after != NULL && change->after->values == NULL;
        g_autofree char *after = plain ? value_text_format(change->after) : NULL;
        if (change->after == NULL)
            output_note(output, "%s is deleted.", change->path);
        else if (plain)
            output_note(output, "%s is now %s", change->path, *after != '\0' ? after : "empty");
        else
            output_note(output, "%s is set.", change->path);
    }
    if (edit->changes->len == 0)
        output_note(output, "Nothing had to be changed.");
}

static bool write_json(const Edit *edit, const CheckResult *result, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", edit->path);
    jw_begin_array(json, "changes");
    for (guint i = 0; i < edit->changes->len; i++) {
        const Change *change = g_ptr_array_index(edit->changes, i);
        jw_begin_object(json, NULL);
        jw_string(json, "path", change->path);
        if (change->before != NULL)
            config_write_value(json, "before", change->before);
        if (change->after != NULL)
            config_write_value(json, "after", change->after);
        jw_end_object(json);
    }
    jw_end_array(json);
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
    if (edit->changes->len > 0 && !write_file(edit, error))
        return -1;
    if (edit->context->output.json)
        return write_json(edit, after, error) ? 0 : -1;
    say_changes(edit);
    return 0;
}

int config_set(Context *context, GError **error)
{
    g_auto(Edit) edit = {0};
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
    if (!edit_begin(&edit, context, error))
        return -1;
    for (guint i = 1; i < context->line->argument_count; i++) {
        if (!delete_one(&edit, i, error))
            return -1;
    }
    return edit_finish(&edit, error);
}
