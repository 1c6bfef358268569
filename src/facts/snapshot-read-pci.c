/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-parts.h"

#include "base/error.h"
#include "facts/snapshot-fields.h"
#include "facts/snapshot-form.h"
#include "facts/snapshot.h"

#include <string.h>

enum { BAR_LAST = 5, LANES_MAX = 32 };

static bool bar_kind_from_name(const char *name, BarKind *ret_kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(SNAPSHOT_BAR_KINDS); i++) {
        if (g_strcmp0(name, SNAPSHOT_BAR_KINDS[i]) == 0) {
            *ret_kind = (BarKind)i;
            return true;
        }
    }
    return false;
}

static bool read_bar(JsonDocument *document, const JsonValue *element, int before, PciBar *bar)
{
    g_autofree char *kind = jr_string(document, element, "kind");
    gint64 size = jr_integer(document, element, "size", 1, G_MAXINT64);
    gint64 address = jr_integer(document, element, "address", 1, G_MAXINT64);

    bar->index = snapshot_int(document, element, "index", BAR_LAST);
    bar->prefetchable = jr_tri(document, element, "prefetchable") == TRI_YES;
    bar->size = (guint64)size;
    bar->address = address == UNKNOWN ? 0 : (guint64)address;
    bar->unassigned = jr_tri(document, element, "unassigned") == TRI_YES;
    if (bar_kind_from_name(kind, &bar->kind) && size != UNKNOWN && bar->index > before)
        return true;
    jr_fail(document, "there is a BAR without a known kind, a size and an index of its own.");
    return false;
}

static void read_bars(JsonDocument *document, const JsonValue *object, PciFunction *function)
{
    const JsonValue *list = jr_array(document, object, "bars");
    PciBar bar = {.index = -1};

    if (list == NULL)
        return;
    function->bars = g_array_sized_new(
        FALSE, TRUE, sizeof(PciBar), jr_length(list) <= BAR_LAST ? jr_length(list) : BAR_LAST + 1);
    for (guint i = 0; i < jr_length(list); i++) {
        const JsonValue *element = jr_element(list, i);
        if (!snapshot_is_object(document, element, "bars", i) ||
            !read_bar(document, element, bar.index, &bar))
            return;
        g_array_append_val(function->bars, bar);
    }
}

static void read_ids(JsonDocument *document, const JsonValue *object, PciFunction *function)
{
    function->vendor = (int)jr_hex(document, object, "vendor", 0xffff);
    function->device = (int)jr_hex(document, object, "device", 0xffff);
    function->subsystem_vendor = (int)jr_hex(document, object, "subsystem_vendor", 0xffff);
    function->subsystem_device = (int)jr_hex(document, object, "subsystem_device", 0xffff);
    function->class_code = (int)jr_hex(document, object, "class", 0xffffff);
    function->revision = (int)jr_hex(document, object, "revision", 0xff);
    function->vendor_name = jr_string(document, object, "vendor_name");
    function->device_name = jr_string(document, object, "device_name");
}

static void read_function(JsonDocument *document, const JsonValue *object, PciFunction *function)
{
    read_ids(document, object, function);
    function->driver = jr_string(document, object, "driver");
    function->driver_built_in = jr_tri(document, object, "driver_built_in");
    function->driver_override = jr_string(document, object, "driver_override");
    function->modules = jr_strings(document, object, "modules");
    function->iommu_group = snapshot_int(document, object, "iommu_group", G_MAXINT);
    function->numa_node = snapshot_int(document, object, "numa_node", G_MAXINT);
    read_bars(document, object, function);
    function->rom_size = snapshot_size(document, object, "rom_size");
    function->boot_vga = jr_tri(document, object, "boot_vga");
    function->reset_methods = jr_strings(document, object, "reset_methods");
    function->link_speed = jr_string(document, object, "link_speed");
    function->link_speed_max = jr_string(document, object, "link_speed_max");
    function->link_width = snapshot_int(document, object, "link_width", LANES_MAX);
    function->link_width_max = snapshot_int(document, object, "link_width_max", LANES_MAX);
    function->parent = snapshot_address(document, object, "parent", true);
    function->resizable_bar = jr_tri(document, object, "resizable_bar");
    function->reset_failed = jr_tri(document, object, "reset_failed");
}

