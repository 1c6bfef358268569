/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule of data/opencore-rules.table finds a configuration that is broken in just that way, at
 * the right key. */
#include "config-sample.h"

#include "opencore/value-text.h"

#include <stdlib.h>
#include <string.h>

/* A configuration that is being broken for one path of a rule. */
typedef struct {
    const Rule *rule;
    guint version;
    PlistValue *top;
    char *path;     /* of the sample's entry for the rule's path */
    char *expected; /* where the finding is to be; at first the same */
    EfiTree *tree;  /* NULL: no files are known */
} Break;

/* PATTERN of the parts of a rule's path. */
static char *pattern_of(const GPtrArray *parts)
{
    GString *pattern = g_string_new(NULL);
    for (guint i = 0; i < parts->len; i++) {
        const RulePart *part = g_ptr_array_index(parts, i);
        if (part->kind != PART_ELEMENT && i > 0)
            g_string_append_c(pattern, '.');
        g_string_append(pattern, part->key);
    }
    return g_string_free(pattern, FALSE);
}

static void expect(Break *broken, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void expect(Break *broken, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(broken->expected);
    broken->expected = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* The value of the other kind: another number, text or truth. */
static PlistValue *other_value(const PlistValue *value)
{
    if (value->type == PLIST_BOOLEAN)
        return plist_new_boolean(!value->yes);
    if (value->type == PLIST_INTEGER)
        return plist_new_integer(value->number == 1 ? 2 : 1);
    return plist_new_string(value->text[0] == '\0' ? "x" : "");
}

/* TEXT as a value of the type that is at PATH. */
static PlistValue *same_type(PlistValue *top, const char *path, const char *text)
{
    const PlistValue *old = sample_at(top, path);
    g_assert_nonnull(old);
    if (old->type == PLIST_BOOLEAN)
        return plist_new_boolean(strcmp(text, "true") == 0);
    return old->type == PLIST_INTEGER ? plist_new_integer(g_ascii_strtoll(text, NULL, 10))
                                      : plist_new_string(text);
}

static void make_true(Break *broken, const Condition *condition)
{
    PlistValue *top = broken->top;
    g_auto(GStrv) parts = g_strsplit(condition->text, ":", 2);
    g_autofree char *path = NULL;

    switch (condition->kind) {
    case CONDITION_EQUAL:
        sample_set(top, condition->path, same_type(top, condition->path, condition->text));
        break;
    case CONDITION_DIFFERENT: {
        g_autoptr(PlistValue) wrong = same_type(top, condition->path, condition->text);
        if (plist_equal(wrong, sample_at(top, condition->path)))
            sample_set(top, condition->path, other_value(wrong));
        break;
    }
    case CONDITION_PREFIX:
        path = g_strconcat(condition->text, "Text", NULL);
        sample_set(top, condition->path, plist_new_string(path));
        break;
    case CONDITION_BITS:
        sample_set(top, condition->path,
                   plist_new_unsigned(g_ascii_strtoull(condition->text, NULL, 16)));
        break;
    case CONDITION_DRIVER:
        sample_add_driver(top, broken->version, condition->text);
        break;
    case CONDITION_DRIVER_LIKE:
        path = g_strdup_printf("Open%cFSPlus.efi", g_ascii_toupper(condition->text[0]));
        sample_add_driver(top, broken->version, path);
        break;
    case CONDITION_ENABLED_KEXT:
    case CONDITION_KEXT:
        sample_add_kext(top, broken->version, condition->text, true);
        break;
    case CONDITION_ENABLED:
        path = g_strconcat(condition->text, "[0].Enabled", NULL);
        sample_set(top, path, plist_new_boolean(true));
        break;
    case CONDITION_VARIABLE: /* in lower case, as both are the same */
        path = g_ascii_strdown(parts[0], -1);
        g_free(parts[0]);
        parts[0] = g_strconcat("NVRAM.Add.", path, NULL);
        sample_set(top, parts[0], plist_new_dict());
        g_free(g_steal_pointer(&path));
        path = g_strdup_printf("%s.%s", parts[0], parts[1]);
        sample_set(top, path, plist_new_data("\x01", 1));
        break;
    case CONDITION_NO_DRIVER:
    default:
        break; /* the sample has none */
    }
}

static void make_false(Break *broken, const Condition *condition)
{
    PlistValue *top = broken->top;
    guint64 mask;

    switch (condition->kind) {
    case CONDITION_EQUAL: {
        g_autoptr(PlistValue) right = same_type(top, condition->path, condition->text);
        sample_set(top, condition->path, other_value(right));
        break;
    }
    case CONDITION_DIFFERENT:
        sample_set(top, condition->path, same_type(top, condition->path, condition->text));
        break;
    case CONDITION_BITS:
        mask = g_ascii_strtoull(condition->text, NULL, 16);
        sample_set(top, condition->path,
                   plist_new_unsigned(sample_at(top, condition->path)->number & ~mask));
        break;
    case CONDITION_NO_DRIVER:
        sample_add_driver(top, broken->version, condition->text);
        break;
    case CONDITION_PREFIX:
    case CONDITION_DRIVER:
    case CONDITION_DRIVER_LIKE:
    case CONDITION_KEXT:
    case CONDITION_ENABLED_KEXT:
    case CONDITION_ENABLED:
    case CONDITION_VARIABLE:
    default:
        break; /* the sample has none, and renders by BuiltinGraphics */
    }
}

static void break_requires(Break *broken)
{
    for (guint i = 0; i < broken->rule->requires->len; i++)
        make_false(broken, g_ptr_array_index(broken->rule->requires, i));
}

static void set_text(Break *broken, const char *text)
{
    sample_set(broken->top, broken->path, plist_new_string(text));
}

static void set_number(Break *broken, gint64 number)
{
    sample_set(broken->top, broken->path, plist_new_integer(number));
}

static void break_one_of(Break *broken)
{
    if (sample_at(broken->top, broken->path)->type == PLIST_INTEGER)
        set_number(broken, 77);
    else
        set_text(broken, "Nonsense");
}

static void break_none_of(Break *broken)
{
    set_text(broken, broken->rule->words[0]);
}

static void break_bits(Break *broken)
{
    guint64 mask = g_ascii_strtoull(broken->rule->words[0], NULL, 16);
    sample_set(broken->top, broken->path, plist_new_unsigned(~mask & (mask + 1)));
}

static void break_range(Break *broken)
{
    set_number(broken, g_ascii_strtoll(broken->rule->words[1], NULL, 10) + 1);
}

static void break_not_zero(Break *broken)
{
    set_number(broken, 0);
}

static void break_not_above(Break *broken)
{
    sample_set(broken->top, broken->rule->words[0], plist_new_integer(-100));
    set_number(broken, -99);
}

static void break_not_below(Break *broken)
{
    sample_set(broken->top, broken->rule->words[0], plist_new_integer(200));
    set_number(broken, 199);
}

static void break_multiple(Break *broken)
{
    set_number(broken, 4097);
}

static void break_high_byte(Break *broken)
{
    set_number(broken, 0x0801);
}

static void break_serial_devices(Break *broken)
{
    sample_set(broken->top, broken->path, plist_new_data("\x00\xff", 2));
}

/* A text that is right but for a letter that the class has not. */
static const char *wrong_letters(const char *class)
{
    static const char *const TEXTS[][2] = {
        {"printable", "sm\xc3\xb8rrebr\xc3\xb8"},
        {"instance", "a,b"},
        {"file", "a b.kext"},
        {"driver", "a\\b.efi"},
        {"old-driver", "a b.efi"},
        {"booter", "boot.bin"},
        {"kext", "com.example.a b"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        if (strcmp(TEXTS[i][0], class) == 0)
            return TEXTS[i][1];
    }
    g_assert_not_reached();
}

static void break_characters(Break *broken)
{
    set_text(broken, wrong_letters(broken->rule->words[0]));
}

/* Calls the value at the path by another NAME. */
static void rename_key(Break *broken, const char *name)
{
    PlistValue *value = plist_copy(sample_at(broken->top, broken->path));
    g_autoptr(GString) path = g_string_new(NULL);
    g_autoptr(KeyPath) key = key_path_parse(broken->path, NULL);
    sample_remove(broken->top, broken->path);
    for (guint i = 0; i + 1 < key->steps->len; i++)
        key_path_add_key(path, ((const KeyStep *)g_ptr_array_index(key->steps, i))->text);
    key_path_add_key(path, name);
    sample_set(broken->top, path->str, value);
    expect(broken, "%s", path->str);
}

/* One byte more than may be. */
static void break_length(Break *broken)
{
    gsize most = g_ascii_strtoull(broken->rule->words[0], NULL, 10);
    g_autofree char *letters = g_strnfill(most + 1, 'a');
    set_text(broken, letters);
}

static void break_joined_length(Break *broken)
{
    g_autofree char *other = g_strdup(broken->path);
    *strrchr(other, '.') = '\0';
    g_autofree char *beside = g_strdup_printf("%s.%s", other, broken->rule->words[0]);
    gsize most = g_ascii_strtoull(broken->rule->words[1], NULL, 10);
    gsize length = strlen(sample_at(broken->top, beside)->text);
    g_autofree char *letters = g_strnfill(most - length, 'a');
    set_text(broken, letters);
}

static void set_member(Break *broken, const char *key, PlistValue *value)
{
    g_autofree char *path = g_strdup_printf("%s.%s", broken->path, key);
    sample_set(broken->top, path, value);
}

static void break_darwin_range(Break *broken)
{
    set_member(broken, broken->rule->words[0], plist_new_string("20.1"));
    set_member(broken, broken->rule->words[1], plist_new_string("20"));
}

static void break_resolution(Break *broken)
{
    set_text(broken, strcmp(broken->rule->words[0], "1x1") == 0 ? "1920X1080" : "79x25");
}

static void break_same_size(Break *broken)
{
    set_member(broken, broken->rule->words[0], plist_new_data("ab", 2));
    set_member(broken, broken->rule->words[1], plist_new_data("a", 1));
    expect(broken, "%s.%s", broken->path, broken->rule->words[0]);
}

static void break_mask_size(Break *broken)
{
    set_member(broken, broken->rule->words[0], plist_new_data("ab", 2));
    expect(broken, "%s.%s", broken->path, broken->rule->words[0]);
}

static void break_mask_bits(Break *broken)
{
    set_member(broken, broken->rule->words[0], plist_new_data("\xfe", 1));
    set_member(broken, broken->rule->words[1], plist_new_data("\x01", 1));
    expect(broken, "%s.%s", broken->path, broken->rule->words[0]);
}

/* The first element of the list once more. */
static void break_unique(Break *broken)
{
    PlistValue *list = sample_at(broken->top, broken->path);
    PlistValue *first = g_ptr_array_index(list->values, 0);
    if (first->type == PLIST_DICT && strcmp(broken->rule->words[0], "enabled") == 0)
        plist_put(first, "Enabled", plist_new_boolean(true));
    plist_append(list, plist_copy(first));
    expect(broken, "%s[1]", broken->path);
}

static void break_overlap(Break *broken)
{
    PlistValue *list = sample_at(broken->top, broken->path);
    PlistValue *first = g_ptr_array_index(list->values, 0);
    plist_put(first, "Enabled", plist_new_boolean(true));
    plist_put(first, "Size", plist_new_integer(8192));
    PlistValue *second = plist_copy(first);
    plist_put(second, "Address", plist_new_integer(4096));
    plist_append(list, second);
    expect(broken, "%s[1]", broken->path);
}

static void break_variable(Break *broken)
{
    rename_key(broken, strstr(broken->path, "PciRoot") != NULL ? "device-id" : "csr-active-config");
    sample_set(broken->top, broken->expected, plist_new_data("\x01", 1));
}

static void break_kext_parts(Break *broken)
{
    guint index = sample_add_kext(broken->top, broken->version, "IntelMausi.kext", false);
    g_autofree char *path = g_strdup_printf("Kernel.Add[%u].ExecutablePath", index);
    sample_set(broken->top, path, plist_new_string("Contents/MacOS/Other"));
    expect(broken, "%s", path);
}

static void break_kext_order(Break *broken)
{
    guint index = sample_add_kext(broken->top, broken->version, "WhateverGreen.kext", false);
    sample_add_kext(broken->top, broken->version, "Lilu.kext", false);
    expect(broken, "Kernel.Add[%u]", index);
}

static void break_kext_parent_enabled(Break *broken)
{
    sample_add_kext(broken->top, broken->version, "Lilu.kext", false);
    guint index = sample_add_kext(broken->top, broken->version, "WhateverGreen.kext", true);
    expect(broken, "Kernel.Add[%u]", index);
}

static void break_driver_early(Break *broken)
{
    bool only = strcmp(broken->rule->words[1], "only") == 0;
    const char *file = only ? broken->rule->words[2] : "Other.efi";
    guint index = sample_add_driver(broken->top, broken->version, file);
    expect(broken, "UEFI.Drivers[%u].LoadEarly", index);
    sample_set(broken->top, broken->expected,
               plist_new_boolean(strcmp(broken->rule->words[0], "yes") != 0));
}

static void break_driver_order(Break *broken)
{
    guint index = sample_add_driver(broken->top, broken->version, broken->rule->words[1]);
    sample_add_driver(broken->top, broken->version, broken->rule->words[0]);
    expect(broken, "UEFI.Drivers[%u]", index);
}

static void break_file(Break *broken)
{
    g_autofree char *element = g_strdup(broken->path);
    *strrchr(element, '.') = '\0';
    g_autofree char *enabled = g_strconcat(element, ".Enabled", NULL);
    sample_set(broken->top, enabled, plist_new_boolean(true));
    if (sample_at(broken->top, broken->path)->text[0] == '\0')
        set_text(broken, "Missing.efi");
    broken->tree = efi_tree_new();
    if (broken->rule->words[1] != NULL) /* the kext is there, but not that part of it */
        efi_tree_add(broken->tree, "Kexts/Sample.kext/Contents/other");
}

static void break_needs_file(Break *broken)
{
    broken->tree = efi_tree_new();
}

/* A text takes the place of the value, or of its key. */
static const struct {
    const char *check;
    void (*run)(Break *broken);
    const char *text;
} BREAKS[] = {
    {"requires", break_requires, NULL},
    {"one-of", break_one_of, NULL},
    {"none-of", break_none_of, NULL},
    {"bits", break_bits, NULL},
    {"range", break_range, NULL},
    {"not-zero", break_not_zero, NULL},
    {"not-above", break_not_above, NULL},
    {"not-below", break_not_below, NULL},
    {"multiple", break_multiple, NULL},
    {"high-byte", break_high_byte, NULL},
    {"serial-devices", break_serial_devices, NULL},
    {"characters", break_characters, NULL},
    {"key-characters", NULL, "sm\xc3\xb8r"},
    {"key-guid", NULL, "7C436110-AB2A-4BBB-A880-FE41995C9F8"},
    {"key-device-path", NULL, "PciRoot(0x0)/Pci(1,0)"},
    {"key-device-node", NULL, "PciRot(0x0)"},
    {"device-path", NULL, "PciRoot(0x0)/"},
    {"suffix", NULL, "sample.txt"},
    {"length", break_length, NULL},
    {"joined-length", break_joined_length, NULL},
    {"not-empty", NULL, ""},
    {"darwin", NULL, "20.x"},
    {"darwin-least", NULL, "7.9.9"},
    {"darwin-range", break_darwin_range, NULL},
    {"uuid", NULL, "7C436110"},
    {"resolution", break_resolution, NULL},
    {"flavour", NULL, "Auto:ExtDisk"},
    {"same-size", break_same_size, NULL},
    {"mask-size", break_mask_size, NULL},
    {"mask-bits", break_mask_bits, NULL},
    {"unique", break_unique, NULL},
    {"overlap", break_overlap, NULL},
    {"model", NULL, "iMac0,1"},
    {"variable", break_variable, NULL},
    {"kext-parts", break_kext_parts, NULL},
    {"kext-order", break_kext_order, NULL},
    {"kext-parent-enabled", break_kext_parent_enabled, NULL},
    {"driver-early", break_driver_early, NULL},
    {"driver-order", break_driver_order, NULL},
    {"file", break_file, NULL},
    {"folder", break_file, NULL},
    {"needs-file", break_needs_file, NULL},
};

static void run_break(Break *broken)
{
    for (guint i = 0; i < broken->rule->when->len; i++)
        make_true(broken, g_ptr_array_index(broken->rule->when, i));
    for (guint i = 0; i < G_N_ELEMENTS(BREAKS); i++) {
        if (strcmp(BREAKS[i].check, broken->rule->check) == 0) {
            if (BREAKS[i].run != NULL)
                BREAKS[i].run(broken);
            else if (g_str_has_prefix(BREAKS[i].check, "key-"))
                rename_key(broken, BREAKS[i].text);
            else
                set_text(broken, BREAKS[i].text);
            return;
        }
    }
    g_error("No way to break a configuration for the check '%s' is known", broken->rule->check);
}

/* Whether VERSION has what the rule is about. */
static bool try_rule(const Rule *rule, guint version, const char *pattern)
{
    g_autofree char *path = sample_path(pattern);
    Break broken = {.rule = rule, .version = version, .top = sample_config(version)};
    bool there = sample_at(broken.top, path) != NULL;
    if (there) {
        broken.path = g_strdup(path);
        broken.expected = g_strdup(path);
        run_break(&broken);
        g_autoptr(CheckResult) result = sample_check(broken.top, version, broken.tree);
        assert_finding(result, rule->id, broken.expected);
        g_assert_cmpuint(rule->severity == SEVERITY_ERROR ? result->errors : result->warnings, >=,
                         1);
    }
    plist_free(broken.top);
    g_free(broken.path);
    g_free(broken.expected);
    efi_tree_free(broken.tree);
    return there;
}

static void a_rule_finds_its_mistake(gconstpointer data)
{
    const Rule *rule = data;
    for (guint i = 0; i < rule->paths->len; i++) {
        g_autofree char *pattern = pattern_of(g_ptr_array_index(rule->paths, i));
        g_test_message("%s", pattern);
        bool first = try_rule(rule, rule->first, pattern);
        g_assert_true(try_rule(rule, rule->last, pattern) || first);
    }
}

/* --- what is still right: the other side of each limit */

typedef struct {
    const Rule *rule;
    const char *path;
    PlistValue *top;
    guint version, tried;
} Right;

static void assert_right(Right *right, PlistValue *value)
{
    sample_set(right->top, right->path, value);
    g_autoptr(CheckResult) result = sample_check(right->top, right->version, NULL);
    g_autofree char *shown = value_text_format(sample_at(right->top, right->path));
    g_test_message("%s = %s", right->path, shown);
    g_assert_false(sample_has(result, right->rule->id, right->path));
    right->tried++;
}

static void try_right(Right *right)
{
    const char *check = right->rule->check;
    char *const *words = right->rule->words;
    bool number = sample_at(right->top, right->path)->type == PLIST_INTEGER;

    if (strcmp(check, "one-of") == 0) {
        for (; *words != NULL; words++)
            assert_right(right, number ? plist_new_integer(g_ascii_strtoll(*words, NULL, 10))
                                       : plist_new_string(*words));
    } else if (strcmp(check, "range") == 0) {
        assert_right(right, plist_new_integer(g_ascii_strtoll(words[0], NULL, 10)));
        assert_right(right, plist_new_integer(g_ascii_strtoll(words[1], NULL, 10)));
    } else if (strcmp(check, "bits") == 0) {
        assert_right(right, plist_new_unsigned(g_ascii_strtoull(words[0], NULL, 16)));
    } else if (strcmp(check, "length") == 0) {
        g_autofree char *text = g_strnfill(g_ascii_strtoull(words[0], NULL, 10), 'a');
        assert_right(right, plist_new_string(text));
    }
}

/* Every word of every list of words, both ends of every range, every bit, the longest text. */
static void what_is_within_the_limits_is_right(void)
{
    guint tried = 0;
    for (guint i = 0; i < sample_checker()->rules->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(sample_checker()->rules->rules, i);
        for (guint j = 0; j < rule->paths->len; j++) {
            g_autofree char *pattern = pattern_of(g_ptr_array_index(rule->paths, j));
            g_autofree char *path = sample_path(pattern);
            g_autoptr(PlistValue) top = sample_config(rule->last);
            Break broken = {.rule = rule, .version = rule->last, .top = top};
            Right right = {rule, path, top, rule->last, 0};
            if (sample_at(top, path) == NULL)
                continue;
            for (guint k = 0; k < rule->when->len; k++)
                make_true(&broken, g_ptr_array_index(rule->when, k));
            try_right(&right);
            tried += right.tried;
        }
    }
    g_test_message("%u values at the limits, all right", tried);
    g_assert_cmpuint(tried, >, 150);
}

/* No way to break a configuration is dead; and how much the tests before this one have done. */
static void numbers_are_told(void)
{
    const GPtrArray *rules = sample_checker()->rules->rules;
    g_test_message("%u rules of %u kinds, %u configurations broken, each found at its key",
                   rules->len, (guint)G_N_ELEMENTS(BREAKS), sample_found());
    for (guint i = 0; i < G_N_ELEMENTS(BREAKS); i++) {
        bool used = false;
        for (guint j = 0; j < rules->len; j++)
            used |=
                strcmp(((const Rule *)g_ptr_array_index(rules, j))->check, BREAKS[i].check) == 0;
        g_assert_true(used);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < sample_checker()->rules->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(sample_checker()->rules->rules, i);
        g_autofree char *name = g_strconcat("/config/rule/", rule->id, NULL);
        g_test_add_data_func(name, rule, a_rule_finds_its_mistake);
    }
    g_test_add_func("/config/rules/right", what_is_within_the_limits_is_right);
    g_test_add_func("/config/rules/numbers", numbers_are_told);
    return g_test_run();
}
