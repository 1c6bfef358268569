/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/*
 * How the time and memory of a verdict grow with the number of PCI functions. Every function is a
 * graphics card, which is judged for every release, each in a group of its own or all in groups of
 * sixteen, with a disk in use on each.
 *
 * Given a number of functions it judges one such host, and ends with status 1 where the peak memory
 * is above 64 MiB. Without one it compares 1,024 with 4,096.
 */
#define ROUNDS 5
#define MOST_MEMORY_KIB (64 * 1024)

static Facts *make_host(guint count, guint group_size)
{
    Facts *facts = host_new();
    for (guint i = 0; i < count; i++) {
        g_autofree char *address =
            g_strdup_printf("%04x:%02x:%02x.%u", i >> 13, i >> 5 & 255, i & 31, 0u);
        g_autofree char *disk = g_strdup_printf("sd%u", i);
        host_pci(facts, address, 0x0300, 0x1002, i % 2 == 0 ? 0x73ff : 0x67df,
                 (int)(i / group_size));
        if (group_size > 1)
            host_mount(host_block(facts, disk, BLOCK_DISK, NULL, address), "/srv");
    }
    return facts;
}

/* Seconds for one verdict, the best of some. */
static double measure(const Catalog *catalog, guint count, guint group_size)
{
    g_autoptr(Facts) facts = make_host(count, group_size);
    double best = 1e9;

    for (int round = 0; round < ROUNDS; round++) {
        gint64 begin = g_get_monotonic_time();
        Verdict *verdict = verdict_make(facts, catalog);
        double seconds = (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
        verdict_free(verdict);
        best = MIN(best, seconds);
    }
    return best;
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(int argc, char **argv)
{
    g_autoptr(Catalog) catalog = catalog_load(NULL);
    if (catalog == NULL)
        return 1;
    for (guint group = 1; group <= 16; group *= 16) {
        if (argc > 1) {
            guint count = (guint)strtoul(argv[1], NULL, 10);
            printf("%u functions, groups of %u: %.1f ms\n", count, group,
                   measure(catalog, count, group) * 1e3);
            continue;
        }
        double few = measure(catalog, 1024, group);
        double many = measure(catalog, 4096, group);
        printf("groups of %2u: 1024 functions %.1f ms, 4096 functions %.1f ms, ratio %.2f (linear: "
               "4)\n",
               group, few * 1e3, many * 1e3, many / few);
    }
    printf("peak memory: %.1f MiB (at most 64)\n", (double)peak_kib() / 1024);
    return peak_kib() > MOST_MEMORY_KIB;
}
