/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "base/error.h"
#include "opencore/override.h"

#include <string.h>

/*
 * What a person sets of a machine's configuration is a line below [config] of its machine file, so
 * that every build has it. The configuration is made with the old text and with the new one, and
 * both are checked as `build` would, before anything is written.
 */

#define SECTION "config"

typedef struct {
    Context *context;
    const char *name;
    bool deletes;
    char *file; /* path of the machine file */
    MachineIdentity identity;
    Checker *checker;
    OpenCoreConfig *before; /* NULL: it could not be made */
    OpenCoreConfig *after;
    CheckResult *checked; /* of what was made before; NULL without it */
    CheckResult *result;  /* of what is made after */
    GPtrArray *changes;   /* of ConfigChange * */
} Edit;

static void edit_clear(Edit *edit)
{
    g_free(edit->file);
    machine_identity_clear(&edit->identity);
    checker_free(edit->checker);
    opencore_config_free(edit->before);
    opencore_config_free(edit->after);
    check_result_free(edit->checked);
    check_result_free(edit->result);
    g_clear_pointer(&edit->changes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edit, edit_clear)

static const Schema *schema_of(const Edit *edit)
{
    return edit->checker->schema;
}

static MachineChoices *parse(const Edit *edit, const char *text, GError **error)
{
    return machine_choices_parse(text, strlen(text), edit->file, edit->context->catalog, error);
}

static OpenCoreConfig *make(const Edit *edit, const MachineChoices *choices, GError **error)
{
    const Context *context = edit->context;
    g_autoptr(Machine) machine = machine_fill(edit->name, choices, &edit->identity, context->facts,
                                              context->catalog, context->verdict, error);
    return machine != NULL ? store_opencore_config(context->store, machine, context->catalog, error)
                           : NULL;
}

static CheckResult *check(const Edit *edit, const OpenCoreConfig *made, GError **error)
{
    g_autofree char *text = plist_write(made->config->top);
    g_autoptr(PlistDocument) document = plist_read(text, strlen(text), edit->name, error);
    g_autoptr(EfiTree) tree = parts_tree(made->choices);
    return document != NULL
               ? checker_run(edit->checker, document, MAKE_OPENCORE_VERSION, tree, error)
               : NULL;
}

/* The value at PATH of what was made; NULL: there is none. */
static const PlistValue *value_at(const Edit *edit, const OpenCoreConfig *made, const char *path)
{
    g_autoptr(KeyPath) key = made != NULL ? key_path_parse(path, NULL) : NULL;
    g_autoptr(KeyPath) resolved =
        key != NULL
            ? key_path_resolve(key, made->config->top, schema_identify, schema_of(edit), NULL)
            : NULL;
    return resolved != NULL ? key_path_find(resolved, made->config->top, NULL) : NULL;
}

static char *path_of(const Edit *edit, guint index)
{
    const PlistValue *top = edit->before != NULL ? edit->before->config->top : NULL;
    return override_path(schema_of(edit), top, edit->context->line->arguments[index]);
}

/* The line that sets PATH already, unless a later one sets what is around it: it would count. */
static const MachineSetting *find_setting(const Edit *edit, const GPtrArray *settings,
                                          const char *path)
{
    for (guint i = settings->len; i-- > 0;) {
        const MachineSetting *setting = g_ptr_array_index(settings, i);
        g_autofree char *own = override_path(schema_of(edit), NULL, setting->path);
        if (strcmp(own, path) == 0)
            return setting;
        if (override_is_in(path, own))
            return NULL;
    }
    return NULL;
}

static char *set_one(const Edit *edit, const GPtrArray *settings, const char *text, guint index,
                     GError **error)
{
    const char *const *arguments = (const char *const *)edit->context->line->arguments;
    g_autoptr(KeyPath) good = key_path_parse(arguments[index], error);
    g_autofree char *path = good != NULL ? path_of(edit, index) : NULL;
    g_autofree char *value =
        path != NULL ? override_value(schema_of(edit), path, arguments[index + 1],
                                      command_line_value(edit->context->line, "type"), error)
                     : NULL;
    if (value == NULL)
        return NULL;
    bool element = g_str_has_suffix(path, "[+]");
    const MachineSetting *old = element ? NULL : find_setting(edit, settings, path);
    return old != NULL ? machine_file_set(text, SECTION, old->path, value)
                       : machine_file_add(text, SECTION, path, value);
}

static char *delete_one(const Edit *edit, const GPtrArray *settings, const char *text, guint index,
                        GError **error)
{
    g_autofree char *path = path_of(edit, index);
    g_autofree char *out = g_strdup(text);
    guint count = 0;
    for (guint i = 0; i < settings->len; i++) {
        const MachineSetting *setting = g_ptr_array_index(settings, i);
        g_autofree char *made = override_made(schema_of(edit), setting);
        if (!override_is_in(made, path))
            continue;
        char *without = machine_file_remove(out, SECTION, setting->path, setting->value);
        g_free(out);
        out = without;
        count++;
    }
    if (count > 0)
        return g_steal_pointer(&out);
    return fail_null(error, ERROR_REFUSED,
                     "You have set nothing at %s: there is no such line below [config] of '%s'. "
                     "What Rootstock itself puts there is changed with `rootstock config set`.",
                     path, edit->file);
}

/* The text with every change that the command line asks for. */
static char *change_text(Edit *edit, const char *text, const GPtrArray *settings, GError **error)
{
    const CommandLine *line = edit->context->line;
    g_autofree char *out = g_strdup(text);
    for (guint i = 1; i < line->argument_count; i += edit->deletes ? 1 : 2) {
        char *next = edit->deletes ? delete_one(edit, settings, out, i, error)
                                   : set_one(edit, settings, out, i, error);
        if (next == NULL)
            return NULL;
        g_free(out);
        out = next;
    }
    return g_steal_pointer(&out);
}

static bool check_after(Edit *edit, GError **error)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    const CheckResult nothing = {.findings = none};
    edit->checked = edit->before != NULL ? check(edit, edit->before, NULL) : NULL;
    edit->result = check(edit, edit->after, error);
    if (edit->result == NULL)
        return false;
    const Finding *wrong =
        check_new_error(edit->result, edit->checked != NULL ? edit->checked : &nothing);
    if (wrong == NULL)
        return true;
    g_autofree char *sentence = finding_sentence(wrong);
    return fail(error, ERROR_REFUSED,
                "Machine '%s' was not changed, as OpenCore %s would not take its configuration: "
                "%s Change what belongs together in one go.",
                edit->name, MAKE_OPENCORE_VERSION, sentence);
}

