/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "os/files.h"
#include "os/replace.h"
#include "store/build.h"
#include "store/private.h"

#include <string.h>

#define NOTE_FILE "preflight.ini"
#define NOTE_MAX 4096

/* The machine as it would be built now, in one short word: a note about another one is worth
 * nothing. NULL: it cannot be rendered. */
static char *digest_of(const Store *store, const Machine *machine)
{
    g_autofree char *xml = store_domain_xml(store, machine, NULL);
    return xml != NULL ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, xml, -1) : NULL;
}

bool store_note_preflight(Store *store, const Machine *machine, bool passed, GError **error)
{
    g_autofree char *path = store_machine_file(store, machine->name, NOTE_FILE);
    g_autofree char *digest = digest_of(store, machine);

    if (digest == NULL)
        return fail(error, ERROR_FAILED,
                    "The preflight of '%s' cannot be noted: its domain cannot be written.",
                    machine->name);
    g_autofree char *text =
        g_strdup_printf("# What the last preflight found, and of which domain.\n"
                        "[preflight]\npassed=%s\ndomain=%s\n",
                        passed ? "yes" : "no", digest);
    return os_replace_bytes(path, text, strlen(text), STORE_FILE_MODE, error);
}

Tri store_preflight_passed(const Store *store, const Machine *machine)
{
    g_autofree char *path = store_machine_file(store, machine->name, NOTE_FILE);
    gsize length = 0;
    g_autofree char *text = os_read_file(path, NOTE_MAX, &length, NULL);
    g_autoptr(GKeyFile) file = g_key_file_new();

    if (text == NULL || !g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, NULL))
        return TRI_UNKNOWN;
    g_autofree char *passed = g_key_file_get_string(file, "preflight", "passed", NULL);
    g_autofree char *noted = g_key_file_get_string(file, "preflight", "domain", NULL);
    g_autofree char *now = digest_of(store, machine);
    if (noted == NULL || g_strcmp0(noted, now) != 0)
        return TRI_UNKNOWN;
    return tri(g_strcmp0(passed, "yes") == 0);
}
