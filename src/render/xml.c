/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/xml.h"

#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdbool.h>

struct Xml {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
    bool failed; /* libxml2 reports -1 when memory runs out, and nothing else goes wrong here */
};

static void check(Xml *xml, int result)
{
    xml->failed = xml->failed || result < 0;
}

Xml *xml_new(void)
{
    Xml *xml = g_new0(Xml, 1);
    xml->buffer = xmlBufferCreate();
    xml->writer = xml->buffer != NULL ? xmlNewTextWriterMemory(xml->buffer, 0) : NULL;
    if (xml->writer == NULL)
        g_error("There is no memory left to write XML.");
    check(xml, xmlTextWriterSetIndent(xml->writer, 1));
    check(xml, xmlTextWriterSetIndentString(xml->writer, BAD_CAST "  "));
    return xml;
}

static void begin(Xml *xml, const char *name, va_list attributes)
{
    check(xml, xmlTextWriterStartElement(xml->writer, BAD_CAST name));
    for (const char *key; (key = va_arg(attributes, const char *)) != NULL;) {
        const char *value = va_arg(attributes, const char *);
        check(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST key, BAD_CAST value));
    }
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
    check(xml, xmlTextWriterEndElement(xml->writer));
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
    check(xml, xmlTextWriterWriteString(xml->writer, BAD_CAST text));
    xml_end(xml);
}

void xml_attribute(Xml *xml, const char *name, const char *value)
{
    check(xml, xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST value));
}

void xml_attribute_number(Xml *xml, const char *name, guint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    xml_attribute(xml, name, text);
}

char *xml_finish(Xml *xml)
{
    check(xml, xmlTextWriterEndDocument(xml->writer));
    xmlFreeTextWriter(xml->writer);
    char *text = xml->failed ? NULL : g_strdup((const char *)xmlBufferContent(xml->buffer));
    xmlBufferFree(xml->buffer);
    g_free(xml);
    return text;
}
