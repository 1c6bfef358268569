/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "facts/snapshot.h"
#include "os/replace.h"

#include <string.h>
#include <unistd.h>

/* Writes FACTS to the descriptor FD, which stays open. */
static bool write_to(int fd, const Facts *facts, GError **error)
{
    int copy = dup(fd);
    FILE *stream = copy != -1 ? fdopen(copy, "w") : NULL;
    if (stream == NULL) {
        if (copy != -1)
            close(copy);
        return fail(error, ERROR_FAILED, "The snapshot could not be written.");
    }
    JsonWrite *json = jw_new(stream);
    facts_write(facts, json, NULL);
    bool written = jw_finish(json, error);
    fclose(stream);
    return written;
}

static bool write_file(const char *path, bool private_too, const Facts *facts, GError **error)
{
    g_autoptr(OsReplace) file = os_replace_begin(path, private_too ? 0600 : 0644, error);
    return file != NULL && write_to(os_replace_fd(file), facts, error) &&
           os_replace_commit(file, error);
}

int cmd_scan(Context *context, GError **error)
{
    const char *path = command_line_value(context->line, "output");
    bool private_too = command_line_has(context->line, "private");
    const Facts *facts =
        private_too ? context_private_facts(context, error) : context_facts(context, error);
    if (facts == NULL)
        return -1;
    if (path != NULL && strcmp(path, "-") != 0)
        return write_file(path, private_too, facts, error) &&
                       output_file(&context->output, "snapshot", path, error)
                   ? 0
                   : -1;

    JsonWrite *json = jw_new(stdout);
    facts_write(facts, json, NULL);
    return jw_finish(json, error) ? 0 : -1;
}
