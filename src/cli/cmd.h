/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"

#include <glib.h>

/*
 * The commands. Each returns its exit status, 0 or 1 (ERROR_REFUSED), or -1 with an error, whose
 * code then is the exit status.
 */
typedef int (*CliRun)(Context *context, GError **error);

int cmd_apply(Context *context, GError **error);
int cmd_build(Context *context, GError **error);
int cmd_check(Context *context, GError **error);
int cmd_clone(Context *context, GError **error);
int cmd_config(Context *context, GError **error);
int cmd_confirm(Context *context, GError **error);
int cmd_delete(Context *context, GError **error);
int cmd_devices(Context *context, GError **error);
int cmd_efi(Context *context, GError **error);
int cmd_explain(Context *context, GError **error);
int cmd_gpus(Context *context, GError **error);
int cmd_guide(Context *context, GError **error);
int cmd_help(Context *context, GError **error);
int cmd_history(Context *context, GError **error);
int cmd_list(Context *context, GError **error);
int cmd_new(Context *context, GError **error);
int cmd_opencore(Context *context, GError **error);
int cmd_plan(Context *context, GError **error);
int cmd_preflight(Context *context, GError **error);
int cmd_qemu(Context *context, GError **error);
int cmd_releases(Context *context, GError **error);
int cmd_scan(Context *context, GError **error);
int cmd_show(Context *context, GError **error);
int cmd_status(Context *context, GError **error);
int cmd_undo(Context *context, GError **error);
int cmd_xml(Context *context, GError **error);

/* `rootstock __complete KIND`, which the completions of the shells call: one candidate a line, with
 * a tab and what it is behind it. Says nothing on standard error. */
void complete_print(const char *kind);
