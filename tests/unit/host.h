/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/*
 * Hosts for tests, built in code. A host starts with everything known and nothing there: an Intel
 * processor of 2015 with KVM, 32 GiB, an IOMMU, no PCI function, no disk, no network card.
 */
Facts *host_new(void);

/* Those flags of its processor that matter. */
#define HOST_FLAGS                                                                                 \
    "abm adx aes avx avx2 bmi1 bmi2 constant_tsc ept f16c fma lm movbe nonstop_tsc pni popcnt "    \
    "rdrand rdseed smap sse4_1 sse4_2 ssse3 vmx"

/* Replaces the processor's flags by those of WORDS, which are separated by spaces. */
void host_flags(Facts *facts, const char *words);

PciFunction *host_pci(Facts *facts, const char *address, int class, int vendor, int device,
                      int group);

/* Replaces the driver; NULL: unknown. */
void host_driver(PciFunction *function, const char *driver);

/* BELOW and PCI may be NULL: none. */
BlockDevice *host_block(Facts *facts, const char *name, BlockKind kind, const char *below,
                        const char *pci);
void host_mount(BlockDevice *device, const char *point);
void host_content(BlockDevice *device, const char *content);

NetInterface *host_net(Facts *facts, const char *name, const char *pci, Tri default_route);
DisplayFacts *host_display(Facts *facts, const char *pci, Tri console, Tri session);

/* A USB device on the controller PCI (NULL: unknown). */
UsbDevice *host_usb(Facts *facts, const char *pci, int vendor, int device);

/* A codec with the ids of the High Definition Audio specification: 0x10ec0892. 0: unknown. */
AudioCodec *host_codec(Facts *facts, const char *pci, const char *name, guint32 id);

/* A list of WORDS, which are separated by spaces. The caller owns it. */
GStrv host_words(const char *words);
