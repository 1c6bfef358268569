/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/kind.h"

#include "apply/command-kinds.h"

/* Building the initramfs of every kernel on a slow machine. */
#define COMMAND_TIMEOUT_S (60 * 60)

static const Kind KIND_OF_FILES = {.timeout_s = COMMAND_TIMEOUT_S};

const Kind *kind_of(const Change *change)
{
    switch (change->kind) {
    case CHANGE_PACKAGE:
        return &KIND_PACKAGE;
    case CHANGE_SERVICE:
        return &KIND_SERVICE;
    case CHANGE_GROUP:
        return &KIND_GROUP;
    case CHANGE_KERNEL_ARGUMENT:
        return change->command != NULL ? &KIND_OSTREE_ARGUMENT : &KIND_OF_FILES;
    case CHANGE_COMMAND: {
        const Kind *kind = command_kind(change->command);
        return kind != NULL ? kind : &KIND_OF_FILES;
    }
    case CHANGE_FILE:
    case CHANGE_SETTING:
    case CHANGE_KINDS:
        break;
    }
    return &KIND_OF_FILES;
}
