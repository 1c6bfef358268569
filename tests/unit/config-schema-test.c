/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenCore's schema: every row of the table breaks a configuration where it is broken. */
#include "config-sample.h"

#include "opencore/value-text.h"

#include <string.h>

static const Schema *schema(void)
{
    return sample_checker()->schema;
}

typedef void (*NodeFunction)(const SchemaNode *node, guint version, PlistValue *top,
                             const char *path);

static guint first_version(const SchemaNode *node)
{
    return (guint)g_bit_nth_lsf((gulong)node->versions, -1);
}

static guint last_version(const SchemaNode *node)
{
    return (guint)g_bit_nth_msf((gulong)node->versions, -1);
}

static void run_on(const SchemaNode *node, guint version, NodeFunction function)
{
    g_autoptr(PlistValue) top = sample_config(version);
    g_autofree char *path = sample_path(node->path);
    function(node, version, top, path);
}

/* Runs FUNCTION for every node but the whole, in the first and the last version that has it, each
 * time with a sample of its own; and says how many mistakes it has made and seen found. */
static void for_each_node(NodeFunction function, const char *what)
{
    guint before = sample_found(), nodes = 0;
    for (guint i = 1; i < schema()->nodes->len; i++) {
        const SchemaNode *node = g_ptr_array_index(schema()->nodes, i);
        guint seen = sample_found();
        run_on(node, first_version(node), function);
        if (last_version(node) != first_version(node))
            run_on(node, last_version(node), function);
        nodes += sample_found() > seen ? 1 : 0;
    }
    g_test_message("%s: %u of %u keys, %u mistakes, each found at its key", what, nodes,
                   schema()->nodes->len - 1, sample_found() - before);
}

static void the_table_is_whole(void)
{
    guint newest = schema_newest(schema());
    g_assert_cmpuint(schema()->versions->len, >=, 39);
    g_assert_cmpstr(schema_version(schema(), 0)->name, ==, "0.7.0");
    g_assert_cmpint(schema_version(schema(), newest)->number, >=, 10007);
    for (guint i = 1; i < schema()->nodes->len; i++) {
        const SchemaNode *node = g_ptr_array_index(schema()->nodes, i);
        g_assert_cmpuint(node->versions, !=, 0);
        g_assert_cmpuint(strlen(node->source), >, 0);
        for (char **key = node->identity; *key != NULL; key++) {
            g_autofree char *member = g_strdup_printf("%s[].%s", node->path, *key);
            g_assert_true(schema_has(schema(), member));
        }
    }
}

/* The sample of each version fits that version, and nothing in it is wrong. */
static void the_sample_is_right_in_every_version(void)
{
    for (guint version = 0; version < schema()->versions->len; version++) {
        g_autoptr(PlistValue) top = sample_config(version);
        g_autoptr(CheckResult) result = sample_check(top, version, NULL);
        g_test_message("%s", schema_version(schema(), version)->name);
        assert_no_finding(result);
        g_assert_true(result->fit.exact);
        g_assert_cmpuint(result->fit.first, <=, version);
        g_assert_cmpuint(result->fit.last, >=, version);
    }
}

/* The configuration of defaults alone, too: what a later part of the program starts from. */
static void the_defaults_are_right(void)
{
    for (guint version = 0; version < schema()->versions->len; version++) {
        g_autoptr(PlistValue) top = schema_new_config(schema(), version);
        g_autoptr(CheckResult) result = sample_check(top, version, NULL);
        g_test_message("%s", schema_version(schema(), version)->name);
        assert_no_finding(result);
        g_autofree char *text = plist_write(top);
        g_autoptr(PlistDocument) document = plist_read(text, strlen(text), "defaults", NULL);
        g_assert_true(plist_equal(document->top, top));
    }
}

static void remove_key(const SchemaNode *node, guint version, PlistValue *top, const char *path)
{
    if (g_str_has_suffix(node->path, "[]") || g_str_has_suffix(node->path, "*"))
        return;
    sample_remove(top, path);
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    if (node->required)
        assert_finding(result, "key-missing", path);
    else
        g_assert_false(sample_has(result, "key-missing", path));
}

static void a_missing_key_is_found(void)
{
    for_each_node(remove_key, "missing");
}

