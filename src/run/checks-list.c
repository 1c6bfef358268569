/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/checks-list.h"

void check_add(GPtrArray *list, const char *id, bool ok, char *expected, char *found)
{
    PreflightCheck *check = g_new0(PreflightCheck, 1);
    check->id = id;
    check->ok = ok;
    check->expected = expected;
    check->found = found != NULL ? found : g_strdup("nothing");
    g_ptr_array_add(list, check);
}

void preflight_check_free(PreflightCheck *check)
{
    if (check == NULL)
        return;
    g_free(check->expected);
    g_free(check->found);
    g_free(check);
}
