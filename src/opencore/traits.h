/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalog/catalog.h"
#include "machine/machine.h"

/*
 * What the rules of the boot loader's tables ask of a machine: conditions of words.
 *
 *     always              any machine
 *     gpu, gpu:amd        a graphics card is passed through (of that vendor: amd, nvidia, intel)
 *     family:navi-1*      one of that family (graphics-families.table); `*` stands for any ending
 *     device:10ec:8125    a function with that PCI id is passed through
 *     role:nvme           a function with that role
 *     model:MacPro7,1     the Mac that the guest is told to be
 *     option:NAME         log, verbose, graphical, memory-map, unprotected, layout: what was chosen
 *     add:NAME            the person asks for that file
 *
 * `!` before a word turns it around, `+` binds words that must hold together, and a list of such
 * conditions holds when one of them does.
 */
typedef struct Traits Traits;

/* MACHINE and CATALOG must outlive it. */
Traits *traits_new(const Machine *machine, const Catalog *catalog);
void traits_free(Traits *traits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Traits, traits_free)

/* Whether one of CONDITIONS holds. */
bool traits_hold(const Traits *traits, char *const *conditions);

/* Whether FIRST..LAST, each "" or a kernel's version such as "22.4.0", has any of the versions of
 * RELEASE. */
bool kernel_range_has(const Release *release, const char *first, const char *last);

/* Whether all words of the list are of the form above: ERROR_INPUT names the one that is not. */
bool traits_check(char *const *conditions, GError **error);
