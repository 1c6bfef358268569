/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/collectors.h"
#include "tree.h"

/* What the tests of facts share. Each function ends the test when it fails. */

/* What COLLECTOR finds below the tree, without what is private. The caller owns it. */
Facts *facts_collected(const Tree *tree, FactsCollector *collector);

/* FACTS as `scan` writes them. The caller owns it. */
char *facts_written(const Facts *facts);

/* The names of the posts in tests/hosts/pasted, without ".txt", sorted; the caller owns them. */
GPtrArray *post_names(void);

/* The text of one; the caller owns it. */
char *post_text(const char *name, gsize *ret_length);

/* What is read from pasted text. The caller owns it. */
Facts *facts_of_text(const char *text, gsize length);
Facts *facts_of_lines(const char *text);

/* The function at ADDRESS, which must be there. */
const PciFunction *function_at(const Facts *facts, const char *address);

/* The words of EXPECTED are separated by spaces. */
void assert_strv(char *const *found, const char *expected);
