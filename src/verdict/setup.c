/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/setup.h"

#include <string.h>

static const struct {
    const char *id;
    SetupRule *rule;
} RULES[] = {
    {"virtualization", setup_virtualization},
    {"no-execute", setup_no_execute},
    {"iommu", setup_iommu},
    {"interrupt-remapping", setup_interrupt_remapping},
    {"resizable-bar", setup_resizable_bar},
    {"above-4g", setup_above_4g},
    {"acs", setup_acs},
    {"csm", setup_csm},
    {"primary-display", setup_primary_display},
    {"integrated-graphics", setup_integrated_graphics},
    {"secure-boot", setup_secure_boot},
    {"vmd", setup_vmd},
    {"sata-mode", setup_sata_mode},
    {"thunderbolt-security", setup_thunderbolt_security},
    {"sr-iov", setup_sr_iov},
    {"smt", setup_smt},
    {"c-states", setup_c_states},
};

static void setup_free(SetupVerdict *setup)
{
    g_ptr_array_unref(setup->settings);
    g_free(setup);
}

static SetupRule *rule_of(const char *id)
{
    for (guint i = 0; i < G_N_ELEMENTS(RULES); i++) {
        if (strcmp(RULES[i].id, id) == 0)
            return RULES[i].rule;
    }
    return NULL;
}

const SetupVerdict *verdict_setup(const Verdict *verdict, const char *id)
{
    for (guint i = 0; i < verdict->setup.options->len; i++) {
        const SetupVerdict *setup = g_ptr_array_index(verdict->setup.options, i);
        if (strcmp(setup->option->id, id) == 0)
            return setup;
    }
    return NULL;
}

bool setup_is_open(const SetupVerdict *setup)
{
    if (!setup->needed)
        return false;
    if (strcmp(setup->wanted, "any") == 0)
        return true;
    return setup->state != tri(strcmp(setup->wanted, "on") == 0);
}

GStrv setup_names(const FirmwareSetup *all, const SetupVerdict *setup)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < setup->settings->len; i++) {
        const FirmwareSetting *setting = g_ptr_array_index(setup->settings, i);
        if (!g_ptr_array_find_with_equal_func(names, setting->name, g_str_equal, NULL))
            g_ptr_array_add(names, setting->name);
    }
    if (names->len == 0)
        return g_strdupv((GStrv)catalog_firmware_names(setup->option, all->platform));
    g_ptr_array_add(names, NULL);
    return g_strdupv((char **)names->pdata);
}

/* Of the processor, or where that is unknown of what is on the root bus, which is its or the
 * chipset's. */
static FirmwarePlatform platform_of(const Facts *facts)
{
    const char *vendor = facts->cpu.vendor;

    if (vendor != NULL)
        return strcmp(vendor, "GenuineIntel") == 0   ? PLATFORM_INTEL
               : strcmp(vendor, "AuthenticAMD") == 0 ? PLATFORM_AMD
                                                     : PLATFORM_UNKNOWN;
    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        if (!g_str_has_prefix(function->address, "0000:00:"))
            continue;
        if (function->vendor == 0x8086)
            return PLATFORM_INTEL;
        if (function->vendor == 0x1022)
            return PLATFORM_AMD;
    }
    return PLATFORM_UNKNOWN;
}

/* What turns SETTING on or off. */
static const char *value_of(const FirmwareSetting *setting, bool on)
{
    if (on)
        return setting->values[0];
    return setting->values[1] != NULL ? setting->values[1] : "off";
}

static char *place_of(const FirmwareSetting *setting)
{
    return g_strconcat(setting->path, *setting->path != '\0' ? " > " : "", setting->name, NULL);
}

