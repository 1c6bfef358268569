/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sample.h"

#include "opencore/make.h"

/*
 * A machine of the sample host with its parts and its made configuration, for tests.
 */
typedef struct {
    Sample sample;
    Machine *machine;
    Parts *parts;
    Schema *schema;
    GPtrArray *choices;
    MadeConfig *config;
} Made;

/* CARD is vendor and device of the passed card in 16 bits each, or 0. AMD: the host's processor. */
void made_open(Made *made, const char *os, int card, bool amd);

/* Makes the configuration (anew); what was chosen may be changed before. */
bool made_make(Made *made, GError **error);

void made_close(Made *made);

/* A value of it as text: "true", "73", "Disabled", data as hexadecimal digits. The caller owns it;
 * NULL when there is nothing at PATH. */
char *made_value(const Made *made, const char *path);
