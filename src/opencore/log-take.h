/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/log-line.h"
#include "opencore/log.h"

/* Parts of log.c: each adds to LOG what TEXT, a line without its times, says of its subject. */
void log_take_driver(BootLog *log, const char *text);
void log_take_table(BootLog *log, const char *text);
void log_take_kext(BootLog *log, const char *text);
void log_take_entry(BootLog *log, const char *text);

/* Whether LIST may grow; where it may not, the log is noted as cut. */
bool log_has_room(BootLog *log, const GPtrArray *list);
