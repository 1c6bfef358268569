/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/plist.h"

/* Apple's DTD; it is named and never loaded. */
static const char HEAD[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                           "<plist version=\"1.0\">\n";

char *plist_escape(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text != '\0'; text++) {
        if (*text == '&')
            g_string_append(out, "&amp;");
        else if (*text == '<')
            g_string_append(out, "&lt;");
        else if (*text == '>')
            g_string_append(out, "&gt;");
        else if (*text == '\r')
            g_string_append(out, "&#13;"); /* a reader takes a plain one for the end of a line */
        else
            g_string_append_c(out, *text);
    }
    return g_string_free(out, FALSE);
}

static void write_text(GString *text, const char *element, const char *content)
{
    g_autofree char *escaped = plist_escape(content);
    g_string_append_printf(text, "<%s>%s</%s>", element, escaped, element);
}

static void write_data(GString *text, const GByteArray *bytes)
{
    g_autofree char *encoded =
        bytes != NULL && bytes->len > 0 ? g_base64_encode(bytes->data, bytes->len) : g_strdup("");
    g_string_append_printf(text, "<data>%s</data>", encoded);
}

static void write_entries(GString *text, const PlistValue *value, const char *indent,
                          const char *step, const char *eol)
{
    const char *element = value->type == PLIST_DICT ? "dict" : "array";
    g_autofree char *inner = g_strconcat(indent, step, NULL);

    if (plist_count(value) == 0) {
        g_string_append_printf(text, "<%s/>", element);
        return;
    }
    g_string_append_printf(text, "<%s>%s", element, eol);
    for (guint i = 0; i < plist_count(value); i++) {
        if (value->type == PLIST_DICT) {
            g_string_append(text, inner);
            plist_write_key(text, plist_key(value, i));
            g_string_append(text, eol);
        }
        g_string_append(text, inner);
        plist_write_value(text, plist_element(value, i), inner, step, eol);
        g_string_append(text, eol);
    }
    g_string_append_printf(text, "%s</%s>", indent, element);
}

void plist_write_key(GString *text, const char *key)
{
    write_text(text, "key", key);
}

void plist_write_value(GString *text, const PlistValue *value, const char *indent, const char *step,
                       const char *eol)
{
    switch (value->type) {
    case PLIST_DICT:
    case PLIST_ARRAY:
        write_entries(text, value, indent, step, eol);
        break;
    case PLIST_STRING:
        write_text(text, "string", value->text);
        break;
    case PLIST_DATA:
        write_data(text, value->bytes);
        break;
    case PLIST_INTEGER:
        write_text(text, "integer", value->text);
        break;
    case PLIST_BOOLEAN:
        g_string_append(text, value->yes ? "<true/>" : "<false/>");
        break;
    case PLIST_REAL:
        write_text(text, "real", value->text);
        break;
    case PLIST_DATE:
        write_text(text, "date", value->text);
        break;
    case PLIST_TYPES:
    default:
        g_assert_not_reached();
    }
}

char *plist_write(const PlistValue *top)
{
    GString *text = g_string_new(HEAD);
    plist_write_value(text, top, "", "\t", "\n");
    g_string_append(text, "\n</plist>\n");
    return g_string_free(text, FALSE);
}
