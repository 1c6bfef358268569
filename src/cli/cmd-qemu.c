/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "store/build.h"

#include <stdio.h>

static bool write_json(char *const *argv, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_begin_array(json, "argv");
    for (; *argv != NULL; argv++)
        jw_string(json, NULL, *argv);
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_qemu(Context *context, GError **error)
{
    g_autoptr(Machine) machine = context_machine(context, error);
    g_auto(GStrv) argv = machine != NULL ? store_qemu_argv(context->store, machine, error) : NULL;
    if (argv == NULL)
        return -1;
    if (context->output.json)
        return write_json(argv, error) ? 0 : -1;
    g_autofree char *text = render_qemu_text(argv);
    fputs(text, stdout);
    if (!g_str_has_suffix(text, "\n"))
        fputc('\n', stdout);
    return 0;
}
