/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The text of the file NAME of data/, which is embedded in the program. Ended by NUL; lives as long
 * as the program. Fails (ERROR_FAILED) when there is no such file, which is a fault of the build.
 */
const char *data_text(const char *name, GError **error);

/* The same for a file that is no text. */
const void *data_bytes(const char *name, gsize *ret_length, GError **error);
