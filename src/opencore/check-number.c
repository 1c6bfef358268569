/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include "opencore/darwin.h"

#include <string.h>

static bool is_good_integer(const PlistValue *value)
{
    return value != NULL && value->type == PLIST_INTEGER && !value->number_is_bad;
}

/* The bits of an integer; a negative one as two's complement. */
static guint64 bits_of(const PlistValue *value)
{
    return value->negative ? 0 - value->number : value->number;
}

static void run_bits(Check *check, const Rule *rule, const Match *match)
{
    guint64 mask = g_ascii_strtoull(rule->words[0], NULL, 16);
    if (!is_good_integer(match->value))
        return;
    guint64 wrong = bits_of(match->value) & ~mask;
    if (wrong == 0)
        return;
    g_autofree char *right =
        g_strdup_printf("OpenCore knows %s: leave the others out.", rule->words[0]);
    finding_report_right(check, rule, match->path, match->value->place.line, right,
                         "is %s, in which the bits 0x%" G_GINT64_MODIFIER "x are not known",
                         match->value->text, wrong);
}

static void run_range(Check *check, const Rule *rule, const Match *match)
{
    gint64 least = g_ascii_strtoll(rule->words[0], NULL, 10);
    guint64 most = g_ascii_strtoull(rule->words[1], NULL, 10);
    if (!is_good_integer(match->value) || plist_in_range(match->value, least, most))
        return;
    g_autofree char *right =
        g_strdup_printf("Take a number from %s to %s.", rule->words[0], rule->words[1]);
    finding_report_right(check, rule, match->path, match->value->place.line, right, "is %s",
                         match->value->text);
}

static void run_not_zero(Check *check, const Rule *rule, const Match *match)
{
    if (is_good_integer(match->value) && match->value->number == 0)
        finding_report(check, rule, match, "is 0");
}

static void run_multiple(Check *check, const Rule *rule, const Match *match)
{
    if (!is_good_integer(match->value) ||
        bits_of(match->value) % g_ascii_strtoull(rule->words[0], NULL, 10) == 0)
        return;
    g_autofree char *right = g_strdup_printf("Take a multiple of %s.", rule->words[0]);
    finding_report_right(check, rule, match->path, match->value->place.line, right, "is %s",
                         match->value->text);
}

static void run_high_byte(Check *check, const Rule *rule, const Match *match)
{
    if (!is_good_integer(match->value))
        return;
    guint64 high = bits_of(match->value) >> 8 & 0xff;
    for (char **word = rule->words; *word != NULL; word++) {
        if (g_ascii_strtoull(*word, NULL, 16) == high)
            return;
    }
    finding_report(check, rule, match, "is %s, whose upper byte 0x%02x is no kind of processor",
                   match->value->text, (guint)high);
}

/* Both as signed numbers; those that are compared fit. */
static int compare(const PlistValue *a, const PlistValue *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int by_amount = a->number < b->number ? -1 : a->number > b->number ? 1 : 0;
    return a->negative ? -by_amount : by_amount;
}

/* SIGN: 1 where it must not be above the other number, -1 where it must not be below it. */
static void compare_with(Check *check, const Rule *rule, const Match *match, int sign)
{
    const PlistValue *other = scope_value(&check->scope, rule->words[0]);
    if (!is_good_integer(match->value) || !is_good_integer(other) ||
        compare(match->value, other) * sign <= 0)
        return;
    const char *side = sign > 0 ? "above" : "below";
    g_autofree char *right =
        *rule->right != '\0'
            ? g_strdup(rule->right)
            : g_strdup_printf("It must not be %s that: change one of the two.", side);
    finding_report_right(check, rule, match->path, match->value->place.line, right,
                         "is %s, %s %s, which is %s", match->value->text, side, rule->words[0],
                         other->text);
}

static void run_not_above(Check *check, const Rule *rule, const Match *match)
{
    compare_with(check, rule, match, 1);
}

static void run_not_below(Check *check, const Rule *rule, const Match *match)
{
    compare_with(check, rule, match, -1);
}

static void run_darwin(Check *check, const Rule *rule, const Match *match)
{
    const PlistValue *value = match->value;
    if (value->type == PLIST_STRING && value->text[0] != '\0' && darwin_parse(value->text) < 0)
        finding_report(check, rule, match, "is '%.40s', which is no version of Darwin",
                       value->text);
}

static void run_darwin_least(Check *check, const Rule *rule, const Match *match)
{
    int version = match->value->type == PLIST_STRING ? darwin_parse(match->value->text) : -1;
    if (version < 0 || version >= darwin_parse(rule->words[0]))
        return;
    g_autofree char *right = g_strdup_printf(
        "OpenCore starts with Darwin %s (Mac OS X 10.4): take that, or leave it empty.",
        rule->words[0]);
    finding_report_right(check, rule, match->path, match->value->place.line, right, "is '%.40s'",
                         match->value->text);
}

