/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/setup.h"
#include "os/root.h"

/* The parts of facts_collect_setup(), one file a subject. */
void setup_read_person(const OsRoot *root, PersonFacts *person);
void setup_read_libvirt(const OsRoot *root, LibvirtSetup *libvirt);
void setup_read_modules(const OsRoot *root, ModuleSetup *modules);
GStrv setup_read_overrides(const OsRoot *root);
void setup_read_screen(const OsRoot *root, ScreenSetup *screen);
void setup_read_store(const OsRoot *root, StoreSetup *store);

/* Input devices, the names as they are below /dev/input/by-id. */
void setup_read_input(const OsRoot *root, SetupFacts *setup);

/* NAME of /dev/input/by-id without what looks like a serial number: a part of eight letters and
 * digits or more with a digit in it. The caller owns it. */
char *setup_input_without_serial(const char *name);
