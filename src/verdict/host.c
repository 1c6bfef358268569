/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include "base/size.h"
#include "verdict/processor.h"

/* What the host itself keeps beside a guest. */
#define HOST_MEMORY (G_GINT64_CONSTANT(1) << 30)

/* What can be installed does not change the answer. */
static void note_software(Verdict *verdict, const SoftwareFacts *software)
{
    bool uefi = false;

    if (software->qemu_path != NULL && software->qemu_path[0] == '\0')
        judgement_add(&verdict->host, ANSWER_YES,
                      "To be installed: QEMU (qemu-system-x86_64 is not here).");
    if (software->libvirt_version != NULL && software->libvirt_version[0] == '\0')
        judgement_add(&verdict->host, ANSWER_YES, "To be installed: libvirt.");
    if (software->firmware == NULL)
        return;
    for (guint i = 0; i < software->firmware->len; i++) {
        const FirmwareImage *image = g_ptr_array_index(software->firmware, i);
        uefi |= image->interfaces != NULL && image->code_size != UNKNOWN &&
                g_strv_contains((const char *const *)image->interfaces, "uefi");
    }
    if (!uefi)
        judgement_add(&verdict->host, ANSWER_YES,
                      "To be installed: UEFI firmware for guests (OVMF).");
}

static void note_settings(Verdict *verdict, const Facts *facts)
{
    if (facts->kvm.usable == TRI_YES && facts->kvm.ignore_msrs == TRI_NO)
        judgement_add(&verdict->host, ANSWER_YES,
                      "To be set: KVM's ignore_msrs is off, with which macOS restarts early.");
    if (facts->iommu.groups == TRI_NO)
        judgement_add(&verdict->host, ANSWER_YES,
                      "There are no IOMMU groups, so no device can be passed to a guest.");
}

static void judge_memory(Verdict *verdict, const Facts *facts, gint64 least)
{
    gint64 total = facts->memory.total;

    if (total == UNKNOWN) {
        judgement_add(&verdict->host, ANSWER_YES, "The memory of this host is unknown.");
        return;
    }
    g_autofree char *has = size_human((guint64)total);
    if (total < least + HOST_MEMORY)
        judgement_add(
            &verdict->host, ANSWER_LIMITED,
            say(verdict, "The host has %s of memory, which leaves little for a guest.", has));
}

bool host_is_notebook(const FirmwareFacts *firmware)
{
    /* System Management BIOS 3.6, 7.4.1: portable, laptop, notebook, sub-notebook, tablet,
     * convertible, detachable */
    static const int CHASSIS[] = {8, 9, 10, 14, 30, 31, 32};

    for (guint i = 0; i < G_N_ELEMENTS(CHASSIS); i++) {
        if (firmware->chassis == CHASSIS[i])
            return true;
    }
    return false;
}

void host_judge(Verdict *verdict, const Facts *facts)
{
    judgement_init(&verdict->host);
    const char *foreign = architecture_fault(verdict, facts);
    if (foreign != NULL) {
        judgement_add(&verdict->host, ANSWER_NO, foreign);
        return;
    }
    kvm_judge(verdict, facts);
    judge_memory(verdict, facts, HOST_MEMORY);
    note_software(verdict, &facts->software);
    note_settings(verdict, facts);
}
