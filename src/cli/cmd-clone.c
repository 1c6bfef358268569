/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"

#include <stdio.h>

/* What both are to have of the host. The caller owns the list. */
static GStrv shared_devices(const MachineChoices *choices)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    if (choices->gpus != NULL)
        g_strv_builder_addv(builder, (const char **)choices->gpus);
    if (choices->devices != NULL)
        g_strv_builder_addv(builder, (const char **)choices->devices);
    return g_strv_builder_end(builder);
}

static bool write_json(const char *from, const char *to, const StoreClone *clone, GStrv devices,
                       GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "name", to);
    jw_string(json, "from", from);
    jw_boolean(json, "disk", clone->disk);
    jw_boolean(json, "numbers_left_out", clone->numbers);
    jw_begin_array(json, "shared");
    for (char **device = devices; *device != NULL; device++)
        jw_string(json, NULL, *device);
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

static void say(const Output *output, const char *from, const char *to, const StoreClone *clone,
                GStrv devices)
{
    g_autofree char *shared = g_strjoinv(", ", devices);
    output_note(output,
                "The machine '%s' is written: the choices of '%s'%s, and a UUID and MAC address of "
                "its own. Its serial numbers are made with its first image.",
                to, from, clone->disk ? ", a copy of its disk" : "");
    if (clone->numbers)
        output_note(output,
                    "The serial numbers in the machine file of '%s' were left out, as no two Macs "
                    "have the same.",
                    from);
    if (*shared != '\0')
        output_note(output, "Both are to have %s: only one of them can run at a time.", shared);
    output_note(output, "Next: rootstock build %s", to);
}

int cmd_clone(Context *context, GError **error)
{
    const char *from = context->line->argument;
    const char *to = command_line_value(context->line, "as");
    StoreClone clone;

    if (to == NULL) {
        fail(error, ERROR_INPUT, "It is not said what the new machine is called: --as NEW.");
        return -1;
    }
    Store *store = machine_check_name(to, error) ? context_store(context, error) : NULL;
    const Catalog *catalog = store != NULL ? context_catalog(context, error) : NULL;
    if (catalog == NULL)
        return -1;
    MachineIdentity identity = {0};
    g_autoptr(MachineChoices) choices = store_load(store, from, catalog, &identity, error);
    machine_identity_clear(&identity);
    bool disk = !command_line_has(context->line, "no-disk");
    if (choices == NULL || !store_clone(store, from, to, disk, &clone, error))
        return -1;
    g_auto(GStrv) devices = shared_devices(choices);
    if (context->output.json)
        return write_json(from, to, &clone, devices, error) ? 0 : -1;
    say(&context->output, from, to, &clone, devices);
    return 0;
}