/* The first two places, where boards like this one come first: "Set Chipset > VT-d to Enabled." */
static char *in_the_menus(const SetupVerdict *setup, bool on)
{
    const char *verb = setup->state == TRI_UNKNOWN ? "See that" : "Set";
    const char *join = setup->state == TRI_UNKNOWN ? "is" : "to";
    const FirmwareSetting *first = g_ptr_array_index(setup->settings, 0);
    g_autofree char *place = place_of(first);

    if (setup->settings->len == 1)
        return g_strdup_printf("%s %s %s %s.", verb, place, join, value_of(first, on));
    const FirmwareSetting *second = g_ptr_array_index(setup->settings, 1);
    g_autofree char *other = place_of(second);
    if (strcmp(value_of(first, on), value_of(second, on)) == 0)
        return g_strdup_printf("%s %s, or %s, %s %s.", verb, place, other, join,
                               value_of(first, on));
    return g_strdup_printf("%s %s %s %s, or %s %s %s.", verb, place, join, value_of(first, on),
                           other, join, value_of(second, on));
}

static char *by_the_technology(const FirmwareSetup *all, const SetupVerdict *setup, bool on)
{
    g_auto(GStrv) names = setup_names(all, setup);
    g_autofree char *called = g_strjoinv(" or ", names);

    if (setup->state == TRI_UNKNOWN)
        return g_strdup_printf("See that it is %s; boards call it %s.", on ? "on" : "off", called);
    return g_strdup_printf("Turn it %s; boards call it %s.", on ? "on" : "off", called);
}

static void say_what_to_do(Verdict *verdict, SetupVerdict *setup)
{
    const FirmwareSetup *all = &verdict->setup;
    bool on = strcmp(setup->wanted, "on") == 0;

    if (setup->todo != NULL || !setup_is_open(setup))
        return;
    if (all->vendor != NULL && !all->vendor->has_setup) {
        setup->todo =
            say(verdict, "Computers by %s have no set-up to change it in.", all->vendor->name);
        return;
    }
    g_autofree char *todo =
        setup->settings->len > 0 ? in_the_menus(setup, on) : by_the_technology(all, setup, on);
    setup->todo = say(verdict, "%s", todo);
}

/* The settings of a hypervisor are not those that the tables know. */
static void leave_to_hypervisor(SetupVerdict *setup)
{
    setup->needed = false;
    setup->todo = NULL;
    setup->why = "This host is a virtual machine: the settings of its hypervisor take the place of "
                 "a firmware set-up.";
}

static void add_option(const SetupHost *host, const Catalog *catalog, const FirmwareOption *option)
{
    FirmwareSetup *all = &host->verdict->setup;
    SetupRule *rule = rule_of(option->id);

    g_return_if_fail(rule != NULL);
    SetupVerdict *setup = g_new0(SetupVerdict, 1);

    setup->option = option;
    setup->wanted = option->wanted;
    setup->why = option->why;
    setup->evidence = "Nothing that is known of this host tells it.";
    setup->settings = catalog_firmware_settings_of(catalog, option, all->vendor, all->platform,
                                                   host->facts->firmware.board_name);
    rule(host, setup);
    if (all->virtual_machine)
        leave_to_hypervisor(setup);
    say_what_to_do(host->verdict, setup);
    g_ptr_array_add(all->options, setup);
}

void setup_judge(Verdict *verdict, const Facts *facts, const Catalog *catalog)
{
    const FirmwareFacts *firmware = &facts->firmware;
    FirmwareSetup *all = &verdict->setup;

    all->platform = platform_of(facts);
    all->vendor = catalog_firmware_vendor(catalog, firmware->board_vendor, firmware->system_vendor,
                                          firmware->vendor);
    all->virtual_machine = facts->cpu.hypervisor == TRI_YES;
    all->options = g_ptr_array_new_with_free_func((GDestroyNotify)setup_free);

    SetupHost host = {verdict, facts, all->platform};
    for (guint i = 0; i < catalog->firmware_options->len; i++) {
        const FirmwareOption *option = g_ptr_array_index(catalog->firmware_options, i);
        if (catalog_firmware_names(option, all->platform)[0] != NULL)
            add_option(&host, catalog, option);
    }
}
