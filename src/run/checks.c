/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/checks.h"

#include "run/checks-parts.h"

#include <string.h>

/*
 * Of the guest's memory, what need not be in the firmware's memory map: on q35 the firmware takes
 * up to 16 MiB for System Management Mode (QEMU, docs/specs and hw/pci-host/q35.c: extended TSEG),
 * and the display and ROM area below 1 MiB is no memory (384 KiB; PC memory map). Runtime and ACPI
 * memory is counted by the probe.
 */
#define MIB (1024 * 1024)
#define MEMORY_RESERVED_MAX (17 * MIB)

/* Slower and faster counters than any processor's that runs macOS. */
#define TSC_HZ_MIN G_GINT64_CONSTANT(100000000)
#define TSC_HZ_MAX G_GINT64_CONSTANT(10000000000)

/* A text that must be exactly EXPECTED. */
static void check_text(GPtrArray *list, const char *id, const char *expected, const char *found)
{
    check_add(list, id, expected != NULL && g_strcmp0(expected, found) == 0,
              g_strdup(expected != NULL ? expected : "a value (none is known)"), g_strdup(found));
}

static void check_firmware(GPtrArray *list, const GuestReport *guest)
{
    const char *vendor = guest->firmware_vendor;
    /* Debian, Ubuntu and others put their own name before it. */
    bool ok = vendor != NULL && strstr(vendor, "EDK II") != NULL;
    check_add(list, "firmware", ok, g_strdup("UEFI firmware made from EDK II"), g_strdup(vendor));
}

/*
 * libvirt's names of the features that differ from /proc/cpuinfo's (libvirt,
 * src/cpu_map/x86_features.xml; Linux, arch/x86/include/asm/cpufeatures.h).
 */
static const char *check_flag_name(const char *libvirt_name)
{
    static const char *const NAMES[][2] = {
        {"invtsc", "nonstop_tsc"}, {"spec-ctrl", "spec_ctrl"},
        {"sse4.1", "sse4_1"},      {"sse4.2", "sse4_2"},
        {"pclmuldq", "pclmulqdq"}, {"tsc-deadline", "tsc_deadline_timer"},
        {"sse3", "pni"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (g_str_equal(libvirt_name, NAMES[i][0]))
            return NAMES[i][1];
    }
    return libvirt_name;
}

/* Whether each of FLAGS is as WANTED in the guest. What cannot be told counts as wrong. */
static void check_flags(GPtrArray *list, const char *id, GStrv flags, Tri wanted,
                        const GuestReport *guest)
{
    if (flags == NULL || flags[0] == NULL)
        return;
    g_autoptr(GString) wrong = g_string_new(NULL);
    for (guint i = 0; flags[i] != NULL; i++) {
        Tri has = guest_cpu_has(guest, check_flag_name(flags[i]));
        if (has != wanted)
            g_string_append_printf(wrong, "%s%s %s", wrong->len > 0 ? ", " : "", flags[i],
                                   has == TRI_YES  ? "is there"
                                   : has == TRI_NO ? "is missing"
                                                   : "cannot be told");
    }
    g_autofree char *all = g_strjoinv(" ", flags);
    bool ok = wrong->len == 0;
    char *expected = g_strconcat(wanted == TRI_YES ? "" : "without ", all, NULL);
    check_add(list, id, ok, expected, ok ? g_strdup(expected) : g_strdup(wrong->str));
}

static void check_processor(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    check_text(list, "cpu-vendor", "GenuineIntel", guest->cpu_vendor);
    check_flags(list, "cpu-release", machine->release->cpu_required, TRI_YES, guest);
    check_flags(list, "cpu-features", machine->cpu_require, TRI_YES, guest);
    check_flags(list, "cpu-features-off", machine->cpu_disable, TRI_NO, guest);

    int cores = machine->sockets * machine->cores, threads = cores * machine->threads;
    bool same =
        guest->packages == machine->sockets && guest->cores == cores && guest->threads == threads;
    check_add(list, "cpu-topology", same,
              g_strdup_printf("sockets %d, cores %d, threads %d", machine->sockets, cores, threads),
              g_strdup_printf("sockets %d, cores %d, threads %d", guest->packages, guest->cores,
                              guest->threads));
    /* CPUID leaf 0x40000000: Linux, Documentation/virt/kvm/x86/cpuid.rst; QEMU, target/i386/cpu.c.
     */
    check_text(list, "hypervisor", machine->kvm ? "KVMKVMKVM" : "TCGTCGTCGTCG", guest->hypervisor);
    check_add(list, "tsc", guest->tsc_hz >= TSC_HZ_MIN && guest->tsc_hz <= TSC_HZ_MAX,
              g_strdup("a time stamp counter of 100 MHz to 10 GHz"),
              guest->tsc_hz < 0 ? NULL
                                : g_strdup_printf("%.0f MHz", (double)guest->tsc_hz / 1000000));
}

static char *check_mib(gint64 bytes)
{
    return bytes < 0 ? NULL : g_strdup_printf("%.1f MiB", (double)bytes / MIB);
}

static void check_memory(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    bool ok = guest->memory_total <= machine->memory &&
              guest->memory_total >= machine->memory - MEMORY_RESERVED_MAX;
    check_add(list, "memory", ok,
              g_strdup_printf("%.1f MiB, of which the firmware may keep %d MiB",
                              (double)machine->memory / MIB, MEMORY_RESERVED_MAX / MIB),
              check_mib(guest->memory_total));
    check_add(list, "smbios-memory", guest->smbios_memory == machine->memory,
              check_mib(machine->memory), check_mib(guest->smbios_memory));
}

static void check_acpi_table(GPtrArray *list, const char *id, const char *signature,
                             const GuestReport *guest)
{
    const GuestAcpiTable *found = NULL;
    for (guint i = 0; guest->acpi != NULL && i < guest->acpi->len; i++) {
        const GuestAcpiTable *table = g_ptr_array_index(guest->acpi, i);
        if (found == NULL && g_strcmp0(table->signature, signature) == 0)
            found = table;
    }
    bool ok = found != NULL && found->checksum_ok == TRI_YES;
    check_add(list, id, ok, g_strdup_printf("the ACPI table %s with a right checksum", signature),
              found == NULL ? g_strdup("no such table")
              : ok          ? g_strdup_printf("%s of %s", signature, found->oem ? found->oem : "?")
                            : g_strdup("a wrong checksum"));
}

static void check_tables(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    check_acpi_table(list, "acpi-facp", "FACP", guest);
    check_acpi_table(list, "acpi-dsdt", "DSDT", guest);
    check_acpi_table(list, "acpi-apic", "APIC", guest);
    check_acpi_table(list, "acpi-mcfg", "MCFG", guest);
    const char *uuid = machine->identity.uuid;
    bool ok = uuid != NULL && guest->smbios_uuid != NULL &&
              g_ascii_strcasecmp(uuid, guest->smbios_uuid) == 0;
    check_add(list, "smbios-uuid", ok, g_strdup(uuid != NULL ? uuid : "the domain's UUID"),
              g_strdup(guest->smbios_uuid));
}

GPtrArray *preflight_check(const Machine *machine, const GuestReport *guest)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)preflight_check_free);
    check_firmware(list, guest);
    check_processor(list, machine, guest);
    check_memory(list, machine, guest);
    check_emulated(list, machine, guest);
    check_passed(list, machine, guest);
    check_tables(list, machine, guest);
    return list;
}
