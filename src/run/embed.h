/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The folder that libvirt's embedded driver works in (qemu:///embed?root=FOLDER): its
 * configuration, and its cache of what this QEMU can do, which takes seconds to make and is kept
 * between runs.
 */

/* Makes FOLDER and fills it. QEMU_USER is the account for QEMU, NULL: libvirt's default. */
bool embed_make(const char *folder, const char *cache, const char *qemu_user, GError **error);

/* Keeps what libvirt found out for the next run. It is no error when that cannot be. */
void embed_keep_cache(const char *folder, const char *cache);

/* The URI. The caller owns it. */
char *embed_uri(const char *folder);

/*
 * Lets this process and its children find no usable /dev/kvm, where QEMU's account may not open it
 * and the guest is not to use it. libvirt probes QEMU with root's rights over files, but asks
 * whether the account may open the node; where the answers differ it takes its cache for outdated
 * at every look (some 17 times, each a QEMU of its own). Needs root and no other threads; where it
 * does not work, starting just takes longer.
 */
void embed_hide_kvm(void);

/* What QEMU itself had to say in the log of the guest NAME, beyond KNOWN (run/words.h). "" when
 * there is nothing. The caller owns it. */
char *embed_qemu_messages(const char *folder, const char *name, const char *known);
