/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/*
 * How vfio-pci is told which functions to take when the host starts.
 *
 * By id: an option of the module (modprobe.d), with which the functions' own drivers wait for it.
 * Subsystem ids tell cards of two makers apart. Where vfio-pci is built into the kernel, modprobe.d
 * says nothing to it, and the ids are an argument of the kernel.
 *
 * By address, where something that stays with the host has the same ids: a rule of udev, which has
 * the kernel keep each function for vfio-pci alone (driver_override: Linux
 * Documentation/ABI/testing/sysfs-bus-pci). No shell has a part in it, udev runs in the initramfs
 * of most tools, and it is all one which driver is loaded first, because the kernel offers it the
 * function no more. rpm-ostree's images, to which modules are not easily added, take such a rule as
 * it is, so it is the form there too.
 *
 * Two things decide how the rule is written. Drivers are loaded for whichever device comes first: a
 * rule that looks at the device of its own event may be too late, for the event of the twin has
 * loaded the driver of both. So every function is set aside at each event that may load a driver,
 * in front of it. And addresses move when hardware is added: the rule names the whole way from the
 * root bus with the function's ids, and the firmware's display is never taken where it was another
 * one; otherwise it takes nothing. The kernel argument `rootstock.vfio=0` has it take nothing for
 * once.
 */
typedef enum {
    BINDING_UNKNOWN,  /* an id is not known */
    BINDING_ID,       /* modprobe.d */
    BINDING_ARGUMENT, /* the kernel's command line */
    BINDING_ADDRESS,  /* udev */
} BindingForm;

#define BINDING_OPTIONS_FILE "/etc/modprobe.d/rootstock-vfio.conf"
#define BINDING_RULES_FILE "/etc/udev/rules.d/10-rootstock-vfio.rules"

/* The form for the target's functions. RET_TWIN (may be NULL) gets what stays with the host and has
 * an id of theirs; NULL: nothing, or the form has another reason. */
BindingForm binding_form(const Path *path, const DeviceVerdict **ret_twin);

/* "1002:73ff:1043:05d7,1002:ab28": the ids with which vfio-pci takes FUNCTIONS (of const
 * DeviceVerdict *) and nothing else, with those of the subsystem only where it takes them; NULL
 * where one is unknown or they would take another one too. The caller owns it. */
char *binding_ids(const Path *path, const GPtrArray *functions);

/* The content of the file of each form. The caller owns it. */
char *binding_options(const Path *path, const char *ids);
char *binding_rules(const GPtrArray *functions, const Facts *facts);