static void change_type(const SchemaNode *node, guint version, PlistValue *top, const char *path)
{
    bool container = node->type < SCHEMA_STRING;
    sample_set(top, path, container ? plist_new_string("x") : plist_new_dict());
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    assert_finding(result, "key-type", path);
}

static void another_type_is_found(void)
{
    for_each_node(change_type, "of another type");
}

/* A number as somebody may have written it. */
static PlistValue *integer_of(const char *text)
{
    g_autofree char *document = g_strdup_printf("<plist><integer>%s</integer></plist>", text);
    g_autoptr(PlistDocument) read = plist_read(document, strlen(document), "number", NULL);
    return g_steal_pointer(&read->top);
}

static void assert_number(guint version, PlistValue *top, const char *path, PlistValue *number,
                          const char *id)
{
    sample_set(top, path, number);
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    assert_finding(result, id, path);
}

static void break_integer(const SchemaNode *node, guint version, PlistValue *top, const char *path)
{
    if (node->type != SCHEMA_INTEGER)
        return;
    assert_number(version, top, path, integer_of("0x10"), "integer-form");
    assert_number(version, top, path, integer_of("18446744073709551616"), "integer-form");
    if (node->most < G_MAXUINT64)
        assert_number(version, top, path, plist_new_unsigned(node->most + 1), "integer-range");
    if (node->least < 0 && node->least > G_MININT64)
        assert_number(version, top, path, plist_new_integer(node->least - 1), "integer-range");
    if (node->least == 0)
        assert_number(version, top, path, plist_new_integer(-2), "integer-negative");

    sample_set(top, path, plist_new_integer(-1));
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    bool good = node->least < 0 || node->takes_minus_one;
    g_assert_cmpint(sample_has(result, "integer-negative", path), ==, !good);
}

static void a_number_that_does_not_fit_is_found(void)
{
    for_each_node(break_integer, "a number that does not fit");
}

static void break_data(const SchemaNode *node, guint version, PlistValue *top, const char *path)
{
    g_autofree guint8 *bytes = g_malloc0(node->size + 1);
    if (node->type != SCHEMA_DATA && node->size == 0)
        return;
    PlistValue *unreadable = plist_new_data(NULL, 0);
    g_clear_pointer(&unreadable->bytes, g_byte_array_unref);
    assert_number(version, top, path, unreadable, "data-form");
    if (node->size == 0)
        return;
    assert_number(version, top, path, plist_new_data(bytes, node->size + 1), "data-size");
    if (node->size > 1)
        assert_number(version, top, path, plist_new_data(bytes, node->size - 1), "data-short");
    sample_set(top, path, plist_new_data(bytes, node->size));
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    assert_no_finding(result);
}

static void data_of_another_size_is_found(void)
{
    for_each_node(break_data, "data of another size");
}

static void add_unknown(const SchemaNode *node, guint version, PlistValue *top, const char *path)
{
    if (node->type != SCHEMA_DICT)
        return;
    g_autofree char *key = g_strconcat(path, ".Nonsense", NULL);
    sample_set(top, key, plist_new_string("x"));
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    assert_finding(result, "key-unknown", key);
    sample_remove(top, key);

    /* such keys are comments */
    g_autofree char *comment = g_strconcat(path, ".#Nonsense", NULL);
    sample_set(top, comment, plist_new_string("x"));
    g_autoptr(CheckResult) commented = sample_check(top, version, NULL);
    assert_no_finding(commented);
}

static void an_unknown_key_is_found(void)
{
    for_each_node(add_unknown, "unknown key below it");
}

static void add_twice(const SchemaNode *node, guint version, PlistValue *top, const char *path)
{
    PlistValue *value = sample_at(top, path);
    g_autofree char *dot = g_strdup(path);
    if (g_str_has_suffix(node->path, "[]") || strstr(path, "PciRoot") != NULL)
        return;
    char *last = strrchr(dot, '.');
    if (last != NULL)
        *last = '\0';
    PlistValue *dict = last != NULL ? sample_at(top, dot) : top;
    g_ptr_array_add(dict->keys, g_strdup(last != NULL ? last + 1 : path));
    g_ptr_array_add(dict->values, plist_copy(value));
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    assert_finding(result, "key-twice", path);
}

