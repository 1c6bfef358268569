/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "apply/resolve.h"

#include <glib.h>

/*
 * A copy of one of tests/roots, whose programs are those of tests/fakes.
 *
 *     g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
 *     g_autoptr(GHashTable) before = fixture_state(fixture);
 *     ... apply, undo ...
 *     fixture_assert_state(fixture, before);
 */
typedef struct {
    char *path;
    char *programs;
    OsRoot *root;
    ApplyHost host;
} Fixture;

Fixture *fixture_new(const char *name);
void fixture_free(Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

/* Every file, folder and link but the journal's: path -> what it is, with mode, owner, extended
 * attributes and the digest of its bytes. */
GHashTable *fixture_state(const Fixture *fixture);

/* "" when they are the same, else the paths that differ. */
char *fixture_difference(GHashTable *a, GHashTable *b);
void fixture_assert_state(const Fixture *fixture, GHashTable *expected);

/* The text of a file; "" when it is not there. The caller owns it. */
char *fixture_read(const Fixture *fixture, const char *path);
void fixture_write(const Fixture *fixture, const char *path, const char *text);
void fixture_assert_has(const Fixture *fixture, const char *path, const char *part);

/* The plan for GOALS, which must be had. */
Plan *fixture_plan(const Fixture *fixture, const HostTraits *traits, const GPtrArray *goals);

/* Makes it, and returns its id. */
guint fixture_apply(const Fixture *fixture, const Plan *plan);
void fixture_undo(const Fixture *fixture, guint id);
