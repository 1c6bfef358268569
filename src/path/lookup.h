/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"
#include "verdict/questions.h"

/*
 * What the sections ask of facts and verdict, in one place: the card that the guest gets and what
 * stands against it, ranges of releases, words of the kernel's command line. What callers own is
 * not const.
 */

/* Fills PATH->target from the machine, or from what the verdict sees. */
void path_find_target(Path *path);

/* Whether a graphics card, or any device, of the host goes to the guest. */
bool path_passes_card(const Path *path);
bool path_passes_device(const Path *path);

/* The verdict on the release that the path aims at; NULL for none. */
const ReleaseVerdict *lookup_release(const Path *path);

/* "AMD Navi 23", the name in pci.ids, or the id; never NULL. */
char *lookup_card_name(const DeviceVerdict *device);

/* "0000:0b:00.0 (AMD Navi 23)" */
char *lookup_card(const DeviceVerdict *device);

/* Addresses of FUNCTIONS (of const DeviceVerdict *) with "and" before the last. */
char *lookup_addresses(const GPtrArray *functions);

/* The drivers of FUNCTIONS that are not vfio-pci, each once, with commas; "" none. */
char *lookup_drivers(const GPtrArray *functions);

/* Another function of the host with the same id as one of FUNCTIONS, and not among them; or NULL.
 */
const DeviceVerdict *lookup_twin(const Path *path, const GPtrArray *functions);

/* What stands against passing the target's card, as one text with "; "; "" nothing. In single mode
 * without that it is the host's display, which is given away on purpose. */
char *lookup_against(const Path *path);

/* Adds REASON to TEXT, as one text with "; ". */
void lookup_append_reason(GString *text, const char *reason);

/* What the verdict advises about the host's graphics, in sentences; OTHERWISE where it says
 * nothing, or where a machine has made its own choice. */
char *lookup_advice(const Path *path, const char *otherwise);

/* Whether the target's card may leave: as the verdict has it, but for that display. */
Answer lookup_passable(const Path *path);

/* The versions of the releases for which WANTED says yes: "10.4 to 26", "10.13, 12 to 14"; "none".
 */
char *lookup_releases(const Path *path, bool (*wanted)(const Path *path, const ReleaseVerdict *));

/* Whether the processor runs the release, well or with a limit. */
bool lookup_processor_runs(const Path *path, const ReleaseVerdict *release);

/* The line of modprobe.d that has both texts; NULL for none. Owned by the facts. */
const char *lookup_module_option(const Facts *facts, const char *module, const char *option);

/* Whether the host is a notebook or its kind. */
Tri lookup_is_notebook(const Path *path);

/* Whether the processor is Intel's or AMD's. */
bool lookup_is_intel(const Facts *facts);
bool lookup_is_amd(const Facts *facts);

/* Whether UNITS are those of a libvirt with a daemon for each driver, and not those of the one
 * daemon (libvirt, docs/daemons.rst: since version 5.6). */
bool lookup_has_modular_libvirt(char *const *units);

/* The first of FUNCTIONS (of const DeviceVerdict *) with ROLE that is no part of a card, or with
 * CARDS also such a part; NULL for none. */
const DeviceVerdict *lookup_role(const GPtrArray *functions, Role role, bool cards);

/* Whether LIST is known to have WORD. */
bool lookup_has(char *const *list, const char *word);
