/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/table.h"

/* The texts in SMBIOS that mean that nobody filled them in. They are part of the program. */
Table *dmi_placeholders_load(void);

/* Whether TEXT is one of them. PLACEHOLDERS may be NULL. */
bool dmi_is_placeholder(const Table *placeholders, const char *text);
