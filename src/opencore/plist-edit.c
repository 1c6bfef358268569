/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/plist-document.h"

#include "base/error.h"

#include <string.h>

/* Edits are made in the text, and the result is read again: whatever was not meant stays. */

/* How the file lays out its elements. */
typedef struct {
    char *indent; /* of the element that holds what is edited */
    char *step;   /* what one level adds */
    const char *eol;
} Layout;

static void layout_clear(Layout *layout)
{
    g_free(layout->indent);
    g_free(layout->step);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Layout, layout_clear)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The first byte of the line that POSITION is in. */
static gsize line_start(const PlistDocument *document, gsize position)
{
    while (position > 0 && document->text[position - 1] != '\n')
        position--;
    return position;
}

/* The blanks at the start of the line of POSITION. The caller owns it. */
static char *indent_at(const PlistDocument *document, gsize position)
{
    gsize start = line_start(document, position), end = start;
    while (is_blank(document->text[end]))
        end++;
    return g_strndup(document->text + start, end - start);
}

static const char *eol_of(const PlistDocument *document)
{
    const char *first = strchr(document->text, '\n');
    return first != NULL && first > document->text && first[-1] == '\r' ? "\r\n" : "\n";
}

/* CONTAINER is the dictionary or array that is edited. */
static void find_layout(const PlistDocument *document, const PlistValue *container, Layout *layout)
{
    const PlistValue *first = plist_element(container, 0);
    const PlistValue *sample = first != NULL ? first : plist_element(document->top, 0);
    const PlistValue *holder = first != NULL ? container : document->top;

    layout->eol = eol_of(document);
    layout->indent = indent_at(document, container->place.start);
    g_autofree char *outer = indent_at(document, holder->place.start);
    g_autofree char *inner =
        sample != NULL ? indent_at(document, sample->place.key_start) : g_strdup("");
    bool deeper = strlen(inner) > strlen(outer) && g_str_has_prefix(inner, outer);
    layout->step = g_strdup(deeper ? inner + strlen(outer) : "\t");
}

/* Replaces the bytes from START to END, and reads the whole again. */
static bool splice(PlistDocument *document, gsize start, gsize end, const char *replacement,
                   GError **error)
{
    g_autoptr(GString) text = g_string_new_len(document->text, (gssize)start);
    g_string_append(text, replacement);
    g_string_append_len(text, document->text + end, (gssize)(document->length - end));

    g_autoptr(PlistDocument) edited = plist_read(text->str, text->len, document->name, error);
    if (edited == NULL) {
        g_prefix_error(error, "The edit would have broken the file, and was not made. ");
        return false;
    }
    PlistDocument old = *document;
    *document = *edited;
    *edited = old;
    return true;
}

static bool replace_value(PlistDocument *document, const PlistValue *old, const PlistValue *value,
                          GError **error)
{
    g_auto(Layout) layout = {0};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *indent = indent_at(document, old->place.start);

    find_layout(document, old, &layout);
    plist_write_value(text, value, indent, layout.step, layout.eol);
    return splice(document, old->place.start, old->place.end, text->str, error);
}

/* Skips a comment at POSITION; false where there is none, or it goes on in the next line. */
static bool skip_comment(const char *text, gsize *position)
{
    if (strncmp(text + *position, "<!--", 4) != 0)
        return false;
    const char *end = strstr(text + *position, "-->");
    const char *newline = strchr(text + *position, '\n');
    if (end == NULL || (newline != NULL && newline < end))
        return false;
    *position = (gsize)(end + 3 - text);
    return true;
}

/* Behind what ends at POSITION and a comment beside it, where nothing else is on the line; else
 * POSITION. */
static gsize behind(const PlistDocument *document, gsize position)
{
    gsize end = position;
    do {
        while (is_blank(document->text[end]))
            end++;
    } while (skip_comment(document->text, &end));
    return document->text[end] == '\n' || document->text[end] == '\r' ? end : position;
}

/* What is between the tags of CONTAINER; false for <dict/>. */
static bool find_inside(const PlistDocument *document, const PlistValue *container,
                        gsize *ret_start, gsize *ret_end)
{
    const char *text = document->text;
    if (text[container->place.end - 2] == '/')
        return false;
    *ret_start = (gsize)(strchr(text + container->place.start, '>') + 1 - text);
    gsize end = container->place.end - 1;
    while (text[end] != '<' || text[end + 1] != '/')
        end--;
    *ret_end = end;
    return true;
}

static bool is_space_only(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (strchr(" \t\r\n", text[i]) == NULL)
            return false;
    }
    return true;
}

