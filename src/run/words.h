/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Text with QEMU's messages in it, for a person: without QEMU's warnings (under TCG it has one for
 * each feature of a model that it lacks), times and empty lines. The caller owns it. */
char *words_tidy(const char *text);

/* The messages in the LOG that libvirt writes for a guest, which begins with the whole command
 * line. The last few, tidied; those that KNOWN has already are left out. "" when there is nothing.
 * The caller owns it. */
char *words_of_log(const char *log, const char *known);
