/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe/describe.h"

/* What stands in the way of the whole host. */

/* What is only good to know keeps no device. */
static bool counts(const HostObstacle *obstacle)
{
    return obstacle->answer != ANSWER_YES || obstacle->risk;
}

char *describe_obstacle_numbers(const Verdict *verdict, const DeviceVerdict *device)
{
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < verdict->obstacles->len; i++) {
        gpointer obstacle = g_ptr_array_index(verdict->obstacles, i);
        if (counts(obstacle) && g_ptr_array_find(device->obstacles, obstacle, NULL))
            g_ptr_array_add(numbers, g_strdup_printf("%u", i + 1));
    }
    if (numbers->len == 0)
        return NULL;
    GString *text = g_string_new("See ");
    for (guint i = 0; i < numbers->len; i++)
        g_string_append_printf(text, "%s%s",
                               i == 0                  ? ""
                               : i + 1 == numbers->len ? " and "
                                                       : ", ",
                               (const char *)g_ptr_array_index(numbers, i));
    g_string_append(text, " below.");
    return g_string_free(text, FALSE);
}

char *describe_obstacle(const HostObstacle *obstacle)
{
    g_autofree char *whole =
        g_strdup_printf("%s.%s%s", obstacle->text, obstacle->advice != NULL ? " " : "",
                        obstacle->advice != NULL ? obstacle->advice : "");
    return describe_shortly(whole);
}

bool describe_obstacle_is_open(const HostObstacle *obstacle)
{
    return obstacle->answer != ANSWER_NO && !obstacle->risk;
}
