/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalog/catalog.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What macOS makes of devices that are no graphics cards: data/devices-*.table (PCI),
 * data/usb-devices.table, data/audio-codecs.table and data/pci-resets.table. What the look-ups
 * return is owned by the catalog.
 */
typedef enum {
    USE_UNKNOWN, /* the advice says why */
    USE_NO,      /* leave it to the host; the advice says why */
    USE_LIMITED, /* with what it needs, or with the trouble in the advice */
    USE_YES,
    USES,
} DeviceUse;

/*
 * A line of one of those tables. Their columns:
 *
 *     name        what the device is called
 *     vendor      its vendor id, or `class`: then the line is about devices that no other line
 * names devices     ids, or ranges of them; with `class` class codes of six digits subsystems
 * "144d:a811", or "106b" for all of a vendor; empty: any answer      yes, limited, no or unknown
 *     first, last the releases that the line is about, `none` for all or for none
 *     needs       what must be set up for it, as it follows "with"; empty: nothing
 *     advice      whole sentences; the first one says why where the answer is no or unknown
 *     source
 */
typedef struct {
    char *name; /* "Samsung PM981" */
    DeviceUse use;
    const Release *first, *last; /* both NULL: not told */
    char *needs;                 /* "the kext IntelMausi", without a full stop; "" nothing */
    char *advice;                /* "" none */
    char *source;
    bool by_class; /* of all devices of a class that nothing else is known of */
} KnownDevice;

/* For look-ups: Catalog.pci_devices or Catalog.usb_devices. */
typedef struct {
    int vendor, device;                     /* UNKNOWN: nothing is found by id */
    int subsystem_vendor, subsystem_device; /* UNKNOWN: only lines without a subsystem match */
} DeviceIds;

/* The lines about the device, each about releases after those of the line before, of const
 * KnownDevice *. NULL when no line is. The caller frees the list. */
GPtrArray *known_device(const KnownDevices *devices, const DeviceIds *ids);

/* The line about devices of CLASS (24 bits) that no other line names, or NULL. */
const KnownDevice *known_device_of_class(const KnownDevices *devices, int class);

/* All lines that a device of that vendor and device id may be about, whatever its subsystem: of
 * const KnownDevice *, those with a subsystem first. The caller frees the list. */
GPtrArray *known_device_any(const KnownDevices *devices, int vendor, int device);

/* A codec that AppleALC has layouts for. */
typedef struct {
    int vendor, device;
    char *maker, *name;   /* "Realtek", "ALC892" */
    char *linux_name;     /* what Linux calls it where that is another name; "" the same */
    const Release *first; /* that AppleALC changes Apple's driver in for it */
    GArray *layouts;      /* of int, sorted: its layout-ids */
    char *source;
} KnownCodec;

/* The codec with these ids, or NULL. */
const KnownCodec *known_codec(const Catalog *catalog, int vendor, int device);

/* The only codec that Linux calls NAME ("Realtek ALC892", "ALC892"); NULL for none and for more
 * than one. */
const KnownCodec *known_codec_named(const Catalog *catalog, const char *name);

/* A PCI function that can hang, and the host with it, when it is reset on its own. */
typedef struct {
    int vendor, device;
    int linux_major, linux_minor; /* the release of Linux that avoids it */
    char *source;
} KnownReset;

/* The trouble that is known of a function's reset, or NULL. */
const KnownReset *known_reset(const Catalog *catalog, int vendor, int device);
