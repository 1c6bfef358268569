/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/table.h"

/*
 * Cells of a table as values. Each fails with ERROR_INPUT that names the table, the line, the
 * column and what the cell says. COLUMN counts from 0.
 */
typedef struct {
    const Table *table;
    guint row;
    const char *const *columns; /* their names, for messages */
} Row;

/* An error about the row as a whole. */
bool row_fail(const Row *row, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Text that must not be empty. Owned by the table. */
bool row_text(const Row *row, guint column, const char **ret_text, GError **error);

/* An id: lower-case letters, digits and single hyphens, a letter first. Owned by the table. */
bool row_id(const Row *row, guint column, const char **ret_id, GError **error);

/* A PCI id: four hexadecimal digits in lower case. */
bool row_pci_id(const Row *row, guint column, int *ret_id, GError **error);

bool row_integer(const Row *row, guint column, int min, int max, int *ret_number, GError **error);
bool row_size(const Row *row, guint column, gint64 *ret_bytes, GError **error);
bool row_yes_no(const Row *row, guint column, bool *ret_yes, GError **error);

/* Words that are separated by spaces, each once. The caller owns the list. */
bool row_words(const Row *row, guint column, GStrv *ret_words, GError **error);

/* Texts that SEPARATOR separates, stripped of white space, at least one and none of them empty. The
 * caller owns the list. */
bool row_list(const Row *row, guint column, const char *separator, GStrv *ret_texts,
              GError **error);

/* One of WORDS (ended by NULL). Owned by the table. */
bool row_one_of(const Row *row, guint column, const char *const *words, const char **ret_word,
                GError **error);
