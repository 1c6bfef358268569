/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/console.h"

#include <string.h>

struct Console {
    GMutex lock;
    GByteArray *data;
    gsize max;
    gsize looked_at; /* bytes in which the marker is known not to begin */
    bool found, overflowed;
};

Console *console_new(gsize max)
{
    Console *console = g_new0(Console, 1);
    g_mutex_init(&console->lock);
    console->data = g_byte_array_new();
    console->max = max;
    return console;
}

void console_free(Console *console)
{
    if (console == NULL)
        return;
    g_byte_array_unref(console->data);
    g_mutex_clear(&console->lock);
    g_free(console);
}

void console_append(Console *console, const char *data, gsize length)
{
    g_mutex_lock(&console->lock);
    gsize room = console->max - console->data->len;
    if (length > room)
        console->overflowed = true;
    g_byte_array_append(console->data, (const guint8 *)data, (guint)MIN(length, room));
    g_mutex_unlock(&console->lock);
}

bool console_has(Console *console, const char *marker)
{
    gsize length = strlen(marker);
    g_mutex_lock(&console->lock);
    gsize left = console->data->len - console->looked_at;
    if (!console->found && left >= length) {
        console->found = memmem(console->data->data + console->looked_at, left, marker, length);
        console->looked_at = console->data->len - length + 1;
    }
    bool found = console->found;
    g_mutex_unlock(&console->lock);
    return found;
}

gsize console_length(Console *console)
{
    g_mutex_lock(&console->lock);
    gsize length = console->data->len;
    g_mutex_unlock(&console->lock);
    return length;
}

bool console_overflowed(Console *console)
{
    g_mutex_lock(&console->lock);
    bool overflowed = console->overflowed;
    g_mutex_unlock(&console->lock);
    return overflowed;
}

GBytes *console_bytes(Console *console)
{
    g_mutex_lock(&console->lock);
    gsize length = console->data->len;
    char *copy = g_malloc(length + 1);
    if (length > 0)
        memcpy(copy, console->data->data, length);
    copy[length] = '\0';
    g_mutex_unlock(&console->lock);
    return g_bytes_new_take(copy, length);
}
