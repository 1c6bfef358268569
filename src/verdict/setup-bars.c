/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/setup.h"

#include "base/size.h"

#define MOST_BAR_0 (G_GUINT64_CONSTANT(256) << 20)
#define FOUR_GIB (G_GUINT64_CONSTANT(1) << 32)

typedef bool BarTest(const PciBar *bar);

static bool lies_above_4g(const PciBar *bar)
{
    return bar->kind != BAR_IO && bar->address >= FOUR_GIB;
}

static bool has_no_place(const PciBar *bar)
{
    return bar->kind == BAR_MEMORY_64 && bar->unassigned;
}

static bool is_too_large(const PciBar *bar)
{
    return bar->index == 0 && bar->kind != BAR_IO && bar->size > MOST_BAR_0;
}

static const PciBar *bar_of(const PciFunction *function, BarTest *is)
{
    for (guint i = 0; function->bars != NULL && i < function->bars->len; i++) {
        const PciBar *bar = &g_array_index(function->bars, PciBar, i);
        if (is(bar))
            return bar;
    }
    return NULL;
}

/* The first function with such a BAR, and the BAR; of graphics cards of their own only with CARDS.
 */
static const PciFunction *find_bar(const SetupHost *host, BarTest *is, bool cards,
                                   const PciBar **ret_bar)
{
    const GPtrArray *devices = host->verdict->devices;

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(devices, i);
        if (cards && (device->role != ROLE_GPU || setup_is_integrated(device)))
            continue;
        *ret_bar = bar_of(device->function, is);
        if (*ret_bar != NULL)
            return device->function;
    }
    return NULL;
}

/* Drivers that enlarge BARs themselves where there is room above 4 GiB, whatever the firmware does:
 * Linux, drivers/gpu/drm/amd/amdgpu (amdgpu_device_resize_fb_bar), i915 and xe. */
static bool enlarges_bars(const PciFunction *function)
{
    static const char *const DRIVERS[] = {"amdgpu", "i915", "xe", NULL};
    return function->driver == NULL || g_strv_contains(DRIVERS, function->driver);
}

void setup_above_4g(const SetupHost *host, SetupVerdict *setup)
{
    const PciBar *bar;
    const PciFunction *function = find_bar(host, has_no_place, false, &bar);

    if (function != NULL) {
        setup->state = TRI_NO;
        setup->wanted = "on";
        setup->needed = true;
        setup->evidence = say(host->verdict, "BAR %d of %s has no place below 4 GiB.", bar->index,
                              function->address);
        return;
    }
    function = find_bar(host, lies_above_4g, false, &bar);
    if (function != NULL) {
        setup->state = TRI_YES;
        setup->evidence =
            say(host->verdict, "BAR %d of %s lies above 4 GiB.", bar->index, function->address);
    } else {
        setup->evidence = "No BAR that is known lies above 4 GiB, as can be so with it on too.";
    }
    function = find_bar(host, is_too_large, true, &bar);
    if (function != NULL && enlarges_bars(function)) {
        setup->wanted = "off";
        setup->needed = true;
        setup->why =
            "A driver of the host enlarges the card's first BAR where this is on, and macOS "
            "wants it at 256 MiB. Off is one way; the other is that the driver never gets "
            "the card.";
    }
}

/* The first BAR is the memory of AMD's cards; NVIDIA's have their registers there, which do not
 * grow. */
static bool may_have_large_bar(const DeviceVerdict *device)
{
    return setup_is_guest_card(device) && device->function->vendor == 0x1002;
}

static bool has_unknown_bars(const DeviceVerdict *device)
{
    return may_have_large_bar(device) && device->function->bars == NULL;
}

void setup_resizable_bar(const SetupHost *host, SetupVerdict *setup)
{
    const PciBar *bar;
    const PciFunction *function = find_bar(host, is_too_large, true, &bar);

    if (setup_find(host->verdict, may_have_large_bar) == NULL) {
        setup->why = "No AMD card that macOS drives is known here.";
        return;
    }
    setup->needed = true;
    if (function == NULL) {
        bool unknown = setup_find(host->verdict, has_unknown_bars) != NULL;
        setup->state = unknown ? TRI_UNKNOWN : TRI_NO;
        setup->evidence = unknown
                              ? "The sizes of the cards' BARs are unknown (`lspci -v` shows them)."
                              : "The first BAR of no graphics card is larger than 256 MiB.";
        return;
    }
    g_autofree char *size = size_human(bar->size);
    if (function->resizable_bar == TRI_NO) {
        setup->needed = false;
        setup->evidence = say(host->verdict, "BAR 0 of %s has %s, and is not resizable.",
                              function->address, size);
    } else if (enlarges_bars(function)) {
        setup->evidence =
            say(host->verdict, "BAR 0 of %s has %s; its driver may have made it that large.",
                function->address, size);
    } else {
        setup->state = TRI_YES;
        setup->evidence = say(host->verdict, "BAR 0 of %s has %s.", function->address, size);
    }
}
