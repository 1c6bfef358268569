/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"

#include <string.h>

/* udev's rules (60-persistent-input.rules) name the links BUS-MODEL_SERIAL-event-kbd. */
static GStrv names_with_suffix(char *const *names, const char *suffix)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (; *names != NULL; names++) {
        if (g_str_has_suffix(*names, suffix))
            g_strv_builder_add(builder, *names);
    }
    return g_strv_builder_end(builder);
}

void setup_read_input(const OsRoot *root, SetupFacts *setup)
{
    g_auto(GStrv) names = os_list(root, "dev/input/by-id");
    if (names == NULL)
        return;
    setup->keyboards = names_with_suffix(names, "-event-kbd");
    setup->mice = names_with_suffix(names, "-event-mouse");
}

static bool looks_like_serial(const char *part)
{
    gsize length = 0;
    bool digit = false;

    for (; g_ascii_isalnum(part[length]); length++)
        digit |= g_ascii_isdigit(part[length]);
    return length >= 8 && digit && part[length] == '\0';
}

char *setup_input_without_serial(const char *name)
{
    const char *end = g_strrstr(name, "-event-");
    g_autofree char *stem = g_strndup(name, end != NULL ? (gsize)(end - name) : strlen(name));
    g_auto(GStrv) sides = g_strsplit(stem, "-if", 2); /* "-if01": the interface of the device */
    g_auto(GStrv) parts = g_strsplit(sides[0] != NULL ? sides[0] : "", "_", -1);

    for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++) {
        if (!looks_like_serial(parts[i]))
            continue;
        g_free(parts[i]);
        parts[i] = g_strdup("REDACTED");
    }
    g_autofree char *joined = g_strjoinv("_", parts);
    bool interface = sides[0] != NULL && sides[1] != NULL;
    return g_strconcat(joined, interface ? "-if" : "", interface ? sides[1] : "",
                       end != NULL ? end : "", NULL);
}