/* Where a new key goes among SORTED ones: its future index; the end where they are not sorted. */
static guint find_index(const PlistValue *container, const char *key)
{
    guint count = plist_count(container), index = count;
    for (guint i = 0; key != NULL && i < count; i++) {
        if (i > 0 && strcmp(plist_key(container, i - 1), plist_key(container, i)) > 0)
            return count;
        if (index == count && strcmp(plist_key(container, i), key) > 0)
            index = i;
    }
    return index;
}

/* The new entry and what stands before it: `EOL INDENT <key>..</key> EOL INDENT <value>`. */
static char *write_entry(const Layout *layout, const char *key, const PlistValue *value)
{
    GString *text = g_string_new(NULL);
    g_autofree char *indent = g_strconcat(layout->indent, layout->step, NULL);

    g_string_append_printf(text, "%s%s", layout->eol, indent);
    if (key != NULL) {
        plist_write_key(text, key);
        g_string_append_printf(text, "%s%s", layout->eol, indent);
    }
    plist_write_value(text, value, indent, layout->step, layout->eol);
    return g_string_free(text, FALSE);
}

static bool insert_first(PlistDocument *document, const PlistValue *container, const Layout *layout,
                         const char *entry, GError **error)
{
    const char *element = container->type == PLIST_DICT ? "dict" : "array";
    const PlistPlace *place = &container->place;
    gsize start, end;

    if (!find_inside(document, container, &start, &end) ||
        is_space_only(document->text + start, end - start)) {
        g_autofree char *whole = g_strdup_printf("<%s>%s%s%s</%s>", element, entry, layout->eol,
                                                 layout->indent, element);
        return splice(document, place->start, place->end, whole, error);
    }
    /* there are comments: behind them */
    while (strchr(" \t\r\n", document->text[end - 1]) != NULL)
        end--;
    bool open = strchr("\r\n", document->text[end]) == NULL;
    g_autofree char *text =
        g_strconcat(entry, open ? layout->eol : "", open ? layout->indent : "", NULL);
    return splice(document, end, end, text, error);
}

/* KEY is NULL for an array. */
static bool insert(PlistDocument *document, const PlistValue *container, const char *key,
                   const PlistValue *value, GError **error)
{
    g_auto(Layout) layout = {0};
    find_layout(document, container, &layout);
    g_autofree char *entry = write_entry(&layout, key, value);
    if (plist_count(container) == 0)
        return insert_first(document, container, &layout, entry, error);

    guint index = find_index(container, key);
    gsize position = 0, end;
    if (index == 0) /* what has entries has tags around them */
        find_inside(document, container, &position, &end);
    else
        position = behind(document, plist_element(container, index - 1)->place.end);
    return splice(document, position, position, entry, error);
}

static const KeyStep *last_step(const KeyPath *path)
{
    return g_ptr_array_index(path->steps, path->steps->len - 1);
}

bool plist_document_set(PlistDocument *document, const KeyPath *path, const PlistValue *value,
                        GError **error)
{
    const KeyStep *step = last_step(path);
    const PlistValue *container = key_path_find_parent(path, document->top, error);
    if (container == NULL)
        return false;
    if (step->kind == STEP_APPEND && container->type == PLIST_ARRAY)
        return insert(document, container, NULL, value, error);
    if (step->kind == STEP_KEY && container->type == PLIST_DICT &&
        plist_get(container, step->text) == NULL)
        return insert(document, container, step->text, value, error);

    const PlistValue *old = key_path_find(path, document->top, error);
    return old != NULL && replace_value(document, old, value, error);
}

bool plist_document_delete(PlistDocument *document, const KeyPath *path, GError **error)
{
    const PlistValue *container = key_path_find_parent(path, document->top, error);
    const PlistValue *value = container != NULL ? key_path_find(path, document->top, error) : NULL;
    if (value == NULL)
        return false;

    gsize start = value->place.key_start, end = value->place.end, inside, inside_end;
    if (plist_count(container) == 1 && find_inside(document, container, &inside, &inside_end) &&
        is_space_only(document->text + inside, start - inside) &&
        is_space_only(document->text + end, inside_end - end))
        return splice(document, container->place.start, container->place.end,
                      container->type == PLIST_DICT ? "<dict/>" : "<array/>", error);

    gsize line = line_start(document, start), rest = end;
    while (is_blank(document->text[rest]))
        rest++;
    if (document->text[rest] == '\r')
        rest++;
    if (document->text[rest] == '\n' && is_space_only(document->text + line, start - line))
        return splice(document, line, rest + 1, "", error);
    return splice(document, start, end, "", error);
}
