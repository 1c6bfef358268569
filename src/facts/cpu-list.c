/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/cpu-list.h"

#include <stdbool.h>

static bool take_number(const char **text, guint *ret_number)
{
    guint number = 0;

    if (!g_ascii_isdigit(**text))
        return false;
    for (; g_ascii_isdigit(**text); (*text)++) {
        number = number * 10 + (guint)(**text - '0');
        if (number > CPU_LIST_MAX)
            return false;
    }
    *ret_number = number;
    return true;
}

static bool take_range(const char **text, GArray *numbers)
{
    guint first, last;

    if (!take_number(text, &first))
        return false;
    last = first;
    if (**text == '-') {
        (*text)++;
        if (!take_number(text, &last) || last < first)
            return false;
    }
    if (numbers->len + (last - first) > CPU_LIST_MAX)
        return false;
    for (guint number = first; number <= last; number++) {
        int value = (int)number;
        g_array_append_val(numbers, value);
    }
    return true;
}

GArray *cpu_list_parse(const char *text)
{
    if (text == NULL)
        return NULL;
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int));
    while (*text != '\0') {
        if (!take_range(&text, numbers))
            return NULL;
        if (*text == ',' && text[1] != '\0')
            text++;
        else if (*text != '\0')
            return NULL;
    }
    return g_steal_pointer(&numbers);
}
