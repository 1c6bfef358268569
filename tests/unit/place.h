/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What tests of files share: a folder of the test's own, which is removed after it.
 *
 *     PLACE_TEST("/os/replace/commit", replace_keeps_the_old_until_commit);
 */
typedef struct {
    char *path;
} Place;

void place_open(Place *place, gconstpointer data);
void place_close(Place *place, gconstpointer data);

#define PLACE_TEST(name, function) g_test_add(name, Place, NULL, place_open, function, place_close)

/* The path of NAME in the place. The caller owns it. */
char *in(const Place *place, const char *name);

/* Makes a file or a link, and the folders above it. */
void put(const Place *place, const char *name, const char *text);
void put_link(const Place *place, const char *name, const char *target);

void assert_file(const Place *place, const char *name, const char *expected);

/* The names in the place, to see what is left behind, sorted, with a space between. */
void assert_names(const Place *place, const char *expected);

/* Whether all of the programs NAMES, which NULL ends, are installed. If not, the test is skipped.
 */
bool has_programs(const char *const *names);

void assert_message(const GError *error, ErrorCode code, const char *part);

/* Runs FUNCTION in a child that may mount what nobody else sees (as root or without), so that a
 * test can have a small or a foreign file system. It returns 0 when all was as promised, and 77
 * when its mount is refused: the test is then skipped. */
void in_own_mounts(const Place *place, int (*function)(const Place *place));
