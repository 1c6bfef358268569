/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/plist-document.h"

/*
 * Changes a configuration, in a copy that is thrown away, so that a start of it can be watched: it
 * logs to the serial port and to a file, and stays in its picker. What else it does is the same.
 * CHANGES (of char *) gets a sentence about each change. A configuration that lacks the
 * dictionaries that this is about stays as it is. Fails where a change cannot be made.
 */
bool config_observe(PlistDocument *document, GPtrArray *changes, GError **error);
