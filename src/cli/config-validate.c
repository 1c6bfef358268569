/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/config.h"

#include "base/error.h"
#include "cli/efi-folder.h"

/* Which version's schema the file has, as people say it. */
static void print_fit(const Context *context, const char *name, const Checker *checker,
                      const CheckResult *result)
{
    const Schema *schema = checker->schema;
    const char *first = schema_version(schema, result->fit.first)->name;
    const char *last = schema_version(schema, result->fit.last)->name;
    const char *checked = schema_version(schema, result->version)->name;
    g_autofree char *range = result->fit.first == result->fit.last
                                 ? g_strdup(first)
                                 : g_strdup_printf("%s to %s", first, last);

    if (result->fit.exact)
        output_text(&context->output, "%s fits the schema of OpenCore %s, and was checked for %s.",
                    name, range, checked);
    else
        output_text(&context->output,
                    "%s fits the schema of no version of OpenCore; it is nearest to %s, and was "
                    "checked for %s.",
                    name, range, checked);
}

static void print_finding(const Output *output, const Finding *finding)
{
    bool wrong = finding->severity == SEVERITY_ERROR;
    g_autofree char *sentence = finding_sentence(finding);
    g_autofree char *title =
        g_strdup_printf("%-8s %5u  ", wrong ? "error" : "warning", finding->line);
    g_autofree char *text =
        output->verbose ? g_strdup_printf("%s [%s]", sentence, finding->id) : g_strdup(sentence);
    output_named(output, 16, title, wrong ? TONE_BAD : TONE_LIMITED, text);
}

/* What was checked. */
typedef struct {
    const char *name;
    char *folder; /* whose files were looked for; NULL: those of a machine's image, or none */
    OpenCoreConfig *made; /* of a machine; else NULL */
    PlistDocument *document;
    Checker *checker;
    CheckResult *result;
} Validation;

static void validation_clear(Validation *validation)
{
    g_free(validation->folder);
    opencore_config_free(validation->made);
    plist_document_free(validation->document);
    checker_free(validation->checker);
    check_result_free(validation->result);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Validation, validation_clear)

static void print_files(const Output *output, const Validation *validation)
{
    if (validation->folder != NULL)
        output_text(output, "Its files were looked for in %s.", validation->folder);
    else if (validation->made == NULL)
        output_text(output, "Whether its files are there was not looked at: --efi DIR names the "
                            "folder that has EFI/OC in it.");
}

static void print_result(const Context *context, const Validation *validation)
{
    const Output *output = &context->output;
    const CheckResult *result = validation->result;

    if (!output->quiet) {
        print_fit(context, validation->document->name, validation->checker, result);
        print_files(output, validation);
    }
    if (result->findings->len > 0 && !output->quiet)
        output_section(output, NULL);
    for (guint i = 0; i < result->findings->len; i++)
        print_finding(output, g_ptr_array_index(result->findings, i));
    if (output->quiet)
        return;
    output_section(output, NULL);
    if (result->findings->len == 0)
        output_text(output, "Nothing was found.");
    else
        output_text(output, "%u error%s, %u warning%s.", result->errors,
                    result->errors == 1 ? "" : "s", result->warnings,
                    result->warnings == 1 ? "" : "s");
}

static bool write_json(const char *name, const Validation *validation, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", name);
    jw_string(json, "efi", validation->folder);
    config_write_result(json, validation->checker, validation->result);
    jw_end_object(json);
    return jw_finish(json, error);
}

/* What lies in the folder OC, as far as it is known. False with an error; a NULL tree is none. */
static bool find_files(const Context *context, Validation *validation, EfiTree **ret_tree,
                       GError **error)
{
    const char *folder = command_line_value(context->line, "efi");
    const char *file = context->line->argument;

    *ret_tree = NULL;
    if (folder == NULL && validation->made != NULL) {
        *ret_tree = parts_tree(validation->made->choices);
        return true;
    }
    validation->folder = folder != NULL ? g_strdup(folder) : efi_folder_of(file);
    if (validation->folder == NULL)
        return true;
    *ret_tree = efi_folder_read(validation->folder, error);
    return *ret_tree != NULL;
}

int config_validate(Context *context, GError **error)
{
    const char *version = command_line_value(context->line, "opencore");
    g_auto(Validation) validation = {0};
    g_autoptr(EfiTree) tree = NULL;

    validation.document = config_open(context, 0, &validation.made, error);
    validation.checker = validation.document != NULL ? checker_new(error) : NULL;
    if (validation.checker == NULL || !find_files(context, &validation, &tree, error))
        return -1;
    if (version == NULL && validation.made != NULL)
        version = MAKE_OPENCORE_VERSION;
    validation.result = checker_run(validation.checker, validation.document, version, tree, error);
    if (validation.result == NULL)
        return -1;
    if (!context->output.json)
        print_result(context, &validation);
    else if (!write_json(context->line->argument, &validation, error))
        return -1;
    return validation.result->errors == 0 ? 0 : ERROR_REFUSED;
}
