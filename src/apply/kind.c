/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/kind.h"

#include "apply/command-kinds.h"

/* Building the initramfs of every kernel on a slow machine. */
#define COMMAND_TIMEOUT_S (60 * 60)

/* A program that waits for an address: DHCP clients give up after a minute or less, and a person
 * who is cut off waits for the end of it. */
#define NETWORK_TIMEOUT_S 90

static const Kind KIND_OF_NETWORK_FILES = {.timeout_s = NETWORK_TIMEOUT_S};

static const Kind KIND_OF_FILES = {.timeout_s = COMMAND_TIMEOUT_S};

static const Kind *kind_of_command(const Change *change)
{
    if (change->rank >= RANK_NETWORK)
        return change->after != NULL ? &KIND_BRIDGE : &KIND_OF_NETWORK_FILES;
    const Kind *kind = command_kind(change->command);
    return kind != NULL ? kind : &KIND_OF_FILES;
}

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
    case CHANGE_COMMAND:
        return kind_of_command(change);
    case CHANGE_FILE:
    case CHANGE_SETTING:
    case CHANGE_KINDS:
        break;
    }
    return &KIND_OF_FILES;
}
