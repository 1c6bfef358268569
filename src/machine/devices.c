/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "base/error.h"
#include "machine/held.h"

#include <string.h>

/* A function that the guest gets, and on whose account. */
typedef struct {
    const DeviceVerdict *verdict;
    const char *asked_key; /* "devices.gpu", "devices.device"; NULL: it goes with another */
    const char *goes_with; /* address of that other */
} Wanted;

static Wanted *find_wanted(GArray *wanted, const char *address)
{
    for (guint i = 0; i < wanted->len; i++) {
        Wanted *one = &g_array_index(wanted, Wanted, i);
        if (strcmp(one->verdict->function->address, address) == 0)
            return one;
    }
    return NULL;
}

static const char *device_name(const PciFunction *function)
{
    return function->device_name != NULL ? function->device_name : "a device that is not named";
}

static bool want_asked(const Fill *fill, GArray *wanted, const char *text, const char *key,
                       GError **error)
{
    g_autofree char *address = pci_address_full(text);
    if (address == NULL)
        return fail(error, ERROR_INPUT,
                    "'%s' is not a PCI address; write it as `rootstock devices` does, such as "
                    "0000:01:00.0.",
                    text);
    if (fill->facts->pci == NULL)
        return fail(
            error, ERROR_INPUT,
            "%s cannot be given to the machine: the PCI devices of this host are not known.",
            address);
    const DeviceVerdict *verdict = verdict_device(fill->verdict, address);
    if (verdict == NULL)
        return fail(error, ERROR_INPUT,
                    "There is no PCI function at %s on this host. `rootstock devices` lists those "
                    "that are there.",
                    address);
    if (strcmp(key, "devices.gpu") == 0 && verdict->role != ROLE_GPU)
        return fail(error, ERROR_INPUT,
                    "%s (%s) is no graphics card, but %s. Use --device for it, or see `rootstock "
                    "devices` for the cards.",
                    address, device_name(verdict->function), role_name(verdict->role));
    if (verdict->role == ROLE_BRIDGE)
        return fail(error, ERROR_INPUT,
                    "%s (%s) is a bridge. Bridges stay with the host, and the kernel passes none "
                    "to a guest; choose the devices behind it.",
                    address, device_name(verdict->function));
    if (find_wanted(wanted, address) == NULL) {
        Wanted one = {verdict, key, NULL};
        g_array_append_val(wanted, one);
    }
    return true;
}

/* Adds what must go with what is wanted. Bridges stay with the host: vfio-pci does not take them.
 */
static void want_companions(const Fill *fill, GArray *wanted)
{
    for (guint i = 0; i < wanted->len; i++) {
        const DeviceVerdict *verdict = g_array_index(wanted, Wanted, i).verdict;
        for (guint j = 0; verdict->with != NULL && j < verdict->with->len; j++) {
            const PciFunction *function = g_ptr_array_index(verdict->with, j);
            const DeviceVerdict *other = verdict_device(fill->verdict, function->address);
            if (other == NULL || find_wanted(wanted, function->address) != NULL)
                continue;
            Wanted one = {other, NULL, verdict->function->address};
            g_array_append_val(wanted, one);
        }
    }
}

static bool want_all(const Fill *fill, GArray *wanted, GError **error)
{
    const MachineChoices *choices = fill->choices;
    for (char **gpu = choices->gpus; gpu != NULL && *gpu != NULL; gpu++)
        if (!want_asked(fill, wanted, *gpu, "devices.gpu", error))
            return false;
    for (char **device = choices->devices; device != NULL && *device != NULL; device++)
        if (!want_asked(fill, wanted, *device, "devices.device", error))
            return false;
    want_companions(fill, wanted);
    return true;
}

/* What stands against the device, as the verdict has it. The caller owns it. */
static char *join_against(const DeviceVerdict *verdict)
{
    g_autoptr(GPtrArray) reasons = device_reasons(verdict);

    g_ptr_array_add(reasons, NULL);
    return g_strjoinv("; ", (char **)reasons->pdata);
}

static bool check_held(const Fill *fill, const Wanted *one, const char *who, GError **error)
{
    g_autofree char *held = held_by_host(fill->facts, one->verdict->function->address);
    if (held == NULL)
        return true;
    return fail(error, ERROR_REFUSED,
                "%s cannot leave this host: %s. The host would lose it the moment the machine "
                "starts, so --force does not help; free it first, or choose another device.",
                who, held);
}

static bool check_passable(const Fill *fill, const Wanted *one, GError **error)
{
    const char *address = one->verdict->function->address;
    const char *name = device_name(one->verdict->function);
    g_autofree char *who =
        one->goes_with == NULL
            ? g_strdup_printf("%s (%s)", address, name)
            : g_strdup_printf("%s (%s), which must go with %s,", address, name, one->goes_with);
    const char *next =
        fill->facts->iommu.groups == TRI_NO
            ? "Turn the IOMMU on first (in the firmware set-up VT-d or AMD-Vi; for Intel also "
              "intel_iommu=on on the kernel's command line), or use --force to write the machine "
              "now."
            : "Free it, choose another device, or use --force if you know better.";

    if (!check_held(fill, one, who, error))
        return false;
    if (one->verdict->passable == ANSWER_YES || fill->choices->force)
        return true;
    g_autofree char *against = join_against(one->verdict);
    return fail(error, ERROR_REFUSED, "%s %s: %s. %s", who,
                one->verdict->passable == ANSWER_NO ? "cannot leave this host"
                                                    : "is not known to be free to leave this host",
                *against != '\0' ? against : "there is no evidence for it", next);
}

