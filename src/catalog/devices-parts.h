/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalog/devices.h"

/* What a line of the tables of devices is about: ids of one vendor and, where it has one, of one
 * subsystem. */
typedef struct {
    KnownDevice *known;
    int first, last;                        /* device ids, or twice the same class */
    int subsystem_vendor, subsystem_device; /* UNKNOWN: any */
} DeviceEntry;

/* Where the entries of lines about classes are kept. */
enum { VENDOR_CLASS = -2 };

struct KnownDevices {
    GPtrArray *lines;      /* of KnownDevice * */
    GHashTable *by_vendor; /* GArray of DeviceEntry, by vendor or VENDOR_CLASS */
};

/* How much an entry counts against others of the same device: more with a subsystem, and more for
 * one id than for a range. */
int device_entry_rank(const DeviceEntry *entry);

/* The entries of a vendor; NULL for none. */
GArray *known_devices_of(const KnownDevices *devices, int vendor);
