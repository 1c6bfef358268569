/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clock.h"
#include "cpuid.h"
#include "probe.h"
#include "topology.h"

/* Leaves: Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E. */
enum {
    MAX_LEAVES = 64, /* of each range, should a hypervisor name a limit that is none */
    MAX_SUBLEAVES = 16,
    HYPERVISOR_BIT = 1u << 31, /* leaf 1, ECX */
};
static const UINT32 TIMING = 0x40000010; /* VMware's: EAX is the frequency of the TSC in kHz */

static void report_leaf(Text *json, UINT32 number, UINT32 subleaf)
{
    Leaf leaf = cpuid(number, subleaf);
    json_begin(json, NULL, '{');
    json_hex(json, "leaf", number, 8);
    json_hex(json, "subleaf", subleaf, 1);
    json_hex(json, "eax", leaf.eax, 8);
    json_hex(json, "ebx", leaf.ebx, 8);
    json_hex(json, "ecx", leaf.ecx, 8);
    json_hex(json, "edx", leaf.edx, 8);
    json_end(json, '}');
}

/* Whether there is more after SUBLEAF, by each leaf's own rule. */
static bool has_next_subleaf(UINT32 number, UINT32 subleaf)
{
    switch (number) {
    case 0x04: /* until a cache of type 0 */
    case 0x8000001d:
        return (cpuid(number, subleaf).eax & 31) != 0;
    case 0x07: /* EAX of subleaf 0 is the last one */
    case 0x14:
        return subleaf < cpuid(number, 0).eax;
    case 0x0b: /* until a level of type 0 */
    case 0x1f:
        return (cpuid(number, subleaf).ecx >> 8 & 255) != 0;
    case 0x0d: /* the size of the state and its compact form */
        return subleaf < 1;
    default:
        return false;
    }
}

static void report_range(Text *json, UINT32 first, UINT32 last)
{
    if (last < first)
        return;
    if (last - first >= MAX_LEAVES)
        last = first + MAX_LEAVES - 1;
    for (UINT32 number = first; number <= last; number++) {
        UINT32 subleaf = 0;
        report_leaf(json, number, subleaf);
        while (subleaf < MAX_SUBLEAVES && has_next_subleaf(number, subleaf))
            report_leaf(json, number, ++subleaf);
    }
}

static bool is_guest(void)
{
    return (cpuid(1, 0).ecx & HYPERVISOR_BIT) != 0;
}

static UINT32 last_hypervisor_leaf(void)
{
    return is_guest() ? cpuid(CPUID_HYPERVISOR, 0).eax : 0;
}

static void report_leaves(Text *json)
{
    json_begin(json, "leaves", '[');
    report_range(json, 0, cpuid(0, 0).eax);
    report_range(json, CPUID_HYPERVISOR, last_hypervisor_leaf());
    report_range(json, CPUID_EXTENDED, cpuid(CPUID_EXTENDED, 0).eax);
    json_end(json, ']');
}

static void report_hypervisor(Text *json)
{
    Leaf leaf = is_guest() ? cpuid(CPUID_HYPERVISOR, 0) : (Leaf){0};
    const UINT32 signature[] = {leaf.ebx, leaf.ecx, leaf.edx};

    json_begin(json, "hypervisor", '{');
    json_boolean(json, "present", is_guest());
    json_bytes(json, "signature", signature, sizeof(signature));
    json_hex(json, "max", leaf.eax, 8);
    json_end(json, '}');
}

/* Display family and model: Intel SDM volume 2A, CPUID, figure 3-6 and the text below it. */
static void report_signature(Text *json)
{
    UINT32 eax = cpuid(1, 0).eax;
    UINT32 family = eax >> 8 & 15, model = eax >> 4 & 15;

    if (family == 6 || family == 15)
        model |= (eax >> 16 & 15) << 4;
    if (family == 15)
        family += eax >> 20 & 255;
    json_number(json, "family", family);
    json_number(json, "model", model);
    json_number(json, "stepping", eax & 15);
}

static void report_names(Report *report)
{
    Leaf leaf = cpuid(0, 0);
    const UINT32 vendor[] = {leaf.ebx, leaf.edx, leaf.ecx};
    Leaf brand[3] = {{0}};

    for (UINT32 i = 0; i < 3 && cpuid(CPUID_EXTENDED, 0).eax >= CPUID_EXTENDED + 4; i++)
        brand[i] = cpuid(CPUID_EXTENDED + 2 + i, 0);
    json_bytes(&report->json, "vendor", vendor, sizeof(vendor));
    json_bytes(&report->json, "brand", brand, sizeof(brand));
    text_ascii(&report->processor, brand, sizeof(brand));
    text_byte(&report->processor, '\n');
}

static void report_topology(Report *report)
{
    Topology found;
    if (!topology_find(&found)) {
        json_null(&report->json, "topology");
        return;
    }
    json_begin(&report->json, "topology", '{');
    json_number(&report->json, "packages", found.packages);
    json_number(&report->json, "cores", found.cores);
    json_number(&report->json, "threads", found.threads);
    json_end(&report->json, '}');

    Text *line = &report->processor;
    text_decimal(line, found.packages);
    text_string(line, found.packages == 1 ? " package, " : " packages, ");
    text_decimal(line, found.cores);
    text_string(line, found.cores == 1 ? " core, " : " cores, ");
    text_decimal(line, found.threads);
    text_string(line, found.threads == 1 ? " thread, " : " threads, ");
}

static void report_clock(Report *report)
{
    const char *source;
    UINT64 hz = clock_hz(&source);
    Leaf crystal = cpuid(0, 0).eax >= 0x15 ? cpuid(0x15, 0) : (Leaf){0};

    json_number(&report->json, "tsc_hz", hz);
    json_string(&report->json, "tsc_source", source);
    if (crystal.eax != 0 && crystal.ebx != 0 && crystal.ecx != 0)
        json_number(&report->json, "tsc_leaf15_hz",
                    (UINT64)crystal.ecx * crystal.ebx / crystal.eax);
    if (last_hypervisor_leaf() >= TIMING)
        json_number(&report->json, "tsc_hypervisor_hz", (UINT64)cpuid(TIMING, 0).eax * 1000);
    text_decimal(&report->processor, (hz + 500000) / 1000000);
    text_string(&report->processor, " MHz\n");
}

void report_cpu(Report *report)
{
    Text *json = &report->json;

    json_begin(json, "cpu", '{');
    report_names(report);
    report_signature(json);
    report_leaves(json);
    report_hypervisor(json);
    report_topology(report);
    report_clock(report);
    json_end(json, '}');
}
