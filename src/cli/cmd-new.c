/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "cli/cmd.h"
#include "cli/machine-out.h"

#include <string.h>

/* The values of OPTION as full addresses, each once; NULL for none. */
static bool read_addresses(const CommandLine *line, const char *option, GStrv *ret_addresses,
                           GError **error)
{
    g_autoptr(GPtrArray) values = command_line_values(line, option);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < values->len; i++) {
        const char *text = g_ptr_array_index(values, i);
        g_autofree char *address = pci_address_full(text);
        if (address == NULL)
            return fail(error, ERROR_INPUT,
                        "'%s' is no PCI address. --%s takes one like 0a:00.0 or 0000:0a:00.0; "
                        "`rootstock devices` shows those of this host.",
                        text, option);
        if (g_hash_table_add(seen, g_strdup(address)))
            g_strv_builder_add(builder, address);
    }
    *ret_addresses = values->len > 0 ? g_strv_builder_end(builder) : NULL;
    return true;
}

static bool read_huge_page(const CommandLine *line, gint64 *ret_bytes, GError **error)
{
    const char *text = command_line_value(line, "huge-pages");
    return text == NULL || machine_read_huge_page(text, ret_bytes, error);
}

static MachineChoices *read_choices(Context *context, GError **error)
{
    const CommandLine *line = context->line;
    const Release *release = NULL;

    if (!command_line_has(line, "os"))
        return fail_null(error, ERROR_INPUT,
                         "It is not said which release the machine is for: --os RELEASE. "
                         "`rootstock check` lists those that this host can run.");
    if (!context_release(context, &release, error))
        return NULL;
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup(release->id);
    choices->force = command_line_has(line, "force");
    choices->memory = command_line_size(line, "memory");
    choices->cores = (int)command_line_number(line, "cores");
    choices->disk = command_line_size(line, "disk");
    choices->network = g_strdup(command_line_value(line, "network"));
    choices->bridge = g_strdup(command_line_value(line, "bridge"));
    choices->interface = g_strdup(command_line_value(line, "interface"));
    if (!read_huge_page(line, &choices->huge_page, error) ||
        !read_addresses(line, "gpu", &choices->gpus, error) ||
        !read_addresses(line, "device", &choices->devices, error))
        return NULL;
    return g_steal_pointer(&choices);
}

/* Fills the machine in before anything is written, so that what cannot be is never stored. */
static bool try_machine(Context *context, const char *name, const MachineChoices *choices,
                        GError **error)
{
    const Verdict *verdict = context_verdict(context, error);
    if (verdict == NULL)
        return false;
    MachineIdentity identity = store_new_identity();
    g_autoptr(Machine) machine =
        machine_fill(name, choices, &identity, context->facts, context->catalog, verdict, error);
    machine_identity_clear(&identity);
    return machine != NULL;
}

static bool create(Context *context, const char *name, GError **error)
{
    if (!machine_check_name(name, error))
        return false;
    g_autoptr(MachineChoices) choices = read_choices(context, error);
    Store *store = choices != NULL ? context_store(context, error) : NULL;
    if (store == NULL)
        return false;
    if (store_is_taken(store, name))
        return fail(error, ERROR_INPUT,
                    "The name '%s' is taken by a machine already, or by what is left of one. Take "
                    "another name, or `rootstock delete %s` first.",
                    name, name);
    return try_machine(context, name, choices, error) && store_create(store, name, choices, error);
}

int cmd_new(Context *context, GError **error)
{
    const char *name = context->line->argument;

    if (!create(context, name, error))
        return -1;
    g_autoptr(Machine) machine = context_machine(context, error);
    if (machine == NULL)
        return -1;
    if (context->output.quiet && !context->output.json)
        return 0;
    if (!machine_print(context, machine, error))
        return -1;
    if (!context->output.json)
        output_note(&context->output, "The machine '%s' is written. Next: rootstock build %s", name,
                    name);
    return 0;
}
