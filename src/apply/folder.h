/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether ARGV makes a folder (`install -d ... PATH`): KIND_FOLDER knows whether it is there, and
 * removes it again while nothing is in it. Its state is "there". */
bool folder_is(char *const *argv);
char *folder_after(char *const *argv);
