/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include "base/size.h"

/* What the host itself keeps beside a guest. */
#define HOST_MEMORY (G_GINT64_CONSTANT(1) << 30)

static const char *evidence(const KvmFacts *kvm, const char *otherwise)
{
    return kvm->evidence != NULL && kvm->evidence[0] != '\0' ? kvm->evidence : otherwise;
}

static void judge_kvm(Verdict *verdict, const Facts *facts)
{
    const KvmFacts *kvm = &facts->kvm;
    const char *slow = "guests run only under QEMU's translator (TCG), which is far too slow for "
                       "daily work.";

    if (kvm->usable == TRI_YES)
        judgement_add(&verdict->host, ANSWER_YES,
                      say(verdict, "KVM works. %s", evidence(kvm, "A test guest ran in it.")));
    else if (kvm->usable == TRI_NO || kvm->present == TRI_NO)
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      say(verdict, "KVM does not work here, so %s %s", slow,
                          evidence(kvm, "There is no /dev/kvm.")));
    else if (facts->cpu.virtualization == TRI_NO)
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      say(verdict,
                          "The processor shows neither vmx nor svm (it lacks them, or the "
                          "firmware has them off), so %s",
                          slow));
    else if (kvm->evidence != NULL)
        judgement_add(
            &verdict->host, ANSWER_LIMITED,
            say(verdict, "It is not known that KVM works; without it %s %s", slow, kvm->evidence));
    else
        judgement_add(&verdict->host, ANSWER_UNKNOWN,
                      "It is unknown whether KVM works on this host.");
}

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

void host_judge(Verdict *verdict, const Facts *facts)
{
    judgement_init(&verdict->host);
    judge_kvm(verdict, facts);
    judge_memory(verdict, facts, HOST_MEMORY);
    note_software(verdict, &facts->software);
    note_settings(verdict, facts);
}
