/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/interface.h"
#include "base/jsonread.h"
#include "base/jsonwrite.h"
#include "base/size.h"
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

static const char *const COLUMNS[] = {"id", "name", NULL};

static void table_reads_rows_and_strips(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Table) table =
        table_parse("# comment\n\nid | name\n a |  A b \nb|\n", "t", COLUMNS, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(table->rows->len, ==, 2);
    g_assert_cmpstr(table_cell(table, 0, 1), ==, "A b");
    g_assert_cmpstr(table_cell(table, 1, 1), ==, "");
    g_assert_cmpuint(g_array_index(table->lines, guint, 1), ==, 5);
}

static void assert_table_refused(const char *text, const char *message_part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Table) table = table_parse(text, "t", COLUMNS, &error);
    g_assert_null(table);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, message_part));
}

static void table_names_the_wrong_line(void)
{
    assert_table_refused("id | name\na | b\na | b | c\n", "Line 3");
    assert_table_refused("id | title\n", "'name'");
    assert_table_refused("id | name | more\n", "'more'");
    assert_table_refused("# nothing\n", "empty");
}

static void sizes_are_exact(void)
{
    static const struct {
        const char *text;
        guint64 bytes;
        const char *exact;
    } CASES[] = {{"16G", 16ull << 30, "16G"},
                 {"512MiB", 512ull << 20, "512M"},
                 {"1tb", 1ull << 40, "1T"},
                 {"1000", 1000, "1000"},
                 {"0", 0, "0"}};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        guint64 bytes = 1;
        g_autoptr(GError) error = NULL;
        g_assert_true(size_parse(CASES[i].text, &bytes, &error));
        g_assert_cmpuint(bytes, ==, CASES[i].bytes);
        g_autofree char *exact = size_exact(bytes);
        g_assert_cmpstr(exact, ==, CASES[i].exact);
    }
}

static void wrong_sizes_are_refused(void)
{
    static const char *const WRONG[] = {
        "", "G", "-1G", "1.5G", "16 G", "16Gx", "16X", "8388608T", "99999999999999999999"};
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        guint64 bytes = 7;
        g_autoptr(GError) error = NULL;
        g_assert_false(size_parse(WRONG[i], &bytes, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_cmpuint(bytes, ==, 7);
    }
}

static void json_survives_the_round_trip(void)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    JsonWrite *json = jw_new(stream);
    char *strings[] = {(char *)"a\"b\\c\n\x01", NULL};
    g_autoptr(GError) error = NULL;

    jw_begin_object(json, NULL);
    jw_strings_known(json, "list", strings);
    jw_string_known(json, "unknown", NULL);
    jw_integer_known(json, "number", 42);
    jw_tri_known(json, "yes", TRI_YES);
    jw_hex_known(json, "id", 0x10de, 4);
    jw_hex_known(json, "padded", 0x2, 4);
    jw_hex_known(json, "no-id", UNKNOWN, 4);
    jw_string(json, "broken", "x\xff");
    jw_begin_array(json, "empty");
    jw_end_array(json);
    jw_end_object(json);
    g_assert_true(jw_finish(json, &error));
    fclose(stream);

    g_autoptr(JsonDocument) document = jr_parse(text, length, "round", &error);
    g_assert_no_error(error);
    const JsonValue *top = jr_top(document);
    g_auto(GStrv) list = jr_strings(document, top, "list");
    g_autofree char *unknown = jr_string(document, top, "unknown");
    g_autofree char *broken = jr_string(document, top, "broken");
    g_assert_cmpstr(list[0], ==, "a\"b\\c\n\x01");
    g_assert_null(unknown);
    g_assert_cmpstr(broken, ==, "x\xef\xbf\xbd");
    g_assert_cmpint(jr_integer(document, top, "number", 0, 100), ==, 42);
    g_assert_cmpint(jr_tri(document, top, "yes"), ==, TRI_YES);
    g_assert_cmpint(jr_tri(document, top, "no"), ==, TRI_UNKNOWN);
    g_autofree char *padded = jr_string(document, top, "padded");
    g_assert_cmpstr(padded, ==, "0002");
    g_assert_cmpint(jr_hex(document, top, "id", 0xffff), ==, 0x10de);
    g_assert_cmpint(jr_hex(document, top, "no-id", 0xffff), ==, UNKNOWN);
    g_assert_true(jr_ok(document, &error));
    free(text);
}

static void json_that_is_wrong_is_refused(void)
{
    static const char *const WRONG[] = {"", "{", "{\"a\":1", "[1,2", "{\"a\":\"\xff\"}"};
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonDocument) document = jr_parse(WRONG[i], strlen(WRONG[i]), "w", &error);
        g_assert_null(document);
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
    g_autofree char *deep = g_strnfill(100000, '[');
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonDocument) document = jr_parse(deep, strlen(deep), "deep", &error);
    g_assert_null(document);
    g_assert_nonnull(strstr(error->message, "deeper"));
}

static void json_of_the_wrong_type_is_named(void)
{
    static const char TEXT[] = "{\"n\": \"x\", \"big\": 70000, \"hex\": \"12345\", \"l\": [1]}";
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonDocument) document = jr_parse(TEXT, strlen(TEXT), "doc", &error);
    g_assert_cmpint(jr_integer(document, jr_top(document), "big", 0, 65535), ==, UNKNOWN);
    g_assert_cmpint(jr_integer(document, jr_top(document), "n", 0, 1), ==, UNKNOWN);
    g_assert_cmpint(jr_hex(document, jr_top(document), "hex", 0xffff), ==, UNKNOWN);
    g_assert_null(jr_strings(document, jr_top(document), "l"));
    g_assert_false(jr_ok(document, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "'big'")); /* the first one is kept */
}

static void json_containers_are_checked(void)
{
    static const char TEXT[] = "{\"list\": [1], \"object\": {}, \"null\": null}";
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonDocument) document = jr_parse(TEXT, strlen(TEXT), "t", &error);
    g_assert_no_error(error);
    const JsonValue *top = jr_top(document);

    g_assert_cmpuint(jr_length(jr_array(document, top, "list")), ==, 1);
    g_assert_true(jr_is_object(jr_object(document, top, "object")));
    g_assert_null(jr_array(document, top, "null"));
    g_assert_null(jr_object(document, top, "missing"));
    g_assert_true(jr_ok(document, &error));
    g_assert_null(jr_object(document, top, "list"));
    g_assert_false(jr_ok(document, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "'list' should be an object"));
}

static void interface_names(void)
{
    static const char *const BAD[] = {"", "a b", "a/b", ".x", "-x", "sixteen-letters-", "a\x1b"};
    g_assert_true(interface_check_name("enp3s0", NULL));
    g_assert_true(interface_check_name("fifteen.letters", NULL));
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(interface_check_name(BAD[i], &error));
        for (const char *p = error->message; *p != '\0'; p++)
            g_assert_true(g_ascii_isprint(*p));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/table/reads-rows-and-strips", table_reads_rows_and_strips);
    g_test_add_func("/base/table/names-the-wrong-line", table_names_the_wrong_line);
    g_test_add_func("/base/size/exact", sizes_are_exact);
    g_test_add_func("/base/size/wrong-refused", wrong_sizes_are_refused);
    g_test_add_func("/base/json/round-trip", json_survives_the_round_trip);
    g_test_add_func("/base/json/wrong-refused", json_that_is_wrong_is_refused);
    g_test_add_func("/base/json/wrong-type-named", json_of_the_wrong_type_is_named);
    g_test_add_func("/base/json/containers", json_containers_are_checked);
    g_test_add_func("/base/interface", interface_names);
    return g_test_run();
}
