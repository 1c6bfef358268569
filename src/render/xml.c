/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/xml.h"

#include <stdarg.h>
#include <stdbool.h>

#define STEP "  "

struct Xml {
    GString *text;
    GPtrArray *open; /* of char *, the innermost last */
    bool in_tag;     /* the innermost one's start tag may still get attributes */
    bool has_text;   /* what was written last is text, and its end tag follows on the line */
};

/* As libxml2 writes it: in an attribute, what a reader would change is written as a reference. */
static void add_escaped(Xml *xml, const char *value, bool attribute)
{
    for (; *value != '\0'; value++) {
        if (*value == '&')
            g_string_append(xml->text, "&amp;");
        else if (*value == '<')
            g_string_append(xml->text, "&lt;");
        else if (*value == '>')
            g_string_append(xml->text, "&gt;");
        else if (*value == '"' && attribute)
            g_string_append(xml->text, "&quot;");
        else if (*value == '\r' || (attribute && (*value == '\n' || *value == '\t')))
            g_string_append_printf(xml->text, "&#%d;", *value);
        else
            g_string_append_c(xml->text, *value);
    }
}

static void end_tag(Xml *xml)
{
    if (xml->in_tag)
        g_string_append_c(xml->text, '>');
    xml->in_tag = false;
}

/* Begins a line for what is inside DEPTH elements. */
static void indent(Xml *xml, guint depth)
{
    if (xml->text->len > 0)
        g_string_append_c(xml->text, '\n');
    for (guint i = 0; i < depth; i++)
        g_string_append(xml->text, STEP);
}

Xml *xml_new(void)
{
    Xml *xml = g_new0(Xml, 1);
    xml->text = g_string_new(NULL);
    xml->open = g_ptr_array_new_with_free_func(g_free);
    return xml;
}

static void begin(Xml *xml, const char *name, va_list attributes)
{
    end_tag(xml);
    indent(xml, xml->open->len);
    g_string_append_printf(xml->text, "<%s", name);
    g_ptr_array_add(xml->open, g_strdup(name));
    xml->in_tag = true;
    for (const char *key; (key = va_arg(attributes, const char *)) != NULL;)
        xml_attribute(xml, key, va_arg(attributes, const char *));
}

void xml_begin(Xml *xml, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    begin(xml, name, attributes);
    va_end(attributes);
}

void xml_end(Xml *xml)
{
    g_autofree char *name = g_ptr_array_steal_index(xml->open, xml->open->len - 1);
    if (xml->in_tag) {
        g_string_append(xml->text, "/>");
    } else {
        if (!xml->has_text)
            indent(xml, xml->open->len);
        g_string_append_printf(xml->text, "</%s>", name);
    }
    xml->in_tag = xml->has_text = false;
}

void xml_empty(Xml *xml, const char *name, ...)
{
    va_list attributes;
    va_start(attributes, name);
    begin(xml, name, attributes);
    va_end(attributes);
    xml_end(xml);
}

void xml_text(Xml *xml, const char *name, const char *text, ...)
{
    va_list attributes;
    va_start(attributes, text);
    begin(xml, name, attributes);
    va_end(attributes);
    end_tag(xml);
    add_escaped(xml, text, false);
    xml->has_text = true;
    xml_end(xml);
}

void xml_attribute(Xml *xml, const char *name, const char *value)
{
    g_string_append_printf(xml->text, " %s=\"", name);
    add_escaped(xml, value, true);
    g_string_append_c(xml->text, '"');
}

void xml_attribute_number(Xml *xml, const char *name, guint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    xml_attribute(xml, name, text);
}

char *xml_finish(Xml *xml)
{
    while (xml->open->len > 0)
        xml_end(xml);
    g_string_append_c(xml->text, '\n');
    g_ptr_array_unref(xml->open);
    char *text = g_string_free(xml->text, FALSE);
    g_free(xml);
    return text;
}
