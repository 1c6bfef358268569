/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "base/error.h"
#include "base/size.h"

#include <string.h>

/*
 * Huge pages: x86-64 has pages of 2 MiB, and of 1 GiB where the processor has the flag pdpe1gb
 * (Linux Documentation/admin-guide/mm/hugetlbpage.rst). What is reserved in them is gone for the
 * host as long as it is reserved, so more has to be left to it than beside a guest in ordinary
 * memory.
 */
#define MIB (1024ll * 1024)
#define GIB (1024 * MIB)
#define HOST_NEEDS (2 * GIB)

static const struct {
    const char *text;
    gint64 bytes;
} SIZES[] = {{"no", 0}, {"2M", 2 * MIB}, {"1G", GIB}};

bool machine_read_huge_page(const char *text, gint64 *ret_bytes, GError **error)
{
    guint64 bytes = 0;
    bool size = size_parse(text, &bytes, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(SIZES); i++) {
        bool same = SIZES[i].bytes == 0 ? strcmp(text, SIZES[i].text) == 0
                                        : size && bytes == (guint64)SIZES[i].bytes;
        if (!same)
            continue;
        *ret_bytes = SIZES[i].bytes;
        return true;
    }
    return fail(error, ERROR_INPUT,
                "'%s' is no size of huge pages; write 2M or 1G, or no for ordinary memory.", text);
}

static bool check_size(const Machine *machine, GError **error)
{
    g_autofree char *memory = size_human((guint64)machine->memory);
    g_autofree char *page = size_human((guint64)machine->huge_page);

    if (machine->memory % machine->huge_page == 0)
        return true;
    return fail(error, ERROR_INPUT,
                "A memory of %s is not a whole number of huge pages of %s. Ask for a multiple of "
                "it, or for smaller pages.",
                memory, page);
}

static bool check_processor(const Fill *fill, GError **error)
{
    bool large = fill->machine->huge_page == GIB;

    if (!large || fill->choices->force || cpu_has_flag(&fill->facts->cpu, "pdpe1gb") != TRI_NO)
        return true;
    return fail(error, ERROR_REFUSED,
                "This host's processor has no pages of 1 GiB (the flag pdpe1gb is missing). Ask "
                "for huge pages of 2M.");
}

static bool check_host(const Fill *fill, GError **error)
{
    gint64 total = fill->facts->memory.total;
    g_autofree char *memory = size_human((guint64)fill->machine->memory);
    g_autofree char *has = total != UNKNOWN ? size_human((guint64)total) : NULL;

    if (total == UNKNOWN || fill->machine->memory <= total - HOST_NEEDS || fill->choices->force)
        return true;
    return fail(error, ERROR_REFUSED,
                "%s in huge pages leave less than 2 GiB of this host's %s to the host, also while "
                "the guest does not run. Ask for less memory or for no huge pages, or use --force.",
                memory, has);
}

bool fill_huge_pages(Fill *fill, GError **error)
{
    Machine *machine = fill->machine;

    machine->huge_page = fill->choices->huge_page;
    if (machine->huge_page == 0) {
        add_reason(fill, "memory.huge-pages", false, g_strdup("no"),
                   "The kernel gives QEMU huge pages by itself where it finds free ones; reserved "
                   "ones are gone for the host also while the guest does not run.");
        return true;
    }
    if (!check_size(machine, error) || !check_processor(fill, error) || !check_host(fill, error))
        return false;
    add_reason(fill, "memory.huge-pages", true, size_human((guint64)machine->huge_page),
               "You chose them. The guest starts only when %" G_GINT64_FORMAT
               " of them are reserved: `rootstock guide huge-pages`.",
               machine->memory / machine->huge_page);
    return true;
}
