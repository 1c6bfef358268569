/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check.h"

#include "base/error.h"
#include "fuzz.h"
#include "opencore/diff.h"

#include <string.h>

static const Checker *checker(void)
{
    static Checker *loaded;
    if (loaded == NULL)
        loaded = checker_new(NULL);
    g_assert_nonnull(loaded);
    return loaded;
}

/* Every element is where its place says. */
static void assert_places(const PlistDocument *document, const PlistValue *value)
{
    const PlistPlace *place = &value->place;
    g_assert_cmpuint(place->key_start, <=, place->start);
    g_assert_cmpuint(place->start, <, place->end);
    g_assert_cmpuint(place->end, <=, document->length);
    g_assert_true(document->text[place->start] == '<' && document->text[place->end - 1] == '>');
    for (guint i = 0; i < plist_count(value); i++)
        assert_places(document, plist_element(value, i));
}

/* Whether every data value is one: one that is no base64 has nothing that could be written. */
static bool has_all_bytes(const PlistValue *value)
{
    if (value->type == PLIST_DATA)
        return value->bytes != NULL;
    for (guint i = 0; i < plist_count(value); i++) {
        if (!has_all_bytes(plist_element(value, i)))
            return false;
    }
    return true;
}

/* What is written from the values alone means the same when it is read. */
static void write_and_read(const PlistValue *top)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = plist_write(top);
    g_autoptr(PlistDocument) again = plist_read(text, strlen(text), "written", &error);

    g_assert_no_error(error);
    if (has_all_bytes(top))
        g_assert_true(plist_equal(top, again->top));
    g_autofree char *text_again = plist_write(again->top);
    g_assert_cmpstr(text_again, ==, text);
}

/* Sets and deletes the first entry. Both leave a document that can be read, or refuse. */
static void edit(PlistDocument *document)
{
    g_autoptr(KeyPath) path = NULL;
    g_autoptr(PlistValue) value = plist_new_string("<&>");
    g_autoptr(GString) text = g_string_new(NULL);

    if (plist_count(document->top) == 0)
        return;
    if (document->top->type == PLIST_DICT)
        key_path_add_key(text, plist_key(document->top, 0));
    else
        key_path_add_index(text, 0);
    path = key_path_parse(text->str, NULL);
    g_assert_nonnull(path);
    g_autofree char *again = key_path_format(path);
    g_assert_cmpstr(again, ==, text->str);
    if (plist_document_set(document, path, value, NULL))
        g_assert_true(plist_equal(key_path_find(path, document->top, NULL), value));
    guint before = plist_count(document->top);
    if (plist_document_delete(document, path, NULL))
        g_assert_cmpuint(plist_count(document->top), ==, before - 1);
    write_and_read(document->top);
}

/* Any bytes are either refused as wrong input, or values that keep their meaning when they are
 * written and read again, and that can be checked. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    /* a copy with no NUL after it, so that reading past the end shows */
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(PlistDocument) document = plist_read(text != NULL ? text : "", size, "input", &error);

    if (document == NULL) {
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        return 0;
    }
    g_assert_no_error(error);
    assert_places(document, document->top);
    g_autoptr(CheckResult) result = checker_run(checker(), document, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(result);
    g_autoptr(GPtrArray) differences = config_diff(checker()->schema, document->top, document->top);
    g_assert_cmpuint(differences->len, ==, 0);
    write_and_read(document->top);
    edit(document);
    return 0;
}
