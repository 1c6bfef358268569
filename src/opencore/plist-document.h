/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/key-path.h"
#include "opencore/plist.h"

/*
 * A property list with the text that it was read from, so that an edit changes what it has to and
 * leaves every other byte: comments, order, indentation and line ends of a foreign file.
 *
 *     g_autoptr(PlistDocument) document = plist_read(text, length, "config.plist", &error);
 *     const PlistValue *value = key_path_find(path, document->top, NULL);
 *     if (!plist_document_set(document, path, new_value, &error)) ...
 *     ... write document->text ...
 */
typedef struct {
    char *name; /* for messages */
    char *text; /* ended by NUL */
    gsize length;
    PlistValue *top;
    /* What stops OpenCore's own reader (OcXmlLib): a byte order mark, and a tag with a / or > in an
     * attribute's value; the last such line, or 0. */
    bool has_mark;
    guint odd_tag_line;
} PlistDocument;

/* What is read at the most. OpenCore itself reads 32 MiB, 32 levels and 32768 nodes in one
 * dictionary or array (Docs/Configuration.tex, configuration-processing; a key is a node). */
enum {
    PLIST_LENGTH_MAX = 16 * 1024 * 1024,
    PLIST_DEPTH_MAX = 32,
    PLIST_NODES_MAX = 32766,
    PLIST_VALUES_MAX = 200000,
};

/* Reads LENGTH bytes that a person, a download or a guest may have written. No entity is expanded,
 * no DTD or other file is loaded. ERROR_INPUT with the line where it is no property list or has
 * more than the bounds. NAME is what messages call it. */
PlistDocument *plist_read(const char *text, gsize length, const char *name, GError **error);

/* Sets what PATH names to a copy of VALUE. What is there is replaced; a new key of a dictionary
 * takes its place in the order of its neighbours where they are sorted, else the last; `[+]` adds
 * to an array. The dictionary or array around it must be there (ERROR_REFUSED). */
bool plist_document_set(PlistDocument *document, const KeyPath *path, const PlistValue *value,
                        GError **error);

/* Removes what PATH names, with its key and its line. ERROR_REFUSED when it is not there. */
bool plist_document_delete(PlistDocument *document, const KeyPath *path, GError **error);

void plist_document_free(PlistDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlistDocument, plist_document_free)
