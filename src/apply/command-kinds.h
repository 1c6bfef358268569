/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/kind.h"

#include <glib.h>

/*
 * Commands of a goal (GOAL_COMMAND) of which is known what they change, so that one that is so
 * already is not run, and an undo takes it back: libvirt's networks, the profile of TuneD, a
 * folder.
 */

/* The kind of what ARGV changes; NULL: it is not known. */
const Kind *command_kind(char *const *argv);

/* The state, in the words of that kind, that ARGV makes. The caller owns it. */
char *command_kind_after(char *const *argv);