static void a_key_that_is_there_twice_is_found(void)
{
    for_each_node(add_twice, "there twice");
}

/* Whether VERSION has the dictionary around PATH, and nothing of the node's name in it. */
static bool can_be_foreign(const SchemaNode *node, PlistValue *top, const char *path)
{
    const char *dot = strrchr(path, '.');
    g_autofree char *around = g_strndup(path, dot != NULL ? (gsize)(dot - path) : 0);
    const PlistValue *holder = dot != NULL ? sample_at(top, around) : top;
    return holder != NULL && holder->type == PLIST_DICT && sample_at(top, path) == NULL &&
           !g_str_has_suffix(node->path, "[]") && !g_str_has_suffix(node->path, "*");
}

static void put_foreign(const SchemaNode *node, guint version, const char *id)
{
    g_autofree char *path = sample_path(node->path);
    g_autoptr(PlistValue) top = sample_config(version);
    if (!can_be_foreign(node, top, path))
        return;
    sample_set(top, path, plist_new_boolean(true));
    g_autoptr(CheckResult) result = sample_check(top, version, NULL);
    assert_finding(result, id, path);
}

static void keys_of_other_versions_are_told(void)
{
    guint last = schema()->versions->len - 1, before = sample_found();
    for (guint i = 1; i < schema()->nodes->len; i++) {
        const SchemaNode *node = g_ptr_array_index(schema()->nodes, i);
        if (first_version(node) > 0)
            put_foreign(node, first_version(node) - 1, "key-newer");
        if (last_version(node) < last)
            put_foreign(node, last_version(node) + 1, "key-dropped");
    }
    g_test_message("of another version: %u mistakes", sample_found() - before);
    g_assert_cmpuint(sample_found() - before, >, 40);

    g_autoptr(PlistValue) top = sample_config(last);
    sample_set(top, "misc", plist_new_dict());
    g_autoptr(CheckResult) result = sample_check(top, last, NULL);
    assert_finding(result, "key-unknown", "misc");
}

/* A file of one version is recognised, also with a mistake in it. */
static void the_version_is_found(void)
{
    guint version;
    g_assert_true(schema_find_version(schema(), "0.9.3", &version, NULL));
    g_autoptr(PlistValue) top = sample_config(version);
    SchemaFit fit = schema_fit(schema(), top);
    g_assert_cmpuint(fit.version, ==, version);
    g_assert_true(fit.exact);

    sample_remove(top, "Misc.Security.Vault");
    sample_set(top, "Kernel.Quirks.Nonsense", plist_new_boolean(true));
    fit = schema_fit(schema(), top);
    g_assert_cmpuint(fit.version, ==, version);
    g_assert_false(fit.exact);

    /* of versions with the same schema the newest release counts */
    g_autoptr(PlistValue) newest = sample_config(schema_newest(schema()));
    fit = schema_fit(schema(), newest);
    g_assert_cmpuint(fit.version, ==, schema_newest(schema()));
    g_assert_true(fit.exact);

    g_autoptr(PlistValue) nothing = plist_new_dict();
    g_assert_false(schema_fit(schema(), nothing).exact);
    g_autoptr(PlistValue) text = plist_new_string("x");
    g_assert_false(schema_fit(schema(), text).exact);
    g_autoptr(CheckResult) result = sample_check(text, version, NULL);
    assert_finding(result, "key-type", "");
}

static void traps_of_the_reader_are_found(void)
{
    static const char TEXT[] =
        "\xef\xbb\xbf<plist a=\"/\"><dict><key>#a</key><string>a &amp; b</string>"
        "<key>#b</key><string><![CDATA[x]]></string><key>#c</key><string>x<!-- --></string>"
        "<key></key><true/></dict></plist>";
    g_autoptr(GError) error = NULL;
    g_autoptr(PlistDocument) document = plist_read(TEXT, strlen(TEXT), "traps", &error);
    g_assert_no_error(error);
    g_autoptr(CheckResult) result = checker_run(sample_checker(), document, NULL, NULL, &error);
    assert_finding(result, "file-mark", "");
    assert_finding(result, "file-tag", "");
    assert_finding(result, "value-entity", "#a");
    assert_finding(result, "value-cdata", "#b");
    assert_finding(result, "value-comment", "#c");
    assert_finding(result, "key-empty", "\"\"");
}

