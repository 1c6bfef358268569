/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include "opencore/value-text.h"

#include <string.h>

Checker *checker_new(GError **error)
{
    g_autoptr(Schema) schema = schema_load(error);
    return schema != NULL ? checker_new_by(schema, error) : NULL;
}

Checker *checker_new_by(Schema *schema, GError **error)
{
    g_autoptr(Checker) checker = g_new0(Checker, 1);
    checker->schema = schema_share(schema);
    checker->rules = rules_load(checker->schema, error);
    checker->known = checker->rules != NULL ? known_load(checker->schema, error) : NULL;
    return checker->known != NULL ? g_steal_pointer(&checker) : NULL;
}

void checker_free(Checker *checker)
{
    if (checker == NULL)
        return;
    schema_free(checker->schema);
    rules_free(checker->rules);
    known_free(checker->known);
    g_free(checker);
}

static void finding_free(Finding *finding)
{
    g_free(finding->id);
    g_free(finding->path);
    g_free(finding->what);
    g_free(finding->right);
    g_free(finding);
}

void check_result_free(CheckResult *result)
{
    if (result == NULL)
        return;
    g_ptr_array_unref(result->findings);
    g_free(result);
}

static void append(Check *check, const char *id, Severity severity, const char *path, guint line,
                   const char *right, char *what)
{
    Finding *finding = g_new0(Finding, 1);
    finding->id = g_strdup(id);
    finding->severity = severity;
    finding->path = g_strdup(path);
    finding->line = line;
    finding->what = what;
    finding->right = g_strdup(right);
    g_ptr_array_add(check->result->findings, finding);
    if (severity == SEVERITY_ERROR)
        check->result->errors++;
    else
        check->result->warnings++;
}

void finding_add(Check *check, const char *id, Severity severity, const char *path, guint line,
                 const char *right, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    append(check, id, severity, path, line, right, what);
}

void finding_report(Check *check, const Rule *rule, const Match *match, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    append(check, rule->id, rule->severity, match->path, match->value->place.line, rule->right,
           what);
}

void finding_report_right(Check *check, const Rule *rule, const char *path, guint line,
                          const char *right, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    append(check, rule->id, rule->severity, path, line, right, what);
}

char *finding_show(const PlistValue *value)
{
    g_autofree char *text = value_text_format(value);
    bool quoted = value->type != PLIST_INTEGER && value->type != PLIST_BOOLEAN;
    bool cut = g_utf8_strlen(text, -1) > 60;
    g_autofree char *start = g_utf8_substring(text, 0, cut ? 57 : -1);
    return g_strdup_printf("%s%s%s%s", quoted ? "'" : "", start, cut ? "..." : "",
                           quoted ? "'" : "");
}

static void run_requires(Check *check, const Rule *rule, const Match *match)
{
    for (guint i = 0; i < rule->requires->len; i++) {
        const Condition *condition = g_ptr_array_index(rule->requires, i);
        if (condition_holds(condition, &check->scope))
            continue;
        g_autofree char *failure = condition_describe_failure(condition, &check->scope);
        bool container = match->value->values != NULL;
        g_autofree char *shown = container ? NULL : finding_show(match->value);
        if (container)
            finding_report(check, rule, match, "cannot be so where %s", failure);
        else if (g_strcmp0(condition->path, match->path) == 0)
            finding_report(check, rule, match, "is %s", shown);
        else
            finding_report(check, rule, match, "is %s, and %s", shown, failure);
    }
}

static const NamedCheck OTHER_CHECKS[] = {
    {"requires", run_requires},
    {NULL, NULL},
};

static CheckFunction find_check(const char *name)
{
    static const NamedCheck *const TABLES[] = {
        OTHER_CHECKS,    CHECKS_OF_TEXTS,     CHECKS_OF_NUMBERS, CHECKS_OF_LISTS,
        CHECKS_OF_KEXTS, CHECKS_OF_VARIABLES, CHECKS_OF_FILES,
    };
    for (guint i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        for (const NamedCheck *check = TABLES[i]; check->name != NULL; check++) {
            if (strcmp(check->name, name) == 0)
                return check->run;
        }
    }
    return NULL;
}

typedef struct {
    Check *check;
    const Rule *rule;
    CheckFunction run;
    const GPtrArray *parts;
    GString *path;
} Visit;

static void visit(const Visit *visit_, const Match *match, guint depth);

/* Goes on with entry INDEX of the dictionary or array of MATCH. */
static void visit_entry(const Visit *visit_, const Match *match, guint index, guint depth)
{
    gsize length = visit_->path->len;
    const char *key = match->value->type == PLIST_DICT ? plist_key(match->value, index) : NULL;

    if (key != NULL)
        key_path_add_key(visit_->path, key);
    else
        key_path_add_index(visit_->path, index);
    Match entry = {plist_element(match->value, index), match->value, key, visit_->path->str};
    visit(visit_, &entry, depth + 1);
    g_string_truncate(visit_->path, length);
}