/* What the release thinks of the card. */
static bool check_graphics(const Fill *fill, const Wanted *one, char **ret_reasons, GError **error)
{
    const Release *release = fill->machine->release;
    const ReleaseVerdict *verdict = verdict_release(fill->verdict, release);
    const char *address = one->verdict->function->address;

    *ret_reasons = NULL;
    for (guint i = 0; verdict != NULL && verdict->graphics != NULL && i < verdict->graphics->len;
         i++) {
        const GraphicsVerdict *card = &g_array_index(verdict->graphics, GraphicsVerdict, i);
        if (card->device == NULL || strcmp(card->device->function->address, address) != 0)
            continue;
        g_autofree char *reasons = join_sentences(card->judgement.reasons);
        if (card->judgement.answer == ANSWER_NO && !fill->choices->force)
            return fail(error, ERROR_REFUSED,
                        "%s does not run with the card at %s (%s). %s `rootstock gpus --os %s` "
                        "lists cards that it runs with; with --force the machine gets the card all "
                        "the same.",
                        release->name, address, device_name(one->verdict->function), reasons,
                        release->id);
        *ret_reasons = g_steal_pointer(&reasons);
        return true;
    }
    return true;
}

/* By address, so that the functions of one card stand together. */
static int compare_wanted(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Wanted *)a)->verdict->function->address,
                  ((const Wanted *)b)->verdict->function->address);
}

static void add_device(Fill *fill, const Wanted *one)
{
    const PciFunction *function = one->verdict->function;
    GPtrArray *devices = fill->machine->devices;
    const MachineDevice *previous =
        devices->len > 0 ? g_ptr_array_index(devices, devices->len - 1) : NULL;
    MachineDevice *device = g_new0(MachineDevice, 1);

    device->address = g_strdup(function->address);
    device->vendor = function->vendor;
    device->device = function->device;
    device->class_code = function->class_code;
    device->name = g_strdup(device_name(function));
    device->role = one->verdict->role;
    device->bars = function->bars != NULL ? g_array_copy(function->bars) : NULL;
    device->rom_size = function->rom_size;
    device->multifunction_with_previous =
        previous != NULL && pci_address_same_slot(previous->address, device->address);
    if (device->role == ROLE_AUDIO)
        fill_layout(fill, one->verdict, device);
    g_ptr_array_add(devices, device);
}

static void add_device_reason(Fill *fill, const Wanted *one, const char *judged)
{
    const PciFunction *function = one->verdict->function;
    char *value = g_strdup_printf("%s %s", function->address, device_name(function));
    g_autofree char *against = join_against(one->verdict);
    g_autofree char *forced =
        one->verdict->passable == ANSWER_YES
            ? g_strdup("")
            : g_strdup_printf(" It stays although this speaks against it (--force): %s.", against);

    if (one->asked_key != NULL)
        add_reason(fill, one->asked_key, true, value, "You chose it.%s%s%s",
                   judged != NULL && *judged != '\0' ? " " : "", judged != NULL ? judged : "",
                   forced);
    else
        add_reason(fill, "devices.with", false, value,
                   "It cannot be separated from %s (one card, or one IOMMU group), so the machine "
                   "gets it too.%s",
                   one->goes_with, forced);
}

/* What macOS makes of the board's sound, after the device itself. */
static void add_layout_reason(Fill *fill)
{
    const GPtrArray *devices = fill->machine->devices;
    const MachineDevice *device = g_ptr_array_index(devices, devices->len - 1);
    if (device->layout > 0)
        add_reason(fill, "devices.layout", fill->choices->opencore.layout > 0,
                   g_strdup_printf("%d", device->layout), "%s", device->layout_reason);
}

static void fill_display(Fill *fill, const char *card)
{
    const Release *release = fill->machine->release;
    if (card != NULL) {
        fill->machine->video_model = g_strdup("none");
        add_reason(fill, "display", false, g_strdup("none"),
                   "The card at %s is the display: the picture is on the monitor that is plugged "
                   "into it, and a second, emulated display would get in its way.",
                   card);
        return;
    }
    fill->machine->video_model = g_strdup(release->video_model);
    add_reason(fill, "display", false, g_strdup(release->video_model),
               "No graphics card was chosen, so QEMU emulates a display. %s can show a picture on "
               "it, but without acceleration.",
               release->name);
}

bool fill_devices(Fill *fill, GError **error)
{
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(Wanted));
    const char *card = NULL;

    if (!want_all(fill, wanted, error))
        return false;
    g_array_sort(wanted, compare_wanted);
    for (guint i = 0; i < wanted->len; i++) {
        const Wanted *one = &g_array_index(wanted, Wanted, i);
        g_autofree char *judged = NULL;
        if (!check_passable(fill, one, error))
            return false;
        if (one->verdict->role == ROLE_GPU && !check_graphics(fill, one, &judged, error))
            return false;
        if (one->verdict->role == ROLE_GPU && card == NULL)
            card = one->verdict->function->address;
        add_device(fill, one);
        add_device_reason(fill, one, judged);
        add_layout_reason(fill);
    }
    fill_display(fill, card);
    return true;
}
