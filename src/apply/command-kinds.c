/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/command-kinds.h"

#include "apply/folder.h"
#include "apply/network.h"
#include "apply/tuned.h"

static const struct {
    bool (*is)(char *const *argv);
    const Kind *kind;
    char *(*after)(char *const *argv);
} KINDS[] = {
    {network_is, &KIND_NETWORK, network_after},
    {tuned_is, &KIND_TUNED, tuned_after},
    {folder_is, &KIND_FOLDER, folder_after},
};

const Kind *command_kind(char *const *argv)
{
    for (guint i = 0; argv != NULL && i < G_N_ELEMENTS(KINDS); i++)
        if (KINDS[i].is(argv))
            return KINDS[i].kind;
    return NULL;
}

char *command_kind_after(char *const *argv)
{
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++)
        if (KINDS[i].is(argv))
            return KINDS[i].after(argv);
    return NULL;
}
