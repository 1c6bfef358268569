/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "facts/snapshot-fields.h"
#include "facts/snapshot-form.h"
#include "facts/snapshot-parts.h"
#include "facts/snapshot-setup.h"
#include "facts/snapshot.h"

static bool check_schema(JsonDocument *document, const JsonValue *top, const char *name,
                         GError **error)
{
    gint64 schema =
        jr_is_object(top) ? jr_integer(document, top, "schema", 1, G_MAXINT64) : UNKNOWN;
    if (!jr_ok(document, error))
        return false;
    if (schema == UNKNOWN)
        return fail(error, ERROR_INPUT,
                    "'%s' is not a snapshot of a host: it has no member 'schema'. Make one with "
                    "'rootstock scan -o FILE'.",
                    name);
    if (schema > SNAPSHOT_SCHEMA)
        return fail(error, ERROR_INPUT,
                    "'%s' is a snapshot of form %" G_GINT64_FORMAT
                    ", and this program knows form %d only. Use a newer Rootstock.",
                    name, schema, SNAPSHOT_SCHEMA);
    return true;
}

/* All but the PCI functions. The document tree is freed when this returns. */
static Facts *read_rest(const char *text, gsize length, const char *name, GError **error)
{
    g_autoptr(JsonDocument) document = snapshot_parse(text, length, SNAPSHOT_TEXT_MAX, name, error);
    if (document == NULL)
        return NULL;
    const JsonValue *top = jr_top(document);
    if (!check_schema(document, top, name, error))
        return NULL;

    g_autoptr(Facts) facts = facts_new();
    snapshot_read_processor(document, top, facts);
    snapshot_read_iommu(document, top, facts);
    snapshot_read_storage(document, top, facts);
    snapshot_read_peripherals(document, top, facts);
    snapshot_read_system(document, top, facts);
    snapshot_read_setup(document, top, &facts->setup);
    if (!jr_ok(document, error))
        return NULL;
    return g_steal_pointer(&facts);
}

Facts *facts_read(const char *text, gsize length, const char *name, GError **error)
{
    if (length > SNAPSHOT_LENGTH_MAX)
        return fail_null(
            error, ERROR_INPUT,
            "'%s' is larger than %d MiB, more than a snapshot of a host can have. Make "
            "one with 'rootstock scan -o FILE'.",
            name, SNAPSHOT_LENGTH_MAX / (1024 * 1024));
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(SnapshotPiece));
    gsize rest_length = 0;
    g_autofree char *rest = snapshot_split(text, length, "pci", pieces, &rest_length);

    g_autoptr(Facts) facts = rest != NULL ? read_rest(rest, rest_length, name, error)
                                          : read_rest(text, length, name, error);
    if (facts == NULL || (rest != NULL && !snapshot_read_functions(pieces, name, facts, error)))
        return NULL;
    if (facts->pci == NULL)
        facts->pci_complete = TRI_UNKNOWN;
    return g_steal_pointer(&facts);
}
