/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "apply/resolve.h"
#include "cli/context.h"

#include <glib.h>
#include <stdbool.h>

/* What the commands share that look at the host's changes or make them. */

/* The host that the command line names, live or under --root. False with an error, also with
 * --host: nothing was applied to a recorded host. Cleared with prepare_clear(). */
bool prepare_host(Context *context, ApplyHost *ret_host, GError **error);
void prepare_clear(ApplyHost *host);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApplyHost, prepare_clear)

/* What changes of FACTS' host go by; the strings are those of FACTS. */
HostTraits prepare_traits(const Facts *facts);

/* What has to change on HOST for the path of the machine that is asked for, or for the steps that
 * are named; without changes when all is so already. The caller owns it. */
Plan *prepare_plan(Context *context, const ApplyHost *host, GError **error);

/* The plan with its differences, and what needs a restart. */
void prepare_print_plan(const Output *output, const Plan *plan);

/* Where PLAN changes the kernel's arguments: which boot loader started this kernel, by which
 * evidence, and which others there are; and the member `boot_loader` of the open object, which says
 * the same of any plan. */
void prepare_print_boot_loader(const Context *context, const Plan *plan);
void prepare_write_boot_loader(const Context *context, JsonWrite *json);

/* The member `changes` of the open object: step, kind and target of each. */
void prepare_write_changes(JsonWrite *json, const Plan *plan);

/* The targets of all changes, with commas between. The caller owns it. */
char *prepare_targets(const Plan *plan);
