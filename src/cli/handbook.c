/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/handbook.h"

#include "base/error.h"
#include "catalog/glossary.h"
#include "machine/propose.h"
#include "os/replace.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

/* What the path leads to, as a machine; NULL with *RET_NOTE where none can be. The caller owns
 * both. */
static Machine *propose(const Path *path, char **ret_note)
{
    const PathTarget *target = &path->target;

    if (target->release == NULL) {
        *ret_note = g_strdup(target->reason);
        return NULL;
    }
    return machine_propose(target->release,
                           target->gpu != NULL ? target->gpu->function->address : NULL, path->facts,
                           path->catalog, path->verdict, ret_note);
}

static char *make_page(const Path *path, GError **error)
{
    g_autoptr(Glossary) glossary = glossary_load(error);
    g_autoptr(Machine) proposed = NULL;
    g_autofree char *note = NULL;
    const Machine *guest = path->machine;

    if (glossary == NULL)
        return NULL;
    if (guest == NULL)
        guest = proposed = propose(path, &note);
    g_autoptr(Pinning) pinning =
        guest != NULL
            ? pinning_propose(path->facts, &path->verdict->processor, machine_threads(guest))
            : NULL;
    Report report = {
        .path = path,
        .glossary = glossary,
        .guest = guest,
        .guest_note = note,
        .pinning = pinning,
        .version = ROOTSTOCK_VERSION,
    };
    return report_html(&report, error);
}

bool handbook(Context *context, GError **error)
{
    const char *file = command_line_value(context->line, "html");

    if (context->line->argument != NULL)
        return fail(error, ERROR_INPUT,
                    "--html writes the whole path, and a step was named. Leave out '%.60s' or "
                    "--html.",
                    context->line->argument);
    const Path *path = context_path(context, error);
    g_autofree char *page = path != NULL ? make_page(path, error) : NULL;
    if (page == NULL)
        return false;
    if (strcmp(file, "-") == 0) {
        fputs(page, stdout);
        return true;
    }
    return os_replace_bytes(file, page, strlen(page), 0644, error) &&
           output_file(&context->output, "handbook", file, error);
}
