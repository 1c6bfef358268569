/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/context.h"

#include "base/error.h"
#include "facts/collect.h"
#include "facts/paste.h"
#include "facts/snapshot.h"
#include "os/files.h"
#include "os/person.h"

#include <string.h>
#include <unistd.h>

bool context_init(Context *context, const CommandLine *line, GError **error)
{
    context->line = line;
    context->output.json = command_line_has(line, "json");
    context->output.quiet = command_line_has(line, "quiet");
    context->output.verbose = command_line_has(line, "verbose");
    output_init(&context->output, command_line_value(line, "color"));

    bool host = command_line_has(line, "host");
    if (host && command_line_has(line, "root"))
        return fail(error, ERROR_INPUT,
                    "--host and --root both say where the host's facts come from. Give one of "
                    "them.");
    if (host && line->command != NULL && line->command->changes)
        return fail(
            error, ERROR_INPUT,
            "The command %s changes or starts something on this host, and --host is about a "
            "recorded one. Run it without --host, on the host itself.",
            line->command->name);
    return true;
}

void context_clear(Context *context)
{
    g_clear_pointer(&context->path, path_free);
    g_clear_pointer(&context->applied, applied_free);
    g_clear_pointer(&context->machine, machine_free);
    g_clear_pointer(&context->machines, g_strfreev);
    g_clear_pointer(&context->account, g_free);
    g_clear_pointer(&context->verdict, verdict_free);
    g_clear_pointer(&context->facts, facts_free);
    g_clear_pointer(&context->catalog, catalog_free);
    g_clear_pointer(&context->store, store_free);
}

const Catalog *context_catalog(Context *context, GError **error)
{
    if (context->catalog == NULL)
        context->catalog = catalog_load(error);
    return context->catalog;
}

/* A snapshot is a JSON object; everything else is text that somebody pasted. */
static Facts *read_host(const char *path, GError **error)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    gsize length = 0;
    g_autofree char *text = os_read_file(path, PASTE_LENGTH_MAX, &length, error);
    if (text == NULL)
        return NULL;
    if (text[strspn(text, " \t\r\n")] != '{')
        return facts_from_text(text, length, name, error);
    /* other programs write JSON, too */
    Facts *facts =
        strstr(text, "\"schema\"") == NULL ? facts_from_text(text, length, name, NULL) : NULL;
    return facts != NULL ? facts : facts_read(text, length, name, error);
}

static Facts *collect(const Context *context, const FactsOptions *options, GError **error)
{
    const char *path = command_line_value(context->line, "root");
    g_autoptr(OsRoot) root = os_root_open(path != NULL ? path : "/", error);
    return root != NULL ? facts_collect(root, options) : NULL;
}

static const Facts *get_facts(Context *context, const FactsOptions *options, GError **error)
{
    const char *host = command_line_value(context->line, "host");
    if (context->facts == NULL)
        context->facts = host != NULL ? read_host(host, error) : collect(context, options, error);
    return context->facts;
}

const Facts *context_facts(Context *context, GError **error)
{
    return get_facts(context, &(FactsOptions){.private_too = false}, error);
}

const Facts *context_private_facts(Context *context, GError **error)
{
    return get_facts(context, &(FactsOptions){.private_too = true}, error);
}

const Verdict *context_verdict(Context *context, GError **error)
{
    if (context->verdict != NULL)
        return context->verdict;
    const Catalog *catalog = context_catalog(context, error);
    const Facts *facts = catalog != NULL ? context_facts(context, error) : NULL;
    if (facts != NULL)
        context->verdict = verdict_make(facts, catalog);
    return context->verdict;
}

/* Whether a person's machines lie where QEMU of the system connection can reach them. */
static bool has_images_folder(void)
{
    g_autofree char *account = os_person_name();
    g_autofree char *images = os_images_folder(account);
    g_autofree char *folder = os_store_folder(geteuid());
    return geteuid() != 0 && g_strcmp0(folder, images) == 0;
}

/* The store of the system connection is the system's, whoever asks; or a person's own folder that
 * its QEMU can reach. */
static const char *store_folder(const Context *context)
{
    const char *folder = command_line_value(context->line, "store");
    if (folder == NULL && g_strcmp0(context_connect(context), "qemu:///system") == 0 &&
        !has_images_folder())
        return "/var/lib/rootstock";
    return folder;
}

Store *context_store(Context *context, GError **error)
{
    if (context->store == NULL)
        context->store = store_open(store_folder(context), error);
    return context->store;
}

bool context_release(Context *context, const Release **ret_release, GError **error)
{
    const char *name = command_line_value(context->line, "os");
    const Release *release = NULL;

    if (name != NULL) {
        const Catalog *catalog = context_catalog(context, error);
        if (catalog == NULL)
            return false;
        release = catalog_release_asked(catalog, name, error);
        if (release == NULL)
            return false;
    }
    *ret_release = release;
    return true;
}

const char *context_connect(const Context *context)
{
    const char *uri = command_line_value(context->line, "connect");
    if (uri == NULL)
        uri = g_getenv("ROOTSTOCK_CONNECT");
    return uri != NULL && *uri != '\0' ? uri : NULL;
}

char *context_probe(void)
{
    const char *path = g_getenv("ROOTSTOCK_PROBE");
    return g_strdup(path != NULL && *path != '\0' ? path : ROOTSTOCK_DATADIR "/probe.efi");
}

Machine *context_machine(Context *context, GError **error)
{
    return context_machine_named(context, context->line->argument, error);
}

Machine *context_machine_named(Context *context, const char *name, GError **error)
{
    if (!machine_check_name(name, error))
        return NULL;
    Store *store = context_store(context, error);
    const Catalog *catalog = store != NULL ? context_catalog(context, error) : NULL;
    if (catalog == NULL)
        return NULL;

    MachineIdentity identity = {0};
    g_autoptr(MachineChoices) choices = store_load(store, name, catalog, &identity, error);
    if (choices == NULL)
        return NULL;
    const Verdict *verdict = context_verdict(context, error);
    Machine *machine = NULL;
    if (verdict != NULL)
        machine = machine_fill(name, choices, &identity, context->facts, catalog, verdict, error);
    machine_identity_clear(&identity);
    return machine;
}
