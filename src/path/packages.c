/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <stdlib.h>
#include <string.h>

/* What has to be installed. Packages are wanted by purpose: their names differ. */

static void judge_qemu(const Path *path, PathStep *step)
{
    const SoftwareFacts *software = &path->facts->software;

    if (software->qemu_path == NULL) {
        step_unknown(step, "Whether QEMU is installed is unknown. `qemu-system-x86_64 --version` "
                           "says it.");
    } else if (*software->qemu_path != '\0' && g_strcmp0(software->qemu_img_path, "") != 0) {
        step_done(step, "%s is there%s%s.", software->qemu_path,
                  software->qemu_version != NULL ? ", version " : "",
                  software->qemu_version != NULL ? software->qemu_version : "");
    } else {
        step_todo(step, "%s is not installed.",
                  *software->qemu_path == '\0' ? "qemu-system-x86_64" : "qemu-img");
        step_wants(step, goal_packages(step_id(step->step), "qemu",
                                       "QEMU runs the guest and makes its disks."));
    }
}

/* Domains are written for libvirt 9 and newer (render/). */
static bool is_too_old(const char *version)
{
    return version != NULL && g_ascii_isdigit(version[0]) && atoi(version) < 9;
}

static void judge_libvirt(const Path *path, PathStep *step)
{
    const SoftwareFacts *software = &path->facts->software;
    char *const *units = path->facts->setup.libvirt.units;

    if (is_too_old(software->libvirt_version)) {
        step_saw(step, "libvirt %s is there.", software->libvirt_version);
        step_because(step, "Rootstock writes domains for libvirt 9 and newer.");
        step_for_person(step, "Bring the system to a release of the distribution that has it.");
        return;
    }
    if ((software->libvirt_version != NULL && *software->libvirt_version != '\0' &&
         (units == NULL || units[0] != NULL)) ||
        software->libvirt_daemon == TRI_YES) {
        step_done(step, "libvirt %s is there.",
                  software->libvirt_version != NULL ? software->libvirt_version
                                                    : "(of a version that is unknown)");
    } else if (units == NULL && software->libvirt_version == NULL) {
        step_unknown(step, "Whether libvirt is installed is unknown. `virsh --version` says it.");
    } else {
        step_todo(step, "libvirt's daemon is not installed.");
        step_wants(step, goal_packages(step_id(step->step), "libvirt",
                                       "libvirt keeps and starts guests."));
    }
}

/* One that starts anything: without Secure Boot's keys, and with a variable store. */
static const FirmwareImage *find_ovmf(const GPtrArray *images)
{
    for (guint i = 0; images != NULL && i < images->len; i++) {
        const FirmwareImage *image = g_ptr_array_index(images, i);
        if (lookup_has(image->interfaces, "uefi") && image->code_size != UNKNOWN &&
            image->vars != NULL && image->vars_size != UNKNOWN &&
            !lookup_has(image->features, "enrolled-keys") &&
            !lookup_has(image->features, "requires-smm"))
            return image;
    }
    return NULL;
}

static void judge_ovmf(const Path *path, PathStep *step)
{
    const GPtrArray *images = path->facts->software.firmware;
    const FirmwareImage *image = find_ovmf(images);

    if (image != NULL) {
        step_done(step, "%s is there (%s).", image->code, image->descriptor);
    } else if (images == NULL) {
        step_unknown(step, "Whether OVMF is installed is unknown. `ls /usr/share/qemu/firmware` "
                           "lists what QEMU is told of.");
    } else {
        step_todo(step, "No UEFI firmware for guests is described under /usr/share/qemu/firmware.");
        step_wants(step, goal_packages(step_id(step->step), "ovmf",
                                       "OVMF is the firmware that the guest starts with."));
    }
}

static void add_missing(PathStep *step, GString *missing, Tri there, const char *purpose,
                        const char *effect)
{
    if (there != TRI_NO)
        return;
    g_string_append_printf(missing, "%s%s", missing->len > 0 ? ", " : "", purpose);
    step_wants(step, goal_packages(step_id(step->step), purpose, effect));
}

static void judge_tools(const Path *path, PathStep *step)
{
    const SetupFacts *setup = &path->facts->setup;
    g_autoptr(GString) missing = g_string_new(NULL);

    if (setup->virsh == TRI_UNKNOWN && setup->dnsmasq == TRI_UNKNOWN &&
        setup->viewer == TRI_UNKNOWN) {
        step_unknown(step, "Which programs are installed is unknown. `command -v virsh dnsmasq "
                           "virt-viewer` says it.");
        return;
    }
    add_missing(step, missing, setup->virsh, "virsh", "virsh is libvirt's command.");
    add_missing(step, missing, setup->dnsmasq, "dnsmasq",
                "libvirt's own network hands out addresses with dnsmasq.");
    add_missing(step, missing, setup->viewer, "viewer",
                "A window on the guest's emulated display, which the installation needs.");
    if (missing->len > 0)
        step_todo(step, "Not installed: %s.", missing->str);
    else
        step_done(step, "virsh, dnsmasq and a viewer are there.");
}

const Step STEPS_PACKAGES[] = {
    {"package-qemu", SECTION_PACKAGES, "QEMU", judge_qemu, {NULL}},
    {"package-libvirt", SECTION_PACKAGES, "libvirt", judge_libvirt, {NULL}},
    {"package-ovmf", SECTION_PACKAGES, "OVMF", judge_ovmf, {NULL}},
    {"package-tools", SECTION_PACKAGES, "Tools beside them", judge_tools, {NULL}},
    {0},
};
