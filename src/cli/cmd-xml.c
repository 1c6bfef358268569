/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "store/build.h"

#include <stdio.h>
#include <string.h>

int cmd_xml(Context *context, GError **error)
{
    g_autoptr(Machine) machine = context_machine(context, error);
    g_autofree char *xml =
        machine != NULL ? store_domain_xml(context->store, machine, error) : NULL;
    if (xml == NULL)
        return -1;
    if (!context->output.json) {
        fputs(xml, stdout);
        if (!g_str_has_suffix(xml, "\n"))
            fputc('\n', stdout);
        return 0;
    }
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "xml", xml);
    jw_end_object(json);
    return jw_finish(json, error) ? 0 : -1;
}
