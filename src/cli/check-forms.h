/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/check.h"

/* The forms in which `check` prints its answers to standard output. */

/* As text: the host, its releases and its cards. */
void check_print_all(const Context *context, const CheckQuestion *question);

/* As text: the one release that is asked about, with all its reasons. */
void check_print_release(const Context *context, const CheckQuestion *question);

/* As one JSON object. False with an error where it cannot be written. */
bool check_print_json(const CheckQuestion *question, GError **error);
