/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/collectors.h"
#include "tree.h"

/* What the tests of facts share. Each function ends the test when it fails. */

/* What COLLECTOR finds below the tree, without what is private. The caller owns it. */
Facts *facts_collected(const Tree *tree, FactsCollector *collector);

/* FACTS as `scan` writes them. The caller owns it. */
char *facts_written(const Facts *facts);

/* The words of EXPECTED are separated by spaces. */
void assert_strv(char *const *found, const char *expected);
