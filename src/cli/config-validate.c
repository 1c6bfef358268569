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

static void print_result(const Context *context, const char *name, const Checker *checker,
                         const CheckResult *result)
{
    const Output *output = &context->output;

    if (!output->quiet)
        print_fit(context, name, checker, result);
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

static bool write_json(const char *name, const Checker *checker, const CheckResult *result,
                       GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "file", name);
    config_write_result(json, checker, result);
    jw_end_object(json);
    return jw_finish(json, error);
}

int config_validate(Context *context, GError **error)
{
    const char *folder = command_line_value(context->line, "efi");
    const char *version = command_line_value(context->line, "opencore");
    g_autoptr(OpenCoreConfig) made = NULL;
    g_autoptr(PlistDocument) document = config_open(context, 0, &made, error);
    g_autoptr(Checker) checker = document != NULL ? checker_new(error) : NULL;
    if (checker == NULL)
        return -1;
    g_autoptr(EfiTree) tree = folder != NULL ? efi_folder_read(folder, error)
                              : made != NULL ? parts_tree(made->choices)
                                             : NULL;
    if (folder != NULL && tree == NULL)
        return -1;
    g_autoptr(CheckResult) result =
        checker_run(checker, document,
                    version == NULL && made != NULL ? MAKE_OPENCORE_VERSION : version, tree, error);
    if (result == NULL)
        return -1;
    if (!context->output.json)
        print_result(context, document->name, checker, result);
    else if (!write_json(context->line->argument, checker, result, error))
        return -1;
    return result->errors == 0 ? 0 : ERROR_REFUSED;
}
