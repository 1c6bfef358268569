/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"

/*
 * The machine that `new` would make for RELEASE with the card at GPU (full address, or NULL: none)
 * when the host is ready for it. What a host still lacks and can get (QEMU, firmware for guests,
 * KVM where its processor has the extensions, leave for the card to go) is taken to be there, and
 * *RET_NOTE says so; a card that the host cannot do without is left out, with the reason. Nothing
 * of it is written anywhere: it has no identity, and is for showing only.
 *
 * NULL where no machine could be made however ready the host; *RET_NOTE then says why. The caller
 * owns both; *RET_NOTE is NULL where there is nothing to say.
 */
Machine *machine_propose(const Release *release, const char *gpu, const Facts *facts,
                         const Catalog *catalog, const Verdict *verdict, char **ret_note);