static void visit(const Visit *visit_, const Match *match, guint depth)
{
    if (depth == visit_->parts->len) {
        Match here = *match;
        here.path = visit_->path->str;
        visit_->run(visit_->check, visit_->rule, &here);
        return;
    }
    const RulePart *part = g_ptr_array_index(visit_->parts, depth);
    bool dict = match->value->type == PLIST_DICT, array = match->value->type == PLIST_ARRAY;
    for (guint i = 0; i < plist_count(match->value); i++) {
        if (part->kind == PART_ELEMENT ? array
            : part->kind == PART_ANY   ? dict && plist_key(match->value, i)[0] != '#'
                                       : dict && strcmp(plist_key(match->value, i), part->key) == 0)
            visit_entry(visit_, match, i, depth);
    }
}

static bool applies(const Check *check, const Rule *rule)
{
    if (check->scope.version < rule->first || check->scope.version > rule->last)
        return false;
    for (guint i = 0; i < rule->when->len; i++) {
        if (!condition_holds(g_ptr_array_index(rule->when, i), &check->scope))
            return false;
    }
    return true;
}

static void run_rule(Check *check, const Rule *rule)
{
    CheckFunction run = find_check(rule->check);
    g_autoptr(GString) path = g_string_new(NULL);

    g_return_if_fail(run != NULL);
    for (guint i = 0; applies(check, rule) && i < rule->paths->len; i++) {
        const Visit start = {check, rule, run, g_ptr_array_index(rule->paths, i), path};
        const Match top = {check->scope.top, NULL, NULL, ""};
        visit(&start, &top, 0);
    }
}

static int compare_lines(gconstpointer a, gconstpointer b)
{
    const Finding *left = *(Finding *const *)a, *right = *(Finding *const *)b;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    int by_path = strcmp(left->path, right->path);
    return by_path != 0 ? by_path : strcmp(left->id, right->id);
}

CheckResult *checker_run(const Checker *checker, const PlistDocument *document, const char *version,
                         const EfiTree *tree, GError **error)
{
    SchemaFit fit = schema_fit(checker->schema, document->top);
    guint wanted = fit.version;
    if (version != NULL && !schema_find_version(checker->schema, version, &wanted, error))
        return NULL;

    CheckResult *result = g_new0(CheckResult, 1);
    result->fit = fit;
    result->version = wanted;
    result->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    Check check = {
        .checker = checker,
        .document = document,
        .tree = tree,
        .scope = {document->top, checker->schema, wanted},
        .result = result,
    };
    check_against_schema(&check);
    for (guint i = 0; i < checker->rules->rules->len; i++)
        run_rule(&check, g_ptr_array_index(checker->rules->rules, i));
    g_ptr_array_sort(result->findings, compare_lines);
    return result;
}

char *finding_sentence(const Finding *finding)
{
    return g_strdup_printf("%s %s.%s%s", *finding->path != '\0' ? finding->path : "The file",
                           finding->what, *finding->right != '\0' ? " " : "", finding->right);
}

/* The path without the numbers of elements, which an edit moves. The caller owns it. */
static char *general_path(const char *path)
{
    GString *out = g_string_new(NULL);
    for (; *path != '\0'; path++) {
        g_string_append_c(out, *path);
        if (*path == '[')
            path += strspn(path + 1, "0123456789");
    }
    return g_string_free(out, FALSE);
}

/* How many errors of the same rule RESULT has at paths like that of FINDING. */
static guint count_like(const CheckResult *result, const Finding *finding)
{
    g_autofree char *wanted = general_path(finding->path);
    guint count = 0;
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *other = g_ptr_array_index(result->findings, i);
        g_autofree char *path = general_path(other->path);
        if (strcmp(other->id, finding->id) == 0 && strcmp(path, wanted) == 0)
            count++;
    }
    return count;
}

static bool has_finding(const CheckResult *result, const Finding *wanted)
{
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(result->findings, i);
        if (strcmp(finding->id, wanted->id) == 0 && strcmp(finding->path, wanted->path) == 0)
            return true;
    }
    return false;
}

static bool is_new(const Finding *finding, const CheckResult *result, const CheckResult *before)
{
    return !has_finding(before, finding) &&
           count_like(result, finding) > count_like(before, finding);
}

const Finding *check_new_error(const CheckResult *result, const CheckResult *before)
{
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(result->findings, i);
        if (finding->severity == SEVERITY_ERROR && is_new(finding, result, before))
            return finding;
    }
    return NULL;
}

GPtrArray *check_new_warnings(const CheckResult *result, const CheckResult *before)
{
    GPtrArray *warnings = g_ptr_array_new();
    for (guint i = 0; i < result->findings->len; i++) {
        Finding *finding = g_ptr_array_index(result->findings, i);
        if (finding->severity == SEVERITY_WARNING && is_new(finding, result, before))
            g_ptr_array_add(warnings, finding);
    }
    return warnings;
}
