/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/setup.h"

#include <string.h>

static bool is_graphics(const DeviceVerdict *device)
{
    return device->role == ROLE_GPU;
}

/* With Secure Boot on there can be no CSM (UEFI 2.10, 32.5: it runs only what is signed). That the
 * host was started by UEFI shows only that it was not by CSM. */
void setup_csm(const SetupHost *host, SetupVerdict *setup)
{
    const FirmwareFacts *firmware = &host->facts->firmware;

    setup->needed =
        host->verdict->devices == NULL || setup_find(host->verdict, is_graphics) != NULL;
    if (firmware->secure_boot == TRI_YES) {
        setup->state = TRI_NO;
        setup->evidence = "Secure Boot is on, which there cannot be with it.";
    } else if (firmware->uefi == TRI_YES) {
        setup->evidence = "This host was started by UEFI, which is possible with it too.";
    } else if (firmware->uefi == TRI_NO) {
        setup->state = TRI_YES;
        setup->evidence = "This host was started by a BIOS, or by the UEFI firmware's CSM.";
        if (setup->needed)
            setup->todo = "Leave it until this host starts by UEFI, from an EFI system partition: "
                          "with it off it would not start.";
    } else {
        setup->evidence = "It is unknown whether this host was started by UEFI.";
    }
}

static bool has_reset_bug(const DeviceVerdict *device)
{
    const PciFunction *function = device->function;
    bool mended = function->reset_methods != NULL &&
                  g_strv_contains((const char *const *)function->reset_methods, "device_specific");
    return setup_is_guest_card(device) && strcmp(device->reset, "bug") == 0 && !mended &&
           vendor_reset_knows(device->family);
}

void setup_secure_boot(const SetupHost *host, SetupVerdict *setup)
{
    const DeviceVerdict *card = setup_find(host->verdict, has_reset_bug);

    setup->state = host->facts->firmware.secure_boot;
    if (setup->state != TRI_UNKNOWN)
        setup->evidence = setup->state == TRI_YES ? "The firmware checks signatures."
                                                  : "The firmware checks no signatures.";
    if (setup->state != TRI_YES || card == NULL)
        return;
    setup->needed = true;
    setup->todo = say(host->verdict,
                      "It can stay on: sign the module vendor-reset, which %s needs, with a key of "
                      "your own (mokutil --import).",
                      card->function->address);
}

static bool is_boot_display(const DeviceVerdict *device)
{
    return device->role == ROLE_GPU && device->function->boot_vga == TRI_YES;
}

static guint count_devices(const Verdict *verdict, bool (*is)(const DeviceVerdict *device))
{
    guint count = 0;
    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++)
        count += is(g_ptr_array_index(verdict->devices, i)) ? 1 : 0;
    return count;
}

/* The tables have what chooses the processor's own graphics; which slot is which of two cards no
 * table can know. */
static void say_which_card(const SetupHost *host, SetupVerdict *setup)
{
    g_auto(GStrv) names = setup_names(&host->verdict->setup, setup);
    g_autofree char *called = g_strjoinv(" or ", names);

    setup->todo = say(host->verdict, "%s on the host's card; boards call it %s.",
                      setup->state == TRI_UNKNOWN ? "See that the firmware starts"
                                                  : "Make the firmware start",
                      called);
}

void setup_primary_display(const SetupHost *host, SetupVerdict *setup)
{
    const DeviceVerdict *start = setup_find(host->verdict, is_boot_display);
    const DeviceVerdict *integrated = setup_find(host->verdict, setup_is_integrated);
    guint cards = count_devices(host->verdict, setup_is_guest_card);

    if (count_devices(host->verdict, is_graphics) < 2 || cards == 0) {
        setup->why = "No two graphics cards are known here, one for the host and one that a guest "
                     "could use.";
        return;
    }
    /* the other one of two such cards serves the guest */
    bool good = cards > 1 || (start != NULL && !setup_is_guest_card(start));
    if (start != NULL || cards > 1)
        setup->state = tri(good);
    setup->needed = true;
    if (start != NULL)
        setup->evidence =
            say(host->verdict, "The firmware starts on %s%s.", start->function->address,
                good ? "" : ", the only card here that macOS drives");
    else if (cards > 1)
        setup->evidence =
            "Whichever card the firmware starts on, there is another that macOS drives.";
    else
        setup->evidence = "It is unknown which card the firmware starts on (`grep 1 "
                          "/sys/bus/pci/devices/*/boot_vga`).";
    if (!good && (integrated == NULL || setup->settings->len == 0))
        say_which_card(host, setup);
}

/* Whether the processor has graphics, by its name. Of Intel's Core those with F or X at the end
 * have none, nor those for the large sockets before there was an X (i7-3820 to i7-6900K); of AMD's
 * those that say so have some, and before Zen 3 no others. */
static Tri processor_has_graphics(const CpuFacts *cpu)
{
    static const char CORE[] = "Core\\(TM\\) i[3579]-\\d{4,5}";
    static const char WITHOUT[] = "i[3579]-(\\d{4,5}(K?S?F|X|XE)\\b|[3-6][89]\\d\\d)";

    if (cpu->name == NULL || cpu->vendor == NULL)
        return TRI_UNKNOWN;
    if (strcmp(cpu->vendor, "GenuineIntel") == 0)
        return g_regex_match_simple(CORE, cpu->name, 0, 0)
                   ? tri(!g_regex_match_simple(WITHOUT, cpu->name, 0, 0))
                   : TRI_UNKNOWN;
    if (strstr(cpu->name, "Radeon") != NULL)
        return TRI_YES;
    return cpu->family != UNKNOWN && cpu->family < 0x19 ? TRI_NO : TRI_UNKNOWN;
}

void setup_integrated_graphics(const SetupHost *host, SetupVerdict *setup)
{
    const DeviceVerdict *integrated = setup_find(host->verdict, setup_is_integrated);
    const DeviceVerdict *card = setup_find(host->verdict, setup_is_guest_card);

    if (integrated != NULL) {
        setup->state = TRI_YES;
        setup->needed = card != NULL;
        setup->evidence =
            say(host->verdict, "%s is part of the processor.", integrated->function->address);
        return;
    }
    if (card == NULL || count_devices(host->verdict, is_graphics) != 1) {
        setup->why = "The host needs them only beside a single card that a guest is to have.";
        return;
    }
    Tri has = processor_has_graphics(&host->facts->cpu);
    if (has == TRI_NO) {
        setup->evidence = say(host->verdict, "%s has no graphics.", host->facts->cpu.name);
        setup->why = "The processor has none.";
        return;
    }
    setup->needed = has == TRI_YES && host->facts->pci_complete == TRI_YES;
    if (setup->needed) {
        setup->evidence =
            say(host->verdict, "%s is the only graphics card that shows, and %s has graphics too.",
                card->function->address, host->facts->cpu.name);
        setup->state = TRI_NO;
    }
}