static void run_darwin_range(Check *check, const Rule *rule, const Match *match)
{
    const char *least = text_of(match->value, rule->words[0]);
    const char *most = text_of(match->value, rule->words[1]);
    if (darwin_parse(least) > 0 && darwin_parse(most) >= 0 &&
        darwin_parse(least) > darwin_parse(most))
        finding_report(check, rule, match, "has %s %s above %s %s", rule->words[0], least,
                       rule->words[1], most);
}

static void run_serial_devices(Check *check, const Rule *rule, const Match *match)
{
    const GByteArray *bytes = match->value->bytes;
    if (match->value->type != PLIST_DATA || bytes == NULL)
        return;
    if (bytes->len == 0)
        finding_report(check, rule, match, "is empty");
    else if (bytes->len > g_ascii_strtoull(rule->words[0], NULL, 10))
        finding_report(check, rule, match, "has %u bytes, and OpenCore takes %s", bytes->len,
                       rule->words[0]);
    else if (bytes->data[bytes->len - 1] != 0xff)
        finding_report(check, rule, match, "does not end with ff");
    else if ((bytes->len - 1) % 4 != 0)
        finding_report(check, rule, match, "has %u bytes before the ff at its end", bytes->len - 1);
}

/* The data of KEY; NULL where it is none. */
static const GByteArray *data_of(const PlistValue *dict, const char *key)
{
    const PlistValue *value = plist_get(dict, key);
    return value != NULL && value->type == PLIST_DATA ? value->bytes : NULL;
}

static const char *path_in(const Match *match, const char *key, GString *out)
{
    g_string_assign(out, match->path);
    key_path_add_key(out, key);
    return out->str;
}

static void run_same_size(Check *check, const Rule *rule, const Match *match)
{
    g_autoptr(GString) path = g_string_new(NULL);
    const GByteArray *a = data_of(match->value, rule->words[0]);
    const GByteArray *b = data_of(match->value, rule->words[1]);
    if (a == NULL || b == NULL || a->len == b->len)
        return;
    if (rule->words[2] != NULL && b->len == 0 && *text_of(match->value, rule->words[2]) != '\0')
        return;
    g_autofree char *right =
        *rule->right != '\0' ? g_strdup(rule->right) : g_strdup("Make both of the same size.");
    finding_report_right(check, rule, path_in(match, rule->words[0], path),
                         plist_get(match->value, rule->words[0])->place.line, right,
                         "has %u bytes, and %s has %u", a->len, rule->words[1], b->len);
}

static void run_mask_size(Check *check, const Rule *rule, const Match *match)
{
    g_autoptr(GString) path = g_string_new(NULL);
    const GByteArray *mask = data_of(match->value, rule->words[0]);
    const GByteArray *data = data_of(match->value, rule->words[1]);
    if (mask == NULL || data == NULL || mask->len == 0 || mask->len == data->len)
        return;
    g_autofree char *right = g_strdup_printf("Give it %u bytes, or leave it empty.", data->len);
    finding_report_right(check, rule, path_in(match, rule->words[0], path),
                         plist_get(match->value, rule->words[0])->place.line, right,
                         "has %u bytes, and %s has %u", mask->len, rule->words[1], data->len);
}

/* A mask that is shorter is filled up with 0 (Kernel.Emulate); where sizes differ in a patch, and
 * where a patch has no mask, there is nothing to ask. */
static void run_mask_bits(Check *check, const Rule *rule, const Match *match)
{
    g_autoptr(GString) path = g_string_new(NULL);
    const GByteArray *mask = data_of(match->value, rule->words[0]);
    const GByteArray *data = data_of(match->value, rule->words[1]);
    bool fixed = g_strcmp0(rule->words[0], "Cpuid1Mask") == 0;
    if (mask == NULL || data == NULL || (!fixed && mask->len != data->len))
        return;
    for (guint i = 0; i < data->len; i++) {
        guint8 active = i < mask->len ? mask->data[i] : 0;
        if ((data->data[i] & ~active) == 0)
            continue;
        finding_report_right(check, rule, path_in(match, rule->words[0], path),
                             plist_get(match->value, rule->words[0])->place.line, rule->right,
                             "leaves out bits that %s sets, in byte %u", rule->words[1], i);
        return;
    }
}

const NamedCheck CHECKS_OF_NUMBERS[] = {
    {"bits", run_bits},
    {"range", run_range},
    {"not-zero", run_not_zero},
    {"multiple", run_multiple},
    {"high-byte", run_high_byte},
    {"not-above", run_not_above},
    {"not-below", run_not_below},
    {"darwin", run_darwin},
    {"darwin-least", run_darwin_least},
    {"darwin-range", run_darwin_range},
    {"serial-devices", run_serial_devices},
    {"same-size", run_same_size},
    {"mask-size", run_mask_size},
    {"mask-bits", run_mask_bits},
    {NULL, NULL},
};