static void note_changes(Edit *edit)
{
    const CommandLine *line = edit->context->line;
    for (guint i = 1; i < line->argument_count; i += edit->deletes ? 1 : 2) {
        g_autofree char *path = path_of(edit, i);
        const MachineSetting asked = {path, edit->deletes ? (char *)"" : line->arguments[i + 1]};
        g_autofree char *made = override_made(schema_of(edit), &asked);
        config_changes_add(edit->changes, made, value_at(edit, edit->before, made),
                           value_at(edit, edit->after, made));
    }
}

/* The new text of the machine file, as store_edit() asks for it. */
static char *edit_text(const char *text, void *data, GError **error)
{
    Edit *edit = data;
    g_autoptr(MachineChoices) choices = parse(edit, text, error);
    if (choices == NULL)
        return NULL;
    edit->before = make(edit, choices, NULL);
    g_autofree char *changed = change_text(edit, text, choices->opencore.config, error);
    g_autoptr(MachineChoices) after = changed != NULL ? parse(edit, changed, error) : NULL;
    edit->after = after != NULL ? make(edit, after, error) : NULL;
    if (edit->after == NULL) {
        g_prefix_error(error, "Machine '%s' was not changed. ", edit->name);
        return NULL;
    }
    if (!check_after(edit, error))
        return NULL;
    if (strcmp(changed, text) != 0)
        note_changes(edit);
    return g_steal_pointer(&changed);
}

static bool refuse_options(const CommandLine *line, GError **error)
{
    if (command_line_has(line, "host"))
        return fail(error, ERROR_INPUT,
                    "--host is for looking at another host; a machine of the store is for this "
                    "one.");
    if (command_line_has(line, "force"))
        return fail(error, ERROR_INPUT,
                    "--force is for files. A machine's configuration has to be one that OpenCore "
                    "takes, as `rootstock build` makes no image of another.");
    if (command_line_has(line, "opencore"))
        return fail(error, ERROR_INPUT,
                    "--opencore is for files. A machine's configuration is made for OpenCore %s.",
                    MAKE_OPENCORE_VERSION);
    return true;
}

static bool edit_begin(Edit *edit, Context *context, GError **error)
{
    edit->context = context;
    edit->name = context->line->arguments[0];
    edit->changes = config_changes_new();
    if (!refuse_options(context->line, error) || context_catalog(context, error) == NULL)
        return false;
    edit->file = store_machine_file(context->store, edit->name, "machine.ini");
    g_autoptr(MachineChoices) choices =
        store_load(context->store, edit->name, context->catalog, &edit->identity, error);
    edit->checker = choices != NULL ? checker_new(error) : NULL;
    return edit->checker != NULL && context_verdict(context, error) != NULL;
}

static bool write_json(const Edit *edit, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", edit->file);
    jw_string(json, "machine", edit->name);
    config_changes_write(json, edit->changes);
    config_write_result(json, edit->checker, edit->result);
    jw_end_object(json);
    return jw_finish(json, error);
}

static int run(Context *context, bool deletes, GError **error)
{
    g_auto(Edit) edit = {.deletes = deletes};
    if (!edit_begin(&edit, context, error) ||
        !store_edit(context->store, edit.name, edit_text, &edit, error))
        return -1;
    if (context->output.json)
        return write_json(&edit, error) ? 0 : -1;
    config_changes_say(&context->output, edit.changes);
    config_warn(&context->output, edit.result, edit.checked);
    if (edit.changes->len > 0)
        output_note(&context->output,
                    "The machine file has it. `rootstock build %s` brings it into the image.",
                    edit.name);
    return 0;
}

int config_set_machine(Context *context, GError **error)
{
    return run(context, false, error);
}

int config_delete_machine(Context *context, GError **error)
{
    return run(context, true, error);
}
