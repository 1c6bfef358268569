/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/guest-parse.h"

#include "base/error.h"
#include "base/jsonread.h"

#include <string.h>

/* More than any machine has; a guest that says more is not believed. */
enum {
    MAX_FUNCTIONS = 65536, /* 256 buses, 32 devices, 8 functions */
    MAX_BARS = 6,
    MAX_DISPLAYS = 256,
    MAX_MODES = 1024,
    MAX_DISKS = 4096,
    MAX_NETWORKS = 1024,
    MAX_ACPI = 4096,
    MAX_LEAVES = 4096,
    MAX_THREADS = 65536,
    MAX_PIXELS = 1 << 20,
    MAX_STRING = 4096,
    MAX_ID = 0xffff,
    MAX_CLASS = 0xffffff,
};
static const gint64 MAX_MEMORY = G_GINT64_CONSTANT(1) << 52; /* x86 physical addresses */
static const gint64 MAX_ROM = G_GINT64_CONSTANT(1) << 32;
static const gint64 MAX_HZ = G_GINT64_CONSTANT(1) << 40;

/*
 * A string for people and for comparison: what a terminal could take for more than text becomes
 * U+FFFD. NULL stays NULL.
 */
static char *clean(JsonDocument *document, const char *key, char *value)
{
    g_autofree char *raw = value;
    if (raw == NULL)
        return NULL;
    if (strlen(raw) > MAX_STRING) {
        jr_fail(document, "member '%s' is longer than %d bytes.", key, MAX_STRING);
        return NULL;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (const char *at = raw; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(text, g_unichar_isprint(character) ? character : 0xfffd);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *string(JsonDocument *document, const JsonValue *object, const char *key)
{
    return clean(document, key, jr_string(document, object, key));
}

/* The same for members that must be there. */
static char *need_string(JsonDocument *document, const JsonValue *object, const char *key)
{
    char *value = string(document, object, key);
    if (value == NULL)
        jr_fail(document, "member '%s' is missing.", key);
    return value;
}

static gint64 need_integer(JsonDocument *document, const JsonValue *object, const char *key,
                           gint64 max)
{
    gint64 value = jr_integer(document, object, key, 0, max);
    if (value == UNKNOWN)
        jr_fail(document, "member '%s' is missing.", key);
    return value;
}

static gint64 need_hex(JsonDocument *document, const JsonValue *object, const char *key, gint64 max)
{
    gint64 value = jr_hex(document, object, key, max);
    if (value == UNKNOWN)
        jr_fail(document, "member '%s' is missing.", key);
    return value;
}

static int integer(JsonDocument *document, const JsonValue *object, const char *key, int max)
{
    return (int)jr_integer(document, object, key, 0, max);
}

/* "0000:00:1f.2" */
static bool is_address(const char *text)
{
    static const char PATTERN[] = "xxxx:xx:xx.o";
    if (strlen(text) != strlen(PATTERN))
        return false;
    for (gsize i = 0; PATTERN[i] != '\0'; i++) {
        bool fits = PATTERN[i] == 'x'   ? g_ascii_isxdigit(text[i]) && !g_ascii_isupper(text[i])
                    : PATTERN[i] == 'o' ? text[i] >= '0' && text[i] <= '7'
                                        : text[i] == PATTERN[i];
        if (!fits)
            return false;
    }
    return true;
}

/* The function that carries something: an address, or "" for none. */
static char *carrier(JsonDocument *document, const JsonValue *object)
{
    char *value = need_string(document, object, "pci");
    if (value != NULL && *value != '\0' && !is_address(value))
        jr_fail(document, "member 'pci' is '%.32s', which is no PCI address.", value);
    return value;
}

typedef gpointer (*ReadElement)(JsonDocument *document, const JsonValue *element);

/* The objects of an array, which must be there: no list is not the same as an empty one. */
static GPtrArray *list(JsonDocument *document, const JsonValue *object, const char *key, guint max,
                       ReadElement read, GDestroyNotify destroy)
{
    GPtrArray *elements = g_ptr_array_new_with_free_func(destroy);
    const JsonValue *array = jr_member(object, key);
    guint count = jr_length(array);

    if (count == 0) {
        g_auto(GStrv) none = jr_strings(document, object, key); /* notes what is no array */
        if (none == NULL)
            jr_fail(document, "'%s' is missing.", key);
    }
    if (count > max) {
        jr_fail(document, "'%s' has %u elements, and %u is the most there can be.", key, count,
                max);
        return elements;
    }
    for (guint i = 0; i < count; i++) {
        const JsonValue *element = jr_element(array, i);
        if (!jr_is_object(element)) {
            jr_fail(document, "element %u of '%s' should be an object.", i, key);
            break;
        }
        g_ptr_array_add(elements, read(document, element));
    }
    return elements;
}

static void free_bar(gpointer data)
{
    GuestBar *bar = data;
    g_free(bar->kind);
    g_free(bar);
}

static gpointer read_bar(JsonDocument *document, const JsonValue *element)
{
    static const char *const KINDS[] = {"memory32", "memory64", "io", NULL};
    GuestBar *bar = g_new0(GuestBar, 1);

    bar->index = (int)need_integer(document, element, "index", MAX_BARS - 1);
    bar->kind = need_string(document, element, "kind");
    if (bar->kind != NULL && !g_strv_contains(KINDS, bar->kind))
        jr_fail(document, "member 'kind' is '%.32s', which is no kind of BAR.", bar->kind);
    bar->prefetchable = jr_tri(document, element, "prefetchable") == TRI_YES;
    bar->size = jr_integer(document, element, "size", 0, MAX_MEMORY);
    return bar;
}

static void free_function(gpointer data)
{
    GuestFunction *function = data;
    g_free(function->address);
    g_ptr_array_unref(function->bars);
    g_free(function);
}

static gpointer read_function(JsonDocument *document, const JsonValue *element)
{
    GuestFunction *function = g_new0(GuestFunction, 1);

    function->address = need_string(document, element, "address");
    if (function->address != NULL && !is_address(function->address))
        jr_fail(document, "member 'address' is '%.32s', which is no PCI address.",
                function->address);
    function->vendor = (int)need_hex(document, element, "vendor", MAX_ID);
    function->device = (int)need_hex(document, element, "device", MAX_ID);
    function->subsystem_vendor = (int)jr_hex(document, element, "subsystem_vendor", MAX_ID);
    function->subsystem_device = (int)jr_hex(document, element, "subsystem_device", MAX_ID);
    function->class_code = (int)need_hex(document, element, "class", MAX_CLASS);
    function->revision = (int)jr_hex(document, element, "revision", 0xff);
    function->bars = list(document, element, "bars", MAX_BARS, read_bar, free_bar);
    function->rom_size = jr_integer(document, jr_member(element, "rom"), "size", 0, MAX_ROM);
    return function;
}

static void free_display(gpointer data)
{
    GuestDisplay *display = data;
    g_free(display->pci);
    g_strfreev(display->modes);
    g_free(display);
}

static bool is_mode(const char *text)
{
    gsize width = strspn(text, "0123456789");
    if (width == 0 || width > 6 || text[width] != 'x')
        return false;
    gsize height = strspn(text + width + 1, "0123456789");
    return height > 0 && height <= 6 && text[width + 1 + height] == '\0';
}

static gpointer read_display(JsonDocument *document, const JsonValue *element)
{
    GuestDisplay *display = g_new0(GuestDisplay, 1);

    display->pci = carrier(document, element);
    display->width = (int)need_integer(document, element, "width", MAX_PIXELS);
    display->height = (int)need_integer(document, element, "height", MAX_PIXELS);
    if (jr_length(jr_member(element, "modes")) > MAX_MODES)
        jr_fail(document, "'modes' has more than %d elements.", MAX_MODES);
    else
        display->modes = jr_strings(document, element, "modes");
    for (char **mode = display->modes; mode != NULL && *mode != NULL; mode++)
        if (!is_mode(*mode))
            jr_fail(document, "'modes' has '%.32s', which is no resolution.", *mode);
    return display;
}

static void free_disk(gpointer data)
{
    GuestDisk *disk = data;
    g_free(disk->pci);
    g_free(disk->bus);
    g_free(disk->path);
    g_free(disk);
}

static gpointer read_disk(JsonDocument *document, const JsonValue *element)
{
    GuestDisk *disk = g_new0(GuestDisk, 1);

    disk->pci = carrier(document, element);
    disk->bus = need_string(document, element, "bus");
    disk->path = string(document, element, "path");
    disk->size = need_integer(document, element, "size", G_MAXINT64);
    disk->partition = jr_tri(document, element, "partition");
    disk->read_only = jr_tri(document, element, "read_only");
    return disk;
}

static void free_network(gpointer data)
{
    GuestNetwork *network = data;
    g_free(network->pci);
    g_free(network->mac);
    g_free(network);
}

static gpointer read_network(JsonDocument *document, const JsonValue *element)
{
    GuestNetwork *network = g_new0(GuestNetwork, 1);

    network->pci = carrier(document, element);
    network->mac = string(document, element, "mac");
    if (network->mac != NULL && network->mac[strspn(network->mac, "0123456789abcdef:")] != '\0')
        jr_fail(document, "member 'mac' is '%.32s', which is no address.", network->mac);
    return network;
}

static void free_acpi(gpointer data)
{
    GuestAcpiTable *table = data;
    g_free(table->signature);
    g_free(table->oem);
    g_free(table->oem_table);
    g_free(table);
}

static gpointer read_acpi(JsonDocument *document, const JsonValue *element)
{
    GuestAcpiTable *table = g_new0(GuestAcpiTable, 1);

    table->signature = need_string(document, element, "signature");
    table->oem = string(document, element, "oem");
    table->oem_table = string(document, element, "oem_table");
    table->checksum_ok = jr_tri(document, element, "checksum_ok");
    return table;
}

static GArray *read_leaves(JsonDocument *document, const JsonValue *cpu)
{
    GArray *leaves = g_array_new(FALSE, FALSE, sizeof(GuestCpuid));
    const JsonValue *array = jr_member(cpu, "leaves");
    guint count = jr_length(array);

    if (count > MAX_LEAVES)
        jr_fail(document, "'leaves' has more than %d elements.", MAX_LEAVES);
    for (guint i = 0; i < MIN(count, (guint)MAX_LEAVES); i++) {
        const JsonValue *element = jr_element(array, i);
        GuestCpuid leaf = {
            .leaf = (guint32)need_hex(document, element, "leaf", G_MAXUINT32),
            .subleaf = (guint32)need_hex(document, element, "subleaf", G_MAXUINT32),
            .eax = (guint32)need_hex(document, element, "eax", G_MAXUINT32),
            .ebx = (guint32)need_hex(document, element, "ebx", G_MAXUINT32),
            .ecx = (guint32)need_hex(document, element, "ecx", G_MAXUINT32),
            .edx = (guint32)need_hex(document, element, "edx", G_MAXUINT32),
        };
        g_array_append_val(leaves, leaf);
    }
    return leaves;
}

static void read_cpu(GuestReport *report, JsonDocument *document, const JsonValue *cpu)
{
    const JsonValue *hypervisor = jr_member(cpu, "hypervisor");
    const JsonValue *topology = jr_member(cpu, "topology");

    report->cpu_vendor = need_string(document, cpu, "vendor");
    report->cpu_brand = string(document, cpu, "brand");
    report->cpu_family = integer(document, cpu, "family", 15 + 255);
    report->cpu_model = integer(document, cpu, "model", 255);
    report->cpu_stepping = integer(document, cpu, "stepping", 15);
    report->cpuid = read_leaves(document, cpu);
    report->hypervisor = jr_tri(document, hypervisor, "present") == TRI_YES
                             ? string(document, hypervisor, "signature")
                             : NULL;
    if (report->hypervisor == NULL)
        report->hypervisor = g_strdup("");
    report->packages = integer(document, topology, "packages", MAX_THREADS);
    report->cores = integer(document, topology, "cores", MAX_THREADS);
    report->threads = integer(document, topology, "threads", MAX_THREADS);
    report->tsc_hz = jr_integer(document, cpu, "tsc_hz", 0, MAX_HZ);
}

static void read_lists(GuestReport *report, JsonDocument *document, const JsonValue *top)
{
    report->functions = list(document, top, "pci", MAX_FUNCTIONS, read_function, free_function);
    report->displays = list(document, top, "displays", MAX_DISPLAYS, read_display, free_display);
    report->disks = list(document, top, "disks", MAX_DISKS, read_disk, free_disk);
    report->networks = list(document, top, "networks", MAX_NETWORKS, read_network, free_network);
    report->acpi = list(document, top, "acpi", MAX_ACPI, read_acpi, free_acpi);
}

static void read_smbios(GuestReport *report, JsonDocument *document, const JsonValue *smbios)
{
    const JsonValue *system = jr_member(smbios, "system");

    report->smbios_manufacturer = string(document, system, "manufacturer");
    report->smbios_product = string(document, system, "product");
    report->smbios_uuid = string(document, system, "uuid");
    report->smbios_board = string(document, jr_member(smbios, "board"), "product");
    report->smbios_memory = jr_integer(document, smbios, "memory_total", 0, MAX_MEMORY);
}

static void read_top(GuestReport *report, JsonDocument *document, const JsonValue *top)
{
    const JsonValue *firmware = jr_member(top, "firmware");

    report->firmware_vendor = string(document, firmware, "vendor");
    report->firmware_revision = string(document, firmware, "revision");
    report->uefi_version = string(document, firmware, "uefi");
    read_cpu(report, document, jr_member(top, "cpu"));
    report->memory_total = jr_integer(document, jr_member(top, "memory"), "total", 0, MAX_MEMORY);
    read_lists(report, document, top);
    read_smbios(report, document, jr_member(top, "smbios"));
}

bool guest_parse(GuestReport *report, const char *json, gsize length, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(JsonDocument) document = jr_parse(json, length, "report", &reason);

    if (document != NULL) {
        read_top(report, document, jr_top(document));
        if (jr_ok(document, &reason))
            return true;
    }
    return fail(error, ERROR_FAILED, "The guest sent something that is no report of the probe. %s",
                reason->message);
}
