/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Writes XML through libxml2, which escapes what must be. Elements are ended by xml_end(); names
 * and values of attributes come in pairs, ended by NULL.
 *
 *     xml_begin(xml, "disk", "type", "file", NULL);
 *     xml_empty(xml, "target", "dev", "sda", NULL);
 *     xml_end(xml);
 */
typedef struct Xml Xml;

Xml *xml_new(void);
void xml_begin(Xml *xml, const char *name, ...) G_GNUC_NULL_TERMINATED;
void xml_end(Xml *xml);
void xml_empty(Xml *xml, const char *name, ...) G_GNUC_NULL_TERMINATED;

/* An element that holds TEXT. */
void xml_text(Xml *xml, const char *name, const char *text, ...) G_GNUC_NULL_TERMINATED;

/* An attribute of the element that was begun last. */
void xml_attribute(Xml *xml, const char *name, const char *value);
void xml_attribute_number(Xml *xml, const char *name, guint64 number);

/* Ends the document and frees XML. The caller owns the text; NULL when there was no memory. */
char *xml_finish(Xml *xml);
