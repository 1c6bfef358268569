/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/* The kind of the case, which tells a notebook: System Management BIOS 3.6, 7.4.1, with the names
 * of dmidecode. */
static const struct {
    const char *name;
    int number;
} KINDS[] = {
    {"Desktop", 3},
    {"Low Profile Desktop", 4},
    {"Pizza Box", 5},
    {"Mini Tower", 6},
    {"Tower", 7},
    {"Portable", 8},
    {"Laptop", 9},
    {"Notebook", 10},
    {"Hand Held", 11},
    {"All In One", 13},
    {"Sub Notebook", 14},
    {"Space-saving", 15},
    {"Lunch Box", 16},
    {"Main Server Chassis", 17},
    {"Rack Mount Chassis", 23},
    {"Sealed-case PC", 24},
    {"Multi-system", 25},
    {"Blade", 28},
    {"Tablet", 30},
    {"Convertible", 31},
    {"Detachable", 32},
    {"Mini PC", 35},
    {"Stick PC", 36},
};

void paste_chassis(Paste *paste, const char *name)
{
    for (guint i = 0; name != NULL && i < G_N_ELEMENTS(KINDS); i++) {
        if (g_ascii_strcasecmp(name, KINDS[i].name) == 0)
            paste_int(paste, &paste->facts->firmware.chassis, KINDS[i].number);
    }
}

void paste_chassis_number(Paste *paste, const char *value)
{
    int number = paste_decimal(value, 255, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        if (number == KINDS[i].number)
            paste_int(paste, &paste->facts->firmware.chassis, number);
    }
}

/* hostnamectl has one word for several kinds, and a picture of it behind that. */
void paste_chassis_loosely(Paste *paste, const char *word)
{
    static const char *const WORDS[] = {"Desktop", "Laptop",      "Notebook",  "Portable",
                                        "Tablet",  "Convertible", "Detachable"};
    for (guint i = 0; word != NULL && i < G_N_ELEMENTS(WORDS); i++) {
        gsize length = strlen(WORDS[i]);
        if (g_ascii_strncasecmp(word, WORDS[i], length) != 0 ||
            (word[length] != '\0' && word[length] != ' '))
            continue;
        for (guint kind = 0; kind < G_N_ELEMENTS(KINDS); kind++) {
            if (strcmp(KINDS[kind].name, WORDS[i]) == 0)
                paste_int(paste, &paste->loose_chassis, KINDS[kind].number);
        }
    }
}

void paste_chassis_finish(Paste *paste)
{
    int *place = &paste->facts->firmware.chassis;
    if (*place == UNKNOWN)
        paste_int(paste, place, paste->loose_chassis);
}
