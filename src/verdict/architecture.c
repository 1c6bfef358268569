/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/processor.h"

#include <string.h>

/*
 * Bridges that are a part of an ARM processor, by their ids and by the names that lspci prints
 * (pci.ids): where one is told, the processor is.
 */
static const struct {
    int vendor, device;
    const char *name, *processor;
} ARM_BRIDGES[] = {
    {0x14e4, 0x2711, "BCM2711 PCIe Bridge", "a BCM2711 (Raspberry Pi 4)"},
    {0x14e4, 0x2712, "BCM2712 PCIe Bridge", "a BCM2712 (Raspberry Pi 5)"},
};

static const char *arm_processor(const Facts *facts)
{
    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        for (guint j = 0; j < G_N_ELEMENTS(ARM_BRIDGES); j++) {
            if ((function->vendor == ARM_BRIDGES[j].vendor &&
                 function->device == ARM_BRIDGES[j].device) ||
                (function->device_name != NULL &&
                 g_str_has_suffix(function->device_name, ARM_BRIDGES[j].name)))
                return ARM_BRIDGES[j].processor;
        }
    }
    return NULL;
}

#define NO_PC                                                                                      \
    "KVM runs no guest for PCs on it, and QEMU's translator (TCG) is far too slow for macOS. It "  \
    "takes a PC with a 64-bit processor of Intel or AMD."

/* i386 to i686: the kernel is 32-bit, whatever the processor is. */
static const char *fault_of_32_bits(Verdict *verdict, const CpuFacts *cpu)
{
    Tri is_64_bit = cpu_has_flag(cpu, "lm");

    if (is_64_bit == TRI_NO)
        return say(verdict,
                   "%s is 32-bit (it lacks lm): it runs no 64-bit guest. It takes a PC with a "
                   "64-bit processor of Intel or AMD.",
                   processor_name(cpu));
    return say(verdict,
               "The host's kernel is 32-bit (%s), and KVM in it runs no 64-bit guest. Install a "
               "64-bit system (amd64)%s",
               cpu->architecture,
               is_64_bit == TRI_YES
                   ? ": the processor is 64-bit."
                   : ", where the processor is 64-bit (flag lm of /proc/cpuinfo).");
}

const char *architecture_fault(Verdict *verdict, const Facts *facts)
{
    const CpuFacts *cpu = &facts->cpu;
    const char *name = cpu->architecture;

    if (name == NULL) {
        const char *processor = arm_processor(facts);
        return processor == NULL
                   ? NULL
                   : say(verdict, "The host's processor is %s, of ARM's kind: " NO_PC, processor);
    }
    if (strcmp(name, "x86_64") == 0)
        return NULL;
    if (strlen(name) == 4 && name[0] == 'i' && g_str_has_suffix(name, "86"))
        return fault_of_32_bits(verdict, cpu);
    return say(verdict, "The host's processor is none of a PC (its architecture is %s): " NO_PC,
               name);
}
