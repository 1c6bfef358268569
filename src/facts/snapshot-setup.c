/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-setup.h"

#include "facts/facts.h"
#include "facts/snapshot-fields.h"

static void write_parts(JsonWrite *json, const SetupFacts *setup)
{
    jw_begin_object(json, "person");
    jw_tri_known(json, "root", setup->person.root);
    jw_strings_known(json, "groups", setup->person.groups);
    jw_strings_known(json, "assigned", setup->person.assigned);
    jw_end_object(json);

    jw_begin_object(json, "libvirt");
    jw_strings_known(json, "units", setup->libvirt.units);
    jw_strings_known(json, "enabled", setup->libvirt.enabled);
    jw_tri_known(json, "network_defined", setup->libvirt.network_defined);
    jw_tri_known(json, "network_autostart", setup->libvirt.network_autostart);
    jw_tri_known(json, "network_active", setup->libvirt.network_active);
    jw_string_known(json, "security_driver", setup->libvirt.security_driver);
    jw_tri_known(json, "hook", setup->libvirt.hook);
    jw_end_object(json);

    jw_begin_object(json, "modules");
    jw_strings_known(json, "options", setup->modules.options);
    jw_strings_known(json, "vfio_ids", setup->modules.vfio_ids);
    jw_strings_known(json, "initramfs", setup->modules.initramfs);
    jw_strings_known(json, "early", setup->modules.early);
    jw_strings_known(json, "overrides", setup->modules.overrides);
    jw_end_object(json);
}

static void write_more_parts(JsonWrite *json, const SetupFacts *setup)
{
    jw_begin_object(json, "screen");
    jw_string_known(json, "boot_framebuffer", setup->screen.boot_framebuffer);
    jw_string_known(json, "display_manager", setup->screen.display_manager);
    jw_end_object(json);

    jw_begin_object(json, "tuning");
    jw_string_known(json, "governor", setup->tuning.governor);
    jw_strings_known(json, "governors", setup->tuning.governors);
    jw_string_known(json, "driver", setup->tuning.driver);
    jw_string_known(json, "huge_pages", setup->tuning.huge_pages);
    jw_strings_known(json, "keepers", setup->tuning.keepers);
    jw_end_object(json);

    jw_begin_object(json, "store");
    jw_string_known(json, "folder", setup->store.folder);
    jw_tri_known(json, "reachable", setup->store.reachable);
    jw_integer_known(json, "free", setup->store.free);
    jw_end_object(json);
}

void snapshot_write_setup(JsonWrite *json, const SetupFacts *setup)
{
    jw_begin_object(json, "setup");
    write_parts(json, setup);
    write_more_parts(json, setup);
    jw_tri_known(json, "systemd", setup->systemd);
    jw_tri_known(json, "apparmor", setup->apparmor);
    jw_tri_known(json, "selinux", setup->selinux);
    jw_tri_known(json, "dnsmasq", setup->dnsmasq);
    jw_tri_known(json, "virsh", setup->virsh);
    jw_tri_known(json, "viewer", setup->viewer);
    jw_strings_known(json, "bridges", setup->bridges);
    jw_string_known(json, "network_manager", setup->network_manager);
    jw_strings_known(json, "keyboards", setup->keyboards);
    jw_strings_known(json, "mice", setup->mice);
    jw_end_object(json);
}

static void read_person(JsonDocument *document, const JsonValue *object, PersonFacts *person)
{
    person->root = jr_tri(document, object, "root");
    person->groups = jr_strings(document, object, "groups");
    person->assigned = jr_strings(document, object, "assigned");
}

static void read_libvirt(JsonDocument *document, const JsonValue *object, LibvirtSetup *libvirt)
{
    libvirt->units = jr_strings(document, object, "units");
    libvirt->enabled = jr_strings(document, object, "enabled");
    libvirt->network_defined = jr_tri(document, object, "network_defined");
    libvirt->network_autostart = jr_tri(document, object, "network_autostart");
    libvirt->network_active = jr_tri(document, object, "network_active");
    libvirt->security_driver = jr_string(document, object, "security_driver");
    libvirt->hook = jr_tri(document, object, "hook");
}

static void read_modules(JsonDocument *document, const JsonValue *object, ModuleSetup *modules)
{
    modules->options = jr_strings(document, object, "options");
    modules->vfio_ids = jr_strings(document, object, "vfio_ids");
    modules->initramfs = jr_strings(document, object, "initramfs");
    modules->early = jr_strings(document, object, "early");
    modules->overrides = jr_strings(document, object, "overrides");
}

static void read_screen(JsonDocument *document, const JsonValue *object, ScreenSetup *screen)
{
    screen->boot_framebuffer = snapshot_address(document, object, "boot_framebuffer", true);
    screen->display_manager = jr_string(document, object, "display_manager");
}

static void read_tuning(JsonDocument *document, const JsonValue *object, TuningSetup *tuning)
{
    tuning->governor = jr_string(document, object, "governor");
    tuning->governors = jr_strings(document, object, "governors");
    tuning->driver = jr_string(document, object, "driver");
    tuning->huge_pages = jr_string(document, object, "huge_pages");
    tuning->keepers = jr_strings(document, object, "keepers");
}

static void read_store(JsonDocument *document, const JsonValue *object, StoreSetup *store)
{
    store->folder = jr_string(document, object, "folder");
    store->reachable = jr_tri(document, object, "reachable");
    store->free = snapshot_size(document, object, "free");
}

void snapshot_read_setup(JsonDocument *document, const JsonValue *top, SetupFacts *setup)
{
    const JsonValue *object = jr_object(document, top, "setup");

    read_person(document, jr_object(document, object, "person"), &setup->person);
    read_libvirt(document, jr_object(document, object, "libvirt"), &setup->libvirt);
    read_modules(document, jr_object(document, object, "modules"), &setup->modules);
    read_screen(document, jr_object(document, object, "screen"), &setup->screen);
    read_tuning(document, jr_object(document, object, "tuning"), &setup->tuning);
    read_store(document, jr_object(document, object, "store"), &setup->store);
    setup->systemd = jr_tri(document, object, "systemd");
    setup->apparmor = jr_tri(document, object, "apparmor");
    setup->selinux = jr_tri(document, object, "selinux");
    setup->dnsmasq = jr_tri(document, object, "dnsmasq");
    setup->virsh = jr_tri(document, object, "virsh");
    setup->viewer = jr_tri(document, object, "viewer");
    setup->bridges = jr_strings(document, object, "bridges");
    setup->network_manager = jr_string(document, object, "network_manager");
    setup->keyboards = jr_strings(document, object, "keyboards");
    setup->mice = jr_strings(document, object, "mice");
}
