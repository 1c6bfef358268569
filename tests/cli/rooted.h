/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "program.h"

#include "../unit/fixture.h"

/* Runs the program on a copy of one of tests/roots, with tests/fakes for the host's programs, on a
 * wide terminal. FIRST and SECOND may be NULL. */
Result *rooted_run(const Fixture *fixture, const char *command, const char *first,
                   const char *second);

/* `apply --yes` of the steps FIRST and SECOND. */
Result *rooted_apply(const Fixture *fixture, const char *first, const char *second);
