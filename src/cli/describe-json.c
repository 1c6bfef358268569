/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/describe.h"

/* Facts and verdicts as members of JSON documents. */

void describe_strings_json(JsonWrite *json, const char *key, const GPtrArray *strings)
{
    jw_begin_array(json, key);
    for (guint i = 0; i < strings->len; i++)
        jw_string(json, NULL, g_ptr_array_index(strings, i));
    jw_end_array(json);
}

void describe_tri_json(JsonWrite *json, const char *key, Tri value)
{
    if (value == TRI_UNKNOWN)
        jw_null(json, key);
    else
        jw_boolean(json, key, value == TRI_YES);
}

static void family_json(const GraphicsFamily *family, JsonWrite *json)
{
    jw_string(json, "family", family != NULL ? family->name : NULL);
    jw_string(json, "first",
              family != NULL && family->first != NULL ? family->first->version : NULL);
    jw_string(json, "last", family != NULL && family->last != NULL ? family->last->version : NULL);
    if (family != NULL)
        jw_boolean(json, "native", family->native);
    else
        jw_null(json, "native");
}

/* The obstacles by their ids, and the drivers. */
static void keepers_json(const DeviceVerdict *device, JsonWrite *json)
{
    jw_begin_array(json, "obstacles");
    for (guint i = 0; i < device->obstacles->len; i++)
        jw_string(json, NULL, ((const HostObstacle *)g_ptr_array_index(device->obstacles, i))->id);
    jw_end_array(json);
    describe_tri_json(json, "held", device->held);
    if (device->claims != NULL)
        describe_strings_json(json, "claims", device->claims);
    else
        jw_null(json, "claims");
}

void describe_device_json(const DeviceVerdict *device, JsonWrite *json)
{
    const PciFunction *function = device->function;
    g_autofree char *id = describe_id(function);
    g_autofree char *name = describe_function(function);
    char class_text[16];
    g_snprintf(class_text, sizeof class_text, "%04x", (guint)function->class_code >> 8);

    jw_begin_object(json, NULL);
    jw_string(json, "address", function->address);
    jw_string(json, "id", id);
    jw_string(json, "class", function->class_code != UNKNOWN ? class_text : NULL);
    jw_string(json, "name", name);
    jw_string(json, "role", role_name(device->role));
    family_json(device->family, json);
    jw_string(json, "reset", device->reset);
    if (function->iommu_group != UNKNOWN)
        jw_integer(json, "group", function->iommu_group);
    else
        jw_null(json, "group");
    jw_string(json, "driver", function->driver);
    jw_string(json, "passable", answer_name(device->passable));
    jw_begin_array(json, "with");
    for (guint i = 0; i < device->with->len; i++)
        jw_string(json, NULL, ((const PciFunction *)g_ptr_array_index(device->with, i))->address);
    jw_end_array(json);
    g_autoptr(GPtrArray) reasons = device_reasons(device);
    describe_strings_json(json, "against", reasons);
    keepers_json(device, json);
    describe_macos_json(&device->macos, json);
    jw_end_object(json);
}

static void release_json(JsonWrite *json, const char *key, const Release *release)
{
    jw_string(json, key, release != NULL ? release->version : NULL);
}

void describe_macos_json(const MacosVerdict *macos, JsonWrite *json)
{
    if (!macos->judged) {
        jw_null(json, "macos");
        return;
    }
    jw_begin_object(json, "macos");
    jw_string(json, "verdict", answer_name(macos->answer));
    jw_string(json, "what", macos->what);
    release_json(json, "first", macos->first);
    release_json(json, "last", macos->last);
    jw_string(json, "needs", macos->needs);
    jw_string(json, "advice", macos->advice);
    jw_begin_array(json, "releases");
    for (guint i = 0; macos->spans != NULL && i < macos->spans->len; i++) {
        const MacosSpan *span = &g_array_index(macos->spans, MacosSpan, i);
        jw_begin_object(json, NULL);
        release_json(json, "first", span->first);
        release_json(json, "last", span->last);
        jw_string(json, "verdict", answer_name(span->answer));
        jw_string(json, "needs", span->needs);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
}

/* The controller that it hangs on; null where unknown, and where it is no PCI function's. */
static void controller_json(const DeviceVerdict *controller, JsonWrite *json)
{
    jw_string(json, "controller", controller != NULL ? controller->function->address : NULL);
}

void describe_usb_json(const Verdict *verdict, JsonWrite *json)
{
    if (verdict->usb == NULL) {
        jw_null(json, "usb");
        return;
    }
    jw_begin_array(json, "usb");
    for (guint i = 0; i < verdict->usb->len; i++) {
        const UsbVerdict *usb = g_ptr_array_index(verdict->usb, i);
        g_autofree char *id = describe_usb_id(usb->device);
        g_autofree char *name = describe_usb(usb);
        jw_begin_object(json, NULL);
        jw_string(json, "port", usb->device->port);
        controller_json(usb->controller, json);
        jw_string(json, "id", id);
        jw_string(json, "name", name);
        describe_macos_json(&usb->macos, json);
        jw_end_object(json);
    }
    jw_end_array(json);
}

void describe_codecs_json(const Verdict *verdict, JsonWrite *json)
{
    if (verdict->codecs == NULL) {
        jw_null(json, "codecs");
        return;
    }
    jw_begin_array(json, "codecs");
    for (guint i = 0; i < verdict->codecs->len; i++) {
        const CodecVerdict *codec = g_ptr_array_index(verdict->codecs, i);
        g_autofree char *id = describe_codec_id(codec->codec);
        jw_begin_object(json, NULL);
        controller_json(codec->controller, json);
        jw_string(json, "id", id);
        jw_string(json, "name", codec->codec->name);
        jw_begin_array(json, "layouts");
        for (guint j = 0; codec->known != NULL && j < codec->known->layouts->len; j++)
            jw_integer(json, NULL, g_array_index(codec->known->layouts, int, j));
        jw_end_array(json);
        jw_end_object(json);
    }
    jw_end_array(json);
}
