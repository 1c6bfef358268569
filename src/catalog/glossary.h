/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The terms of the field, from data/glossary.md: what the texts link to and `explain` prints. Texts
 * are Markdown, with links as the steps' texts have them ([word](term:id), [word](step:id)).
 */
typedef struct {
    char *id;      /* "iommu-group" */
    char *name;    /* "IOMMU group" */
    GStrv others;  /* other names */
    char *summary; /* one sentence or two, in one line */
    char *text;    /* the rest; "" none */
} Term;

typedef struct {
    GPtrArray *terms; /* of Term *, by id */
} Glossary;

/* Reads the embedded glossary. */
Glossary *glossary_load(GError **error);

/* The same from TEXT; NAME is what errors call it. ERROR_INPUT names the line. */
Glossary *glossary_parse(const char *text, const char *name, GError **error);
void glossary_free(Glossary *glossary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Glossary, glossary_free)

/* The term of that id, name or other name, in any case; NULL when there is none. */
const Term *glossary_term(const Glossary *glossary, const char *word);
