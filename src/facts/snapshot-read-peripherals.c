/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-parts.h"

#include "facts/snapshot-fields.h"

static gpointer read_usb(JsonDocument *document, const JsonValue *object)
{
    UsbDevice *device = usb_device_new();
    device->port = jr_string(document, object, "port");
    device->pci = snapshot_address(document, object, "pci", true);
    device->vendor = (int)jr_hex(document, object, "vendor", 0xffff);
    device->device = (int)jr_hex(document, object, "device", 0xffff);
    device->class_code = (int)jr_hex(document, object, "class", 0xffffff);
    device->interfaces = jr_strings(document, object, "interfaces");
    device->manufacturer = jr_string(document, object, "manufacturer");
    device->product = jr_string(document, object, "product");
    device->speed = jr_string(document, object, "speed");
    device->serial = jr_string(document, object, "serial");
    return device;
}

static gpointer read_codec(JsonDocument *document, const JsonValue *object)
{
    AudioCodec *codec = audio_codec_new();
    codec->pci = snapshot_address(document, object, "pci", true);
    codec->name = jr_string(document, object, "name");
    codec->vendor = (int)jr_hex(document, object, "vendor", 0xffff);
    codec->device = (int)jr_hex(document, object, "device", 0xffff);
    codec->subsystem_vendor = (int)jr_hex(document, object, "subsystem_vendor", 0xffff);
    codec->subsystem_device = (int)jr_hex(document, object, "subsystem_device", 0xffff);
    return codec;
}

/* The array KEY of TOP, which has at most MOST elements. */
static const JsonValue *read_list(JsonDocument *document, const JsonValue *top, const char *key,
                                  guint most)
{
    const JsonValue *list = jr_array(document, top, key);
    if (jr_length(list) > most)
        jr_fail(document, "'%s' has %u elements; more than %u are not judged.", key,
                jr_length(list), most);
    return jr_length(list) > most ? NULL : list;
}

void snapshot_read_peripherals(JsonDocument *document, const JsonValue *top, Facts *facts)
{
    const JsonValue *usb = read_list(document, top, "usb", FACTS_USB_MAX);
    const JsonValue *codecs = read_list(document, top, "codecs", FACTS_CODECS_MAX);

    facts->usb = snapshot_list(document, usb, "usb", read_usb, (GDestroyNotify)usb_device_free);
    facts->codecs =
        snapshot_list(document, codecs, "codecs", read_codec, (GDestroyNotify)audio_codec_free);
}