static void values_are_typed(void)
{
    guint version = schema_newest(schema());
    static const struct {
        const char *path, *text;
        const char *written; /* NULL: refused */
    } CASES[] = {
        {"Misc.Security.Vault", "Optional", "<string>Optional</string>"},
        {"Misc.Boot.Timeout", "0x10", "<integer>16</integer>"},
        {"UEFI.Quirks.ResizeGpuBars", "-1", "<integer>-1</integer>"},
        {"Misc.Boot.Timeout", "ten", NULL},
        {"Misc.Boot.Timeout", "", NULL},
        {"Misc.Boot.ShowPicker", "yes", "<true/>"},
        {"Misc.Boot.ShowPicker", "1", NULL},
        {"Kernel.Emulate.Cpuid1Data", "e7 03 00 00", "<data>5wMAAA==</data>"},
        {"Kernel.Emulate.Cpuid1Data", "base64:5wMAAA==", "<data>5wMAAA==</data>"},
        {"Kernel.Emulate.Cpuid1Data", "base64:5wMAA", NULL},
        {"Kernel.Emulate.Cpuid1Data", "e7 0", NULL},
        {"NVRAM.Add.a.b", "x", "<string>x</string>"},
        {"NVRAM.Add.a.b", "hex:00", "<data>AA==</data>"},
        {"Misc.BlessOverride", "[\"a\"]", "<array>\n\t<string>a</string>\n</array>"},
        {"Misc.BlessOverride", "a", NULL},
        {"Misc.BlessOverride", "{}", NULL},
        {"Booter.MmioWhitelist[+]", "{\"Address\": 4096}",
         "<dict>\n\t<key>Address</key>\n\t<integer>4096</integer>\n\t<key>Comment</key>\n"
         "\t<string></string>\n\t<key>Enabled</key>\n\t<false/>\n</dict>"},
        {"Booter.MmioWhitelist[+]", "{\"Nonsense\": 1}", NULL},
        {"Booter.MmioWhitelist[+]", "{\"Address\": [1]}", NULL},
        {"NVRAM.Add.a", "{\"b\": \"c\"}", "<dict>\n\t<key>b</key>\n\t<string>c</string>\n</dict>"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KeyPath) path = key_path_parse(CASES[i].path, NULL);
        const SchemaNode *node = schema_at(schema(), path, version);
        g_autoptr(PlistValue) value =
            value_text_parse_for(node, version, PLIST_STRING, CASES[i].text, &error);
        g_test_message("%s = %s", CASES[i].path, CASES[i].text);
        g_assert_cmpint(value == NULL, ==, CASES[i].written == NULL);
        g_assert_cmpint(value == NULL, ==, error != NULL);
        if (value == NULL)
            continue;
        g_autoptr(GString) written = g_string_new(NULL);
        plist_write_value(written, value, "", "\t", "\n");
        g_assert_cmpstr(written->str, ==, CASES[i].written);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/config/schema/whole", the_table_is_whole);
    g_test_add_func("/config/schema/sample", the_sample_is_right_in_every_version);
    g_test_add_func("/config/schema/defaults", the_defaults_are_right);
    g_test_add_func("/config/schema/missing", a_missing_key_is_found);
    g_test_add_func("/config/schema/type", another_type_is_found);
    g_test_add_func("/config/schema/integer", a_number_that_does_not_fit_is_found);
    g_test_add_func("/config/schema/data", data_of_another_size_is_found);
    g_test_add_func("/config/schema/unknown", an_unknown_key_is_found);
    g_test_add_func("/config/schema/twice", a_key_that_is_there_twice_is_found);
    g_test_add_func("/config/schema/other-versions", keys_of_other_versions_are_told);
    g_test_add_func("/config/schema/fit", the_version_is_found);
    g_test_add_func("/config/schema/traps", traps_of_the_reader_are_found);
    g_test_add_func("/config/value/typed", values_are_typed);
    return g_test_run();
}
