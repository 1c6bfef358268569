/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"

/*
 * What the files of this folder share while a Machine is filled in. Each fill_ function sets its
 * part of the machine from the choices or a default, and adds the reasons.
 */
typedef struct {
    const MachineChoices *choices;
    const Facts *facts;
    const Catalog *catalog;
    const Verdict *verdict;
    Machine *machine;
} Fill;

/* validate.c: what can be said before anything is filled in, and of the sizes. */
const Release *validate_release(const Fill *fill, GError **error);
bool validate_verdict(const Fill *fill, GError **error);
bool validate_memory(const Fill *fill, gint64 memory, GError **error);
bool validate_cores(const Fill *fill, int cores, const ProcessorChoice *choice, GError **error);
bool validate_disk(const Fill *fill, gint64 disk, GError **error);

/* defaults.c */
bool fill_memory(Fill *fill, GError **error);
bool fill_cores(Fill *fill, GError **error);
bool fill_disk(Fill *fill, GError **error);
bool fill_firmware(Fill *fill, GError **error);
void fill_emulated(Fill *fill);

/* pages.c: huge pages, when the memory's size is known. */
bool fill_huge_pages(Fill *fill, GError **error);

/* processor.c: accelerator and processor model. */
void fill_processor(Fill *fill);

/* network.c: what the emulated card is connected to. After fill_devices(): a card of the host that
 * goes to the guest is no port of a bridge. */
bool fill_network(Fill *fill, GError **error);

/* devices.c: what is passed through, and the display. */
bool fill_devices(Fill *fill, GError **error);

/* sound.c: which layout of AppleALC the sound of DEVICE, which is VERDICT's, gets. */
void fill_layout(Fill *fill, const DeviceVerdict *verdict, MachineDevice *device);

/* reasons.c. Takes VALUE; the reason is one or more sentences. */
void add_reason(Fill *fill, const char *key, bool chosen, char *value, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
void machine_reason_free(MachineReason *reason);

/* The sentences of a list of const char *, with a space between. The caller owns it. */
char *join_sentences(const GPtrArray *sentences);