static int compare_addresses(gconstpointer left, gconstpointer right)
{
    const PciFunction *a = *(PciFunction *const *)left, *b = *(PciFunction *const *)right;
    return strcmp(a->address, b->address);
}

typedef struct {
    GPtrArray *functions;
    GHashTable *seen; /* their addresses */
} Functions;

static void read_element(JsonDocument *document, const JsonValue *element, Functions *into)
{
    const char *address =
        snapshot_take_name(document, snapshot_address(document, element, "address", false),
                           "a PCI function", into->seen);
    if (address == NULL)
        return;
    PciFunction *function = pci_function_new(address);
    g_ptr_array_add(into->functions, function);
    read_function(document, element, function);
}

static bool read_pieces(const GArray *pieces, const char *name, Functions *into, GError **error)
{
    for (guint i = 0; i < pieces->len; i++) {
        const SnapshotPiece *piece = &g_array_index(pieces, SnapshotPiece, i);
        g_autoptr(JsonDocument) document =
            snapshot_parse(piece->start, piece->length, SNAPSHOT_NAME_MAX, name, error);
        if (document == NULL)
            return false;
        read_element(document, jr_top(document), into);
        if (!jr_ok(document, error))
            return false;
    }
    return true;
}

bool snapshot_read_functions(const GArray *pieces, const char *name, Facts *facts, GError **error)
{
    if (pieces->len > SNAPSHOT_FUNCTIONS_MAX)
        return fail(
            error, ERROR_INPUT,
            "'%s' has %u PCI functions; more than %d are not judged. Take out those that are "
            "not asked about.",
            name, pieces->len, SNAPSHOT_FUNCTIONS_MAX);
    g_autoptr(GPtrArray) functions =
        g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!read_pieces(pieces, name, &(Functions){functions, seen}, error))
        return false;
    g_ptr_array_sort(functions, compare_addresses);
    facts->pci = g_steal_pointer(&functions);
    return true;
}

/* What snapshot_split() leaves to the whole document's parser is either no array or no array of
 * objects. */
static void refuse_list(JsonDocument *document, const JsonValue *top)
{
    const JsonValue *list = jr_array(document, top, "pci");
    for (guint i = 0; i < jr_length(list); i++) {
        if (!snapshot_is_object(document, jr_element(list, i), "pci", i))
            return;
    }
    if (list != NULL)
        jr_fail(document, "member 'pci' is there twice, or written in an unusual way.");
}

/* What says nothing of it is from before this member: of a live host, and complete. */
static Tri read_complete(JsonDocument *document, const JsonValue *object, const char *key)
{
    return jr_member(object, key) == NULL ? TRI_YES : jr_tri(document, object, key);
}

void snapshot_read_iommu(JsonDocument *document, const JsonValue *top, Facts *facts)
{
    const JsonValue *iommu = jr_object(document, top, "iommu");

    refuse_list(document, top);
    facts->iommu.groups = jr_tri(document, iommu, "groups");
    facts->iommu.group_count = snapshot_int(document, iommu, "group_count", G_MAXINT);
    facts->iommu.units = jr_strings(document, iommu, "units");
    facts->iommu.table = jr_string(document, iommu, "table");
    facts->iommu.interrupt_remapping = jr_tri(document, iommu, "interrupt_remapping");
    facts->iommu.unsafe_interrupts = jr_tri(document, iommu, "unsafe_interrupts");
    facts->iommu.acs_override = jr_tri(document, iommu, "acs_override");
    if (facts->iommu.groups != TRI_UNKNOWN)
        facts->iommu.complete = read_complete(document, iommu, "complete");
    facts->pci_complete = read_complete(document, top, "pci_complete");
}
